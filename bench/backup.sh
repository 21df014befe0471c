#!/usr/bin/env bash
# Compares the agent with pg_dump, pg_restore and rclone on one database and one bucket. README.md.
# usage: bench/backup.sh [speed|memory|requests]...   all three by default
. "$(dirname "$0")/common.sh"
rounds=${ROUNDS:-5}
size=${SIZE_MB:-1000}
memory_sizes=${MEMORY_MB:-100 4000}
for it in jq psql pg_dump pg_restore rclone openssl "$java"; do need "$it" "all of it"; done

timed() { # COMMAND...: how many milliseconds it takes
  local started
  started=$(date +%s%N)
  "$@"
  echo $((($(date +%s%N) - started) / 1000000))
}
rival_dump() { pg_dump -Fc -Z "${STUDYHUB_COMPRESSION:-4}" -d "$1" | rclone rcat -q "r2:$R2_BUCKET/$prefix/rival.dump"; }
rival_restore() { rclone cat -q "r2:$R2_BUCKET/$prefix/rival.dump" | pg_restore -d "$1"; }
median() { sort -n | awk '{all[NR] = $1} END {print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2}'; }
forget() { rclone purge --retries 1 -q "r2:$R2_BUCKET/$prefix" 2>/dev/null || true; }

# Side by side, and each in turn first: what else the machine does meets both alike.
speed() {
  local round order it database=bench_$size result=$work/speed
  fill "$database" "$size"
  : >"$result"
  for round in $(seq "$rounds"); do
    order="agent rival"
    if [ $((round % 2)) = 0 ]; then order="rival agent"; fi
    for it in $order; do
      if [ "$it" = agent ]; then
        agent "$database" dump.sh backup Dump
        echo "dump agent $(cat "$work/millis")" >>"$result"
      else
        echo "dump rival $(timed rival_dump "$database")" >>"$result"
      fi
      tail -1 "$result" >&2
    done
    for it in $order; do
      if [ "$it" = agent ]; then
        agent "$database" load.sh restore load --latest --database hub_restore_bench
        echo "restore agent $(cat "$work/millis")" >>"$result"
        dropdb hub_restore_bench
      else
        createdb bench_restored
        echo "restore rival $(timed rival_restore bench_restored)" >>"$result"
        dropdb bench_restored
      fi
      tail -1 "$result" >&2
    done
    forget
  done
  for it in dump restore; do
    awk -v it=$it '$1 == it && $2 == "agent" {print $3}' "$result" | median >"$work/a"
    awk -v it=$it '$1 == it && $2 == "rival" {print $3}' "$result" | median >"$work/b"
    echo "$it of $size MB, median of $rounds: agent $(cat "$work/a") ms, rclone $(cat "$work/b") ms," \
      "$(awk -v a="$(cat "$work/a")" -v b="$(cat "$work/b")" 'BEGIN {printf "%.2f", a / b}') x its time"
  done
}

memory() {
  local it
  for it in $memory_sizes; do
    fill "bench_$it" "$it"
    agent "bench_$it" dump.sh backup Dump
    echo "dump of $it MB: at most $(cat "$work/peak") kB anonymous, $(cat "$work/millis") ms"
    agent "bench_$it" load.sh restore load --latest --database hub_restore_bench
    echo "restore of $it MB: at most $(cat "$work/peak") kB anonymous, $(cat "$work/millis") ms"
    dropdb hub_restore_bench
    forget
  done
}

# What R2 would bill, from the stand-in's own counters of this bucket and token, which nobody else may use meanwhile.
billed() { # CLASS
  curl -sf "http://${R2_CONTROL:?the control port of the stand-in, such as 127.0.0.1:9002}/stats" |
    jq --arg of "$R2_BUCKET/$R2_ACCESS_KEY_ID/$1" '.billed[$of] // 0'
}
run_of() { # NAME RUNS-A-DAY-x-1000 DATABASE SCRIPT ARGUMENT...
  local name=$1 runs=$2 a b
  shift 2
  a=$(billed A) b=$(billed B)
  agent "$@"
  a=$(($(billed A) - a)) b=$(($(billed B) - b))
  echo "$name: $a class A and $b class B, $(awk -v n="$runs" 'BEGIN {print n / 1000}') times a day"
  total_a=$((total_a + a * runs)) total_b=$((total_b + b * runs))
}

# A day of a hub with its defaults: one backup with pruning, a segment of log each quarter of an hour, a try of the store, a drill a week.
requests() {
  local database=bench_100 segment
  total_a=0 total_b=0
  fill "$database" 100
  run_of "dump and base backup of 100 MB, with pruning, the first" 0 "$database" dump.sh backup Dump,Base
  run_of "dump and base backup of 100 MB, with pruning" 1000 "$database" dump.sh backup Dump,Base
  mkdir -p "$work/spool"
  segment=$(psql -qAt -d "$database" -c 'SELECT pg_walfile_name(pg_switch_wal())')
  psql -q -d "$database" -c 'CREATE TABLE IF NOT EXISTS more (id int)' -c 'SELECT pg_switch_wal()' >/dev/null
  gzip -1 <"$work/server/pg_wal/$segment" >"$work/spool/$segment.gz"
  SPOOL=$work/spool run_of "log, with a segment" 96000 "$database" "" wal
  SPOOL=$work/spool run_of "log, with none" 0 "$database" "" wal
  run_of "try of the store" 1000 "$database" "" probe
  run_of "drill" 143 "$database" load.sh drill
  rm -rf "$work/spool"
  forget
  echo "a day: $((total_a / 1000)) class A, $((total_b / 1000)) class B; one class A more for each 5 MiB of a larger backup and for each new media file"
}

options=$(agent_options)
start_server
for it in "${@:-}"; do
  case $it in
    speed | memory | requests) "$it" ;;
    '') speed && memory && requests ;;
    *) sed -n '2,3p' "$0" >&2; exit 2 ;;
  esac
done
