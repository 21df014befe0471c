#!/bin/sh
# usage: class-archives.sh TARGET
# Writes TARGET/image/{operator,agent}.jsa, the archives of the classes that src/image/*.classes name, with the JVM and the jars of the image in
# TARGET/jib-image.tar: a JVM takes no archive but its own, of the very same jars. Where the image's programs cannot run (another system or
# processor, no user namespaces), the image goes without; its JVMs then take about 12 MB more each, and start later.
set -eu
target=$1
lists=$(cd "$(dirname "$0")" && pwd)
root=$target/image-root
trap 'rm -rf "$root"' EXIT
rm -rf "$root"
mkdir -p "$root"

tar -xOf "$target/jib-image.tar" manifest.json | tr ',[' '\n\n' | sed -n 's/.*"\([^"]*\.tar\.gz\)".*/\1/p' >"$target/layers"
while read -r layer; do
  tar -xOf "$target/jib-image.tar" "$layer" | tar -xzf - -C "$root" --no-same-owner --exclude='dev/*' 2>/dev/null
done <"$target/layers"

# With /proc, by which the JVM finds its libraries.
as_root=
if [ "$(id -u)" != 0 ]; then as_root="--user --map-root-user"; fi
in_root="unshare $as_root --mount --pid --fork --root=$root --mount-proc"
mkdir -p "$root/proc" "$root/tmp"
java=/opt/java/openjdk/bin/java
if ! $in_root $java -version >"$target/java-version" 2>&1; then
  echo "class-archives.sh: $java of the base image does not run here, so that the image gets no archives of classes: $(tail -1 "$target/java-version")" >&2
  exit 0
fi

archive() { # NAME OPTION...: those that decide what an archive may hold have to be the ones of its use
  name=$1
  shift
  cp "$lists/$name.classes" "$root/tmp/classes"
  $in_root $java -Xshare:dump -XX:SharedClassListFile=/tmp/classes -XX:SharedArchiveFile="/tmp/$name.jsa" "$@" >"$target/$name.jsa.log" 2>&1 ||
    { cat "$target/$name.jsa.log" >&2; exit 1; }
  mv "$root/tmp/$name.jsa" "$target/image/$name.jsa"
  chmod 644 "$target/image/$name.jsa"
}
sed -e '/^-XX/d' -e '/^#/d' "$target/image/agent.args" >"$root/tmp/agent.args"
common="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders"
# shellcheck disable=SC2086
archive operator $common -cp @/app/jib-classpath-file
# shellcheck disable=SC2086
archive agent $common -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote @/tmp/agent.args
