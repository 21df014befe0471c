#!/usr/bin/env bash
# Lists the classes that the agent loads, for the archive in its image: runs its commands as bench/backup.sh does, and writes
# operator/controller/src/image/agent.classes. README.md says when.
. "$(dirname "$0")/common.sh"
for it in jq psql pg_dump pg_restore rclone openssl "$java"; do need "$it" "all of it"; done

given=$(agent_options | sed 's/ -XX:SharedArchiveFile=[^ ]*//')
runs=0
listed() { # as agent
  runs=$((runs + 1))
  options="$given -Xshare:off -XX:DumpLoadedClassList=$work/list.$runs"
  agent "$@"
  tail -1 "$work/agent.log" >&2
}
rm -f "$work"/list.*
start_server
fill bench_50 50
listed bench_50 dump.sh backup Dump,Base
mkdir -p "$work/spool"
segment=$(psql -qAt -d bench_50 -c 'SELECT pg_walfile_name(pg_switch_wal())')
psql -q -d bench_50 -c 'CREATE TABLE IF NOT EXISTS more (id int)' -c 'SELECT pg_switch_wal()' >/dev/null
gzip -1 <"$work/server/pg_wal/$segment" >"$work/spool/$segment.gz"
SPOOL=$work/spool listed bench_50 "" wal
listed bench_50 "" probe
listed bench_50 "" prune
listed bench_50 load.sh drill
listed bench_50 load.sh restore load --latest --database hub_restore_bench
dropdb hub_restore_bench
# Without what is true of one run alone: ids, constant pools, generated classes.
cat "$work"/list.* | sed -e '/^#/d' -e '/^@cp/d' -e 's/ id: .*//' -e '/ source: /d' | LC_ALL=C sort -u >"$controller/src/image/agent.classes"
wc -l "$controller/src/image/agent.classes"
