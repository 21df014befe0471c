# Beside the agent of a restore or drill: runs the database's own programs when the agent says so, on the hub's server
# (PGHOST, PGUSER, …) or on a scratch server in this pod. POSIX sh. Kubernetes reads this text first, so it has neither
# two dollar signs in a row nor a dollar sign before a parenthesis.
#
# The agent says a step's word NAME.go with its arguments; the step ends with NAME.err and NAME.code. Steps:
#   serve.go fresh LIBRARIES   a new, empty scratch server, with these loaded
#   base.go                 a base backup comes through the FIFO base, as a gzipped tar
#   recover.go TIME LIBRARIES   the scratch server takes up that base backup, with log that the agent puts in $scratch/wal
#   finish.go               the same to the end of the log, where the log ended before that TIME
#   settings.go             the settings of the database whose dump comes through the FIFO settings, to settings.sql
#   load.go WHERE DATABASE ROLE   pg_restore of the FIFO load; WHERE is target or scratch; with a ROLE all belongs to it
#   globals.go DATABASE     roles and settings of the scratch server, to roles.sql and settings.sql
#   copy.go FROM DATABASE   from the scratch server to the target
# `ready` comes first, `done` from the agent last; `abort`, with a reason, from either.
set -u
umask 0
pipes=${STUDYHUB_PIPES:-/pipes}
scratch=${STUDYHUB_SCRATCH:-/scratch}
tmp=${STUDYHUB_TMP:-/tmp}
port=${STUDYHUB_SCRATCH_PORT:-5433}
data=$scratch/pgdata

say() {
  printf '%s\n' "$2" >"$pipes/$1.part"
  mv "$pipes/$1.part" "$pipes/$1"
}

# Ends NAME: what it said last, then how it ended.
ended() {
  tail -c 2000 "$tmp/$1.err" >"$pipes/$1.err.part" 2>/dev/null
  mv "$pipes/$1.err.part" "$pipes/$1.err"
  say "$1.code" "$2"
}

# Whether NAME is to be run now: it was said, and not yet run.
due() {
  [ -e "$pipes/$1.go" ] && [ ! -e "$tmp/$1.begun" ] && : >"$tmp/$1.begun"
}

# What the hub's server loads at its start, with commas between.
libraries=

# Runs NAME with COMMAND…, and ends it when the agent gives up.
child=
run() {
  name=$1
  shift
  "$@" 2>"$tmp/$name.err" 9>&- &
  child=$!
  # Ends by itself: a signal to a shell that has just been forked can get lost.
  (
    while [ -d "$pipes" ] && [ ! -e "$pipes/$name.code" ]; do
      if [ -e "$pipes/abort" ]; then kill "$child"; fi
      sleep 0.2
    done
  ) >/dev/null 2>&1 </dev/null 9>&- &
  wait "$child"
  code=$?
  child=
  ended "$name" "$code"
}

# From here on in this subshell the database's programs mean the scratch server.
mean_scratch() {
  export PGHOST=127.0.0.1 PGPORT="$port" PGUSER=postgres PGSSLMODE=disable
  unset PGSSLROOTCERT PGPASSWORD
}

on_scratch() {
  ( mean_scratch && exec "$@" )
}

configure() {
  cat >"$scratch/scratch.conf" <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$tmp'
max_connections = 20
shared_buffers = 32MB
work_mem = 2MB
maintenance_work_mem = 32MB
autovacuum = off
shared_preload_libraries = '$libraries'
max_wal_size = 256MB
max_worker_processes = 4
max_parallel_workers = 0
max_parallel_maintenance_workers = 0
dynamic_shared_memory_type = mmap
wal_level = minimal
max_wal_senders = 0
archive_mode = off
hot_standby = off
ssl = off
jit = off
log_timezone = 'UTC'
timezone = 'UTC'
hba_file = '$scratch/hba.conf'
ident_file = '$scratch/ident.conf'
END
  : >"$scratch/ident.conf"
  printf 'host all all 127.0.0.1/32 trust\nlocal all all trust\n' >"$scratch/hba.conf"
}

# Starts the scratch server and waits until it serves, or ends.
start() {
  postgres -D "$data" -c config_file="$scratch/scratch.conf" >"$tmp/server.log" 2>&1 </dev/null 9>&- &
  server=$!
  echo "$server" >"$tmp/server.pid"
  while ! on_scratch pg_isready -q -d postgres; do
    if [ -e "$pipes/abort" ] || ! kill -0 "$server" 2>/dev/null; then
      tail -n 12 "$tmp/server.log" >&2
      kill -QUIT "$server" 2>/dev/null
      return 1
    fi
    sleep 0.2
  done
}

