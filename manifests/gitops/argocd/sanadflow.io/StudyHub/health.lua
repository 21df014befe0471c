-- The order is that of status.health. Argo CD's Degraded stands for Stalled too: both wait for people.
local hs = {status = "Progressing", message = "the operator has not seen this spec yet"}
if obj.status == nil or obj.status.conditions == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end

-- Takes the state and the words of a condition that is True.
local function take(type, status)
  local condition = conditions[type]
  if condition == nil or condition.status ~= "True" then
    return false
  end
  hs.status = status
  hs.message = condition.reason .. ": " .. condition.message
  return true
end

if take("Suspended", "Suspended") or take("Stalled", "Degraded") or take("Reconciling", "Progressing") or take("Degraded", "Degraded")
    or take("Ready", "Healthy") then
  return hs
end
hs.status = "Degraded"
hs.message = "it does not serve"
if conditions["Ready"] ~= nil then
  hs.message = conditions["Ready"].reason .. ": " .. conditions["Ready"].message
end
return hs
