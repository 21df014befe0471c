#!/usr/bin/env bash
# Compares offload with rclone move, from one directory to one bucket. README.md.
# usage: bench/offload.sh [small|large]...   both by default: FILES (10000) files of 100 KB, and one of LARGE_MB (2000)
. "$(dirname "$0")/common.sh"
rounds=${ROUNDS:-3}
files=${FILES:-10000}
large=${LARGE_MB:-2000}
for it in jq rclone openssl "$java"; do need "$it" "all of it"; done

# make small|large: the same files anew, written an hour ago, since offload waits for what was written a moment ago.
make() {
  local seed=$work/seed at
  rm -rf "$work/media" && mkdir -p "$work/media"
  if [ ! -s "$seed" ]; then openssl rand -out "$seed" 1000000; fi
  if [ "$1" = large ]; then
    for at in $(seq "$large"); do cat "$seed"; done >"$work/media/large"
  else
    for at in $(seq "$files"); do
      mkdir -p "$work/media/d$((at % 20))"
      { printf '%08d' "$at"; tail -c "+$((at % 900000 + 1))" "$seed" | head -c 99992; } >"$work/media/d$((at % 20))/file $at"
    done
  fi
  find "$work/media" -type f -exec touch -d '1 hour ago' {} +
}

# run WHERE-THE-APP-IS: one run of the agent. Adds to the file millis, and leaves its peak of anonymous memory (kB) in the file peak.
run() {
  local root=$work/agent config peak=0 now started
  rm -rf "$root" && mkdir -p "$root"/etc/studyhub/{store,store-ca} "$root/tmp"
  printf %s "$R2_ACCESS_KEY_ID" >"$root/etc/studyhub/store/accessKeyId"
  printf %s "$R2_SECRET_ACCESS_KEY" >"$root/etc/studyhub/store/secretAccessKey"
  if [ -n "${R2_CA:-}" ]; then cp "$R2_CA" "$root/etc/studyhub/store-ca/ca.crt"; fi
  options=${options:-$(agent_options)}
  config=$(jq -nc --arg endpoint "$R2_ENDPOINT" --arg region "${R2_REGION:-auto}" --arg bucket "$R2_BUCKET" --arg prefix "$prefix/agent" \
    --arg media "$work/media" '{hub: "bench", namespace: "bench", database: {host: "none", port: 1, database: "none", user: "none", own: false},
      $media, encrypted: false, retention: {localCopies: 7, days: 30, weekly: 0, monthly: 0, walDays: 3},
      offload: {bucket: {$endpoint, $region, $bucket, $prefix, adopt: false}, ownCredentials: false, mode: "CUT_OVER", thresholdBytes: 1, graceSeconds: 0, bandwidth: 0}}')
  started=$(date +%s%N)
  env AGENT_CONFIG="$config" STUDYHUB_ROOT="$root" TERMINATION_LOG="$work/report" MALLOC_ARENA_MAX=2 LC_ALL=C.UTF-8 \
    JAVA_TOOL_OPTIONS="$options -Djava.io.tmpdir=$root/tmp ${BENCH_JAVA_OPTIONS:-}" "$java" -cp "$(agent_classes)" io.sanadflow.studyhub.agent.Agent \
    offload "$1" >"$work/agent.log" 2>&1 &
  agent=$!
  while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$agent/status" 2>/dev/null) && [ -n "$now" ]; do
    if [ "$now" -gt "$peak" ]; then peak=$now; fi
    sleep 0.05
  done
  wait "$agent" || { cat "$work/agent.log" >&2; exit 1; }
  agent=
  echo $((($(date +%s%N) - started) / 1000000)) >>"$work/millis"
  echo "$peak" >"$work/peak"
}

moved() { # WHAT BY MILLIS
  if [ -n "$(find "$work/media" -type f | head -1)" ]; then say "$2 left files behind"; exit 1; fi
  rclone purge --retries 1 -q "r2:$R2_BUCKET/$prefix" 2>/dev/null || true
  echo "$1 $2 $3" | tee -a "$work/result" >&2
}

# Copying, the last sweep with a look at every object, and the removal with another: what rclone does in one go and without the looks.
agent_moves() {
  : >"$work/millis"
  run Volume
  run Bucket
  run Bucket
  say "copying, sweep, removal: $(tr '\n' ' ' <"$work/millis") ms; at most $(cat "$work/peak") kB anonymous in the last"
  moved "$1" agent "$(awk '{all += $1} END {print all}' "$work/millis")"
}
rival_moves() {
  local started
  started=$(date +%s%N)
  rclone move -q "$work/media" "r2:$R2_BUCKET/$prefix/rival"
  moved "$1" rival $((($(date +%s%N) - started) / 1000000))
}

median() { sort -n | awk '{all[NR] = $1} END {print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2}'; }
for what in "${@:-small large}"; do
  for it in $what; do
    : >"$work/result"
    for round in $(seq "$rounds"); do
      order="agent rival"
      if [ $((round % 2)) = 0 ]; then order="rival agent"; fi
      for who in $order; do
        make "$it"
        "${who}_moves" "$it"
      done
    done
    a=$(awk '$2 == "agent" {print $3}' "$work/result" | median)
    b=$(awk '$2 == "rival" {print $3}' "$work/result" | median)
    echo "$it, median of $rounds: agent $a ms, rclone $b ms, $(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", b / a}') x its speed"
  done
done