fresh() {
  rm -rf "$data"
  initdb -D "$data" -U postgres -A trust --encoding=UTF8 --locale=C.UTF-8 -k -N >/dev/null || return 1
  configure
  start
}

# The base backup is unpacked while it comes.
unpack() {
  rm -rf "$data"
  mkdir -m 0700 "$data" || return 1
  {
    gzip -dc
    echo "$?" >"$tmp/gzip.code"
  } <"$pipes/base" | tar -xf - -C "$data" || return 1
  read -r unpacked <"$tmp/gzip.code"
  [ "$unpacked" = 0 ]
}

# Takes up a base backup: log is taken from $scratch/wal, which the agent fills until it makes the file `complete`.
recover() {
  chmod 0700 "$data"
  rm -f "$data/postmaster.pid" "$data/standby.signal"
  : >"$data/postgresql.auto.conf"
  : >"$data/recovery.signal"
  configure
  cat >"$scratch/fetch.sh" <<END
while [ ! -e "$scratch/wal/\$1.gz" ]; do
  if [ -e "$scratch/wal/complete" ] && [ ! -e "$scratch/wal/\$1.gz" ]; then exit 1; fi
  sleep 0.1
done
gzip -dc "$scratch/wal/\$1.gz" >"\$2"
END
  cat >>"$scratch/scratch.conf" <<END
restore_command = 'sh $scratch/fetch.sh "%f" "%p"'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
fsync = off
END
  if [ "$1" != end ]; then printf "recovery_target_time = '%s'\n" "$1" >>"$scratch/scratch.conf"; fi
  start
}

settings() {
  # A schema that is not there leaves what belongs to the database itself.
  exec pg_restore --create --schema=studyhub_no_such_schema -f "$pipes/settings.sql" <"$pipes/settings"
}

load() {
  where=$1
  database=$2
  role=$3
  set -- --exit-on-error --no-tablespaces --no-password --dbname="$database"
  if [ -n "$role" ]; then set -- "$@" --no-owner --no-acl --role="$role"; fi
  if [ "$where" = scratch ]; then mean_scratch; fi
  exec pg_restore "$@" <"$pipes/load"
}

globals() {
  on_scratch pg_dumpall --roles-only --no-password -l postgres -f "$pipes/roles.sql" || return 1
  on_scratch pg_dump -Fc --schema-only --no-password "$1" >"$scratch/schema.dump" || return 1
  pg_restore --create --schema=studyhub_no_such_schema -f "$pipes/settings.sql" "$scratch/schema.dump"
}

copy() {
  {
    on_scratch pg_dump -Fc -Z 0 --no-password "$1"
    echo "$?" >"$tmp/dump.code"
  } | pg_restore --exit-on-error --no-tablespaces --no-password --dbname="$2" || return 1
  read -r dumped <"$tmp/dump.code"
  [ "$dumped" = 0 ]
}

stop() {
  if [ -n "$child" ]; then kill "$child" 2>/dev/null; fi
  if [ -e "$tmp/server.pid" ]; then
    read -r server <"$tmp/server.pid"
    kill -QUIT "$server" 2>/dev/null
  fi
}
trap 'stop; exit 143' TERM INT

mkfifo "$pipes/settings" "$pipes/load" "$pipes/base" "$pipes/tools" "$pipes/agent" || exit 1
# Each side holds a FIFO open as long as it lives, so that the other one sees its end at once.
(
  cat "$pipes/agent" >/dev/null
  if [ ! -e "$pipes/done" ] && [ ! -e "$pipes/abort" ]; then say abort "the agent ended"; fi
) </dev/null >/dev/null 2>&1 &
# Read and write, which does not wait for an agent that may have given up before it came this far.
exec 9<>"$pipes/tools"
say ready ready

while [ ! -e "$pipes/done" ]; do
  if [ -e "$pipes/abort" ]; then
    read -r reason <"$pipes/abort"
    echo "given up: $reason" >&2
    stop
    exit 1
  elif due serve; then
    read -r fresh libraries <"$pipes/serve.go"
    run serve fresh
  elif due base; then
    run base unpack
  elif due recover; then
    read -r until libraries <"$pipes/recover.go"
    run recover recover "$until"
  elif due finish; then
    run finish recover end
  elif due settings; then
    run settings settings
  elif due globals; then
    read -r database <"$pipes/globals.go"
    run globals globals "$database"
  elif due load; then
    role=
    read -r where database role <"$pipes/load.go"
    run load load "$where" "$database" "$role"
  elif due copy; then
    read -r from database <"$pipes/copy.go"
    run copy copy "$from" "$database"
  else
    sleep 0.1
  fi
done
stop
