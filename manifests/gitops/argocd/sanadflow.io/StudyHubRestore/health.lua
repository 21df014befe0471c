-- Like a Job: it succeeds or fails once, and then stays as it is.
local hs = {status = "Progressing", message = "the operator has not seen it yet"}
if obj.status == nil or obj.status.conditions == nil then
  return hs
end
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Succeeded" then
    hs.message = condition.reason .. ": " .. condition.message
    if condition.status == "True" then
      hs.status = "Healthy"
    elseif condition.status == "False" then
      hs.status = "Degraded"
    end
  end
end
for _, condition in ipairs(obj.status.conditions) do
  -- It failed, or cannot begin until somebody helps.
  if condition.type == "Stalled" and condition.status == "True" then
    hs.status = "Degraded"
    hs.message = condition.reason .. ": " .. condition.message
  end
end
return hs
