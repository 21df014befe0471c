# Beside the agent of a backup: runs the database's own programs when the agent says so, and hands their output over
# through FIFOs, so that nothing is staged on a disk. POSIX sh. Kubernetes reads this text first, so it has neither two
# dollar signs in a row nor a dollar sign before a parenthesis.
#
# Words, each a file that appears whole: ready, dump.code, roles.code, base.code and *.err from here; snapshot, roles.go,
# base.go and done from the agent; abort, with a reason, from either.
set -u
umask 0
pipes=${STUDYHUB_PIPES:-/pipes}
scratch=${STUDYHUB_SCRATCH:-/tmp}

say() {
  printf '%s\n' "$2" >"$pipes/$1.part"
  mv "$pipes/$1.part" "$pipes/$1"
}

# Ends NAME: what it said last, then how it ended.
ended() {
  tail -c 2000 "$scratch/$1.err" >"$pipes/$1.err.part" 2>/dev/null
  mv "$pipes/$1.err.part" "$pipes/$1.err"
  say "$1.code" "$2"
}

# Runs NAME COMMAND… with its output into the FIFO or file of that name, and ends it when the agent gives up.
child=
run() {
  name=$1
  output=$2
  shift 2
  "$@" >"$output" 2>"$scratch/$name.err" </dev/null 9>&- &
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

trap 'if [ -n "$child" ]; then kill "$child" 2>/dev/null; fi; exit 143' TERM INT

mkfifo "$pipes/dump" "$pipes/base" "$pipes/tools" "$pipes/agent" || exit 1
# Each side holds a FIFO open as long as it lives, so that the other one sees its end at once.
(
  cat "$pipes/agent" >/dev/null
  if [ ! -e "$pipes/done" ] && [ ! -e "$pipes/abort" ]; then say abort "the agent ended"; fi
) </dev/null >/dev/null 2>&1 &
exec 9<>"$pipes/tools"
say ready ready

dumped=
roles=
based=
while [ ! -e "$pipes/done" ]; do
  if [ -e "$pipes/abort" ]; then
    read -r reason <"$pipes/abort"
    echo "given up: $reason" >&2
    exit 1
  elif [ -z "$dumped" ] && [ -e "$pipes/snapshot" ]; then
    dumped=1
    read -r snapshot <"$pipes/snapshot"
    run dump "$pipes/dump" pg_dump -Fc -Z "${STUDYHUB_COMPRESSION:-4}" --no-password --lock-wait-timeout=300000 --snapshot="$snapshot"
  elif [ -z "$roles" ] && [ -e "$pipes/roles.go" ]; then
    roles=1
    run roles "$pipes/roles.sql" pg_dumpall --roles-only --no-password -l "${PGDATABASE:-postgres}"
  elif [ -z "$based" ] && [ -e "$pipes/base.go" ]; then
    based=1
    run base "$pipes/base" pg_basebackup -D - -Ft -X none -Z 1 --checkpoint=fast --no-password
  else
    sleep 0.1
  fi
done
