# What the benchmarks share: a place to work in, a scratch PostgreSQL with TLS, databases of a wanted size, and the agent as a plain process with
# the options, scripts and classes that its pods have. Sourced by the others; bash.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
agent_scripts=$repository/operator/controller/src/main/resources/agent
work=${BENCH_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/studyhub-bench.XXXXXX")}
mkdir -p "$work" && chmod 755 "$work"
prefix=${BENCH_PREFIX:-bench/$(date -u +%Y%m%dT%H%M%SZ)-$$}

say() { printf '%s\n' "$*" >&2; }
need() { # COMMAND WHAT-FOR
  command -v "$1" >/dev/null || { say "bench: there is no $1, which is needed for $2"; exit 2; }
}
: "${R2_ENDPOINT:?the address of an S3, with https://}" "${R2_BUCKET:?a bucket}" "${R2_ACCESS_KEY_ID:?}" "${R2_SECRET_ACCESS_KEY:?}"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# rclone's remote r2: is the same bucket.
export RCLONE_CONFIG_R2_TYPE=s3 RCLONE_CONFIG_R2_PROVIDER=Cloudflare RCLONE_CONFIG_R2_ENDPOINT=$R2_ENDPOINT
export RCLONE_CONFIG_R2_REGION=${R2_REGION:-auto} RCLONE_CONFIG_R2_NO_CHECK_BUCKET=true
export RCLONE_CONFIG_R2_ACCESS_KEY_ID=$R2_ACCESS_KEY_ID RCLONE_CONFIG_R2_SECRET_ACCESS_KEY=$R2_SECRET_ACCESS_KEY
if [ -n "${R2_CA:-}" ]; then export RCLONE_CA_CERT=$R2_CA; fi

server=
agent=
tools=
finish() {
  for it in $agent $tools; do kill "$it" 2>/dev/null || true; done
  if [ -n "$server" ]; then kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rclone purge --retries 1 -q "r2:$R2_BUCKET/$prefix" 2>/dev/null || true
  if [ -z "${BENCH_DIR:-}" ]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# Who may start a server: root may not.
unprivileged=()
if [ "$(id -u)" = 0 ]; then unprivileged=(setpriv --reuid=postgres --regid=postgres --clear-groups); fi

# Starts a server unless PGHOST and its like name one. Its settings are PostgreSQL's, but for TLS, and what a crash would lose.
start_server() {
  export PGUSER=${PGUSER:-postgres} PGSSLMODE=verify-full LC_ALL=C.UTF-8
  if [ -n "${PGHOST:-}" ]; then return; fi
  local data=$work/server
  need initdb "a scratch server (else set PGHOST, PGPORT, PGUSER, PGPASSWORD, PGSSLROOTCERT)"
  export PGHOST=localhost PGPORT=${BENCH_PORT:-54329} PGPASSWORD=bench PGSSLROOTCERT=$work/server.crt
  if [ ! -d "$data" ]; then
    mkdir -p "$data"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
      -keyout "$work/server.key" -out "$work/server.crt" 2>/dev/null
    printf bench >"$work/password"
    if [ "$(id -u)" = 0 ]; then chown postgres "$data" "$work/server.key"; fi
    chmod 600 "$work/server.key"
    "${unprivileged[@]}" initdb -D "$data" -U postgres -A scram-sha-256 --pwfile="$work/password" --encoding=UTF8 --locale=C.UTF-8 -N >/dev/null
  fi
  "${unprivileged[@]}" postgres -D "$data" -p "$PGPORT" -k "$data" -c listen_addresses=localhost -c ssl=on -c ssl_cert_file="$work/server.crt" \
    -c ssl_key_file="$work/server.key" -c fsync=off -c max_wal_size=4GB >"$work/server.log" 2>&1 &
  server=$!
  until pg_isready -q -d postgres; do
    kill -0 "$server" 2>/dev/null || { tail -5 "$work/server.log" >&2; exit 1; }
    sleep 0.2
  done
}

# fill DATABASE MEGABYTES: notes of 1.6 kB that gzip halves, unless the database is there.
fill() {
  if [ -n "$(psql -qAt -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; then return; fi
  say "filling $1 with $2 MB"
  createdb "$1"
  psql -q -v ON_ERROR_STOP=1 -d "$1" >/dev/null <<END
CREATE TABLE seed AS SELECT string_agg(md5(random()::text), '') AS body
  FROM generate_series(1, 50 * 20000) AS i GROUP BY i % 20000;
CREATE TABLE notes (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), body text NOT NULL);
DO \$\$ BEGIN FOR i IN 1 .. 1000000 LOOP
  INSERT INTO notes (body) SELECT i || body FROM seed;
  EXIT WHEN pg_total_relation_size('notes') >= $2 * 1000000::bigint;
END LOOP; END \$\$;
DROP TABLE seed;
CREATE INDEX ON notes (at);
ANALYZE;
END
}

controller=$repository/operator/controller

classes() {
  if [ ! -s "$work/classpath" ]; then
    (cd "$repository" && mvn -q -B -pl operator/controller compile jar:jar dependency:build-classpath -Dspotless.check.skip \
      -DincludeScope=runtime -Dmdep.outputFile="$work/libraries" >&2)
    cp "$controller"/target/studyhub-operator-*.jar "$work/studyhub-operator.jar"
    echo "$work/studyhub-operator.jar:$(cat "$work/libraries")" >"$work/classpath"
  fi
  cat "$work/classpath"
}

# The few of them that the agent's containers have (operator/controller/pom.xml).
agent_classes() {
  classes | tr : '\n' | grep -E '/studyhub-operator.jar$|/awssdk/|/(postgresql|slf4j-api|reactive-streams|jackson-core)-[^/]*jar$' | paste -sd :
}

# The options of the agent's pods: those that the operator gives them, and those of the image, whose archive of classes is made here for this JVM.
agent_options() {
  local given
  given=$("$java" -cp "$(classes)" io.sanadflow.studyhub.runtime.Main render "$repository/examples/complete.yaml" |
    sed -e ':join;/\\$/{N;s/\\\n *//;b join}' -e 's/\\ / /g' | sed -n '/name: "\?JAVA_TOOL_OPTIONS/{n;s/^ *value: *"\?\([^"]*\)"\?$/\1/p}' |
    grep -m 1 UseSerialGC)
  if [ ! -s "$work/agent.jsa" ]; then
    # shellcheck disable=SC2086
    "$java" $given -Xmx256m -Xmn16m -Xshare:dump -XX:SharedClassListFile="$controller/src/image/agent.classes" -XX:SharedArchiveFile="$work/agent.jsa" \
      -cp "$(agent_classes)" >"$work/agent.jsa.log" 2>&1 || { cat "$work/agent.jsa.log" >&2; return 1; }
  fi
  echo "$given -XX:SharedArchiveFile=$work/agent.jsa -XX:CompilerDirectivesFile=$controller/src/main/image/agent-compiler.json"
}

# agent DATABASE SCRIPT ARGUMENT...: one run of the agent with the tools' script beside it. Leaves agent.log, report, peak (kB), millis and cpu (milliseconds of the
# agent's own) in $work.
agent() {
  local database=$1 script=$2 root=$work/agent
  shift 2
  rm -rf "$root" && mkdir -p "$root"/{pipes,scratch,tmp,etc/studyhub/{store,store-ca,database,database-ca}}
  printf %s "$R2_ACCESS_KEY_ID" >"$root/etc/studyhub/store/accessKeyId"
  printf %s "$R2_SECRET_ACCESS_KEY" >"$root/etc/studyhub/store/secretAccessKey"
  if [ -n "${R2_CA:-}" ]; then cp "$R2_CA" "$root/etc/studyhub/store-ca/ca.crt"; fi
  printf %s "$PGPASSWORD" >"$root/etc/studyhub/database/password"
  if [ -n "${PGSSLROOTCERT:-}" ]; then cp "$PGSSLROOTCERT" "$root/etc/studyhub/database-ca/ca.crt"; fi
  chmod 777 "$root"/{pipes,scratch,tmp}
  if [ -n "${SPOOL:-}" ]; then ln -s "$SPOOL" "$root/spool"; fi
  options=${options:-$(agent_options)}
  local config started ended
  config=$(jq -nc --arg endpoint "$R2_ENDPOINT" --arg region "${R2_REGION:-auto}" --arg bucket "$R2_BUCKET" --arg prefix "$prefix" \
    --arg host "$PGHOST" --argjson port "${PGPORT:-5432}" --arg database "$database" --arg user "$PGUSER" '{hub: "bench", namespace: "bench",
      bucket: {$endpoint, $region, $bucket, $prefix, adopt: false}, database: {$host, $port, $database, $user, own: true}, encrypted: false,
      retention: {localCopies: 7, days: 30, weekly: 0, monthly: 0, walDays: 3}}')
  started=$(date +%s%N)
  if [ -n "$script" ]; then
    HOME=$root/tmp PGDATABASE=$database STUDYHUB_PIPES=$root/pipes STUDYHUB_SCRATCH=$root/scratch STUDYHUB_TMP=$root/tmp \
      "${unprivileged[@]}" sh -c "$(cat "$agent_scripts/$script")" >"$work/tools.log" 2>&1 &
    tools=$!
  fi
  env AGENT_CONFIG="$config" STUDYHUB_ROOT="$root" TERMINATION_LOG="$work/report" MALLOC_ARENA_MAX=2 \
    JAVA_TOOL_OPTIONS="$options ${BENCH_JAVA_OPTIONS:-}" "$java" -cp "$(agent_classes)" io.sanadflow.studyhub.agent.Agent "$@" \
    >"$work/agent.log" 2>&1 &
  agent=$!
  local peak=0 now ticks=0
  while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$agent/status" 2>/dev/null) && [ -n "$now" ]; do
    if [ "$now" -gt "$peak" ]; then
      peak=$now
    fi
    ticks=$(awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$agent/stat" 2>/dev/null || echo "$ticks")
    sleep 0.05
  done
  wait "$agent" || { cat "$work/agent.log" "$work/tools.log" >&2; exit 1; }
  ended=$(date +%s%N)
  agent=
  if [ -n "$tools" ]; then wait "$tools" || true; tools=; fi
  echo "$peak" >"$work/peak"
  echo $((ticks * 1000 / $(getconf CLK_TCK))) >"$work/cpu"
  echo $(((ended - started) / 1000000)) >"$work/millis"
}
