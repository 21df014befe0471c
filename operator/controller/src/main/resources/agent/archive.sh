# PostgreSQL's archive_command: sh archive.sh %p %f
# Puts a segment of write-ahead log, compressed, into the spool from which a Job takes it away. 0 only once it is safe on
# the disk; PostgreSQL keeps the segment and tries again otherwise. What stays after a crash is a .part, or the whole file.
set -u
umask 027
path=$1
name=$2
spool=${STUDYHUB_SPOOL:-/var/lib/postgresql/data/wal-spool}
spooled=$spool/$name.gz

fail() {
  echo "archive.sh: $*" >&2
  exit 1
}

# An old sync knows no files: then all is written.
flush() { sync "$@" 2>/dev/null || sync; }

[ -d "$spool" ] || mkdir -p "$spool" || fail "$spool cannot be made"
if [ -e "$spooled" ]; then
  # From before a crash, or the archiver was not told of its success.
  gzip -dc "$spooled" 2>/dev/null | cmp -s - "$path" || fail "$spooled is there with other content: two servers archive into one spool, or it is damaged. Move it away if this server's log is the right one"
  flush "$spooled" "$spool"
  exit 0
fi
if ! gzip -1 -c "$path" >"$spooled.part"; then
  rm -f "$spooled.part"
  fail "$spooled.part cannot be written; if the volume is full, let backups run or make it larger"
fi
flush "$spooled.part"
mv "$spooled.part" "$spooled" || fail "$spooled.part cannot be renamed"
flush "$spool"
