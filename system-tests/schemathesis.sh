#!/bin/sh
# Tries the HTTP API with requests made up from its own description, as an ordinary user and as the administrator:
# schemathesis finds answers that are not in /openapi.json, and 5xx. See schemathesis.toml for what it may expect.
#
#   system-tests/schemathesis.sh [EXAMPLES]     requests of each kind for each operation; 30 unless given
#
# Needs Python 3.10 or newer and a JDK in JAVA_HOME. Starts a server and a model server of its own, on free ports of 127.0.0.1, and ends them.
# Settings: SCHEMATHESIS_BIN (the program, instead of one installed beside the user's caches), SEED.
set -eu

VERSION=4.32.5
ROOT=$(cd "$(dirname "$0")/.." && pwd -P)
EXAMPLES=${1:-30}
SEED=${SEED:-1}
WORK=$(mktemp -d)
STEWARD=""
MODEL=""

say() { printf '%s\n' "$*" >&2; }
die() {
    say "schemathesis.sh: $*"
    exit 1
}

finish() {
    status=$?
    trap - EXIT INT TERM
    for process in $STEWARD $MODEL; do
        kill "$process" 2>/dev/null || continue
        wait "$process" 2>/dev/null || true
    done
    if [ "$status" = 0 ]; then
        rm -rf "$WORK"
    else
        say "what the server wrote is in $WORK"
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The program, installed once into a virtual environment outside the repository.
program() {
    if [ -n "${SCHEMATHESIS_BIN:-}" ]; then
        echo "$SCHEMATHESIS_BIN"
        return
    fi
    home=${XDG_CACHE_HOME:-$HOME/.cache}/steward/schemathesis-$VERSION
    if [ ! -x "$home/bin/schemathesis" ]; then
        say "Installing schemathesis $VERSION …"
        if ! { python3 -m venv "$home" && "$home/bin/pip" install -q "schemathesis==$VERSION"; } >&2; then
            rm -rf "$home"
            die "could not install schemathesis $VERSION: it needs Python 3.10 with venv, and a package index"
        fi
    fi
    echo "$home/bin/schemathesis"
}

# await FILE PATTERN PID: until a line of the file has it, at most two minutes.
await() {
    tries=0
    until grep -q -E "$2" "$1"; do
        kill -0 "$3" 2>/dev/null || { cat "$1" >&2; die "it ended before it was ready"; }
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || die "it was not ready after two minutes"
        sleep 0.2
    done
}

# register NAME: a new account; prints a key for it, with every scope that its role may have.
register() {
    curl -sS -f -o "$WORK/session.json" -H 'Content-Type: application/json' "$BASE/api/v1/auth/register" \
        -d "{\"email\": \"$1@example.test\", \"password\": \"a good long test password\", \"display_name\": \"$1\"}"
    token=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' "$WORK/session.json")
    curl -sS -f -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$BASE/api/v1/api-keys" \
        -d "{\"name\": \"test\", \"scopes\": [$2]}" | sed 's/.*"key":"\([^"]*\)".*/\1/'
}

# create KEY PATH BODY FIELD: makes something, and prints that field of the answer, which is one line.
create() {
    curl -sS -f -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "$BASE$2" -d "$3" \
        | sed "s/^[^\"]*.*\"$4\":\"\([^\"]*\)\".*/\1/"
}

# try TITLE KEY CONFIGURATION OPTIONS…
try() {
    title=$1
    key=$2
    config=$3
    shift 3
    say "As $title …"
    (cd "$ROOT" && "$SCHEMATHESIS" --config-file "$config" run "$BASE/openapi.json" \
        -H "Authorization: Bearer $key" --max-examples "$EXAMPLES" --seed "$SEED" \
        --request-timeout 60 --continue-on-failure "$@")
}

JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$JAVA" -version 2>&1 | grep -q -E 'version "(2[5-9]|[3-9][0-9])' || die "needs a JDK 25 or newer: set JAVA_HOME"
SCHEMATHESIS=$(program)
"$ROOT/steward" build
TESTS=$ROOT/server/target/test-classes
[ -f "$TESTS/dev/steward/testing/FaultyModelServer.class" ] \
    || (cd "$ROOT" && mvn -B -q -Dquick -pl server test-compile) || die "could not build the model server"

"$JAVA" -cp "$TESTS:$ROOT/server/target/dist/lib/*" \
    dev.steward.testing.FaultyModelServer >"$WORK/model.log" 2>&1 &
MODEL=$!
await "$WORK/model.log" '^[0-9]+$' "$MODEL"

cat >"$WORK/steward.yaml" <<YAML
http: {port: 0}
backends:
  - {name: first, kind: ollama, url: "http://127.0.0.1:$(head -n 1 "$WORK/model.log")"}
models: {embedded: {install: never}}
rates: {auth_per_minute: 100000, read_per_second: 100000, write_per_second: 100000, model_per_second: 100000}
YAML
STEWARD_AOT=off "$ROOT/steward" run --config "$WORK/steward.yaml" --home "$WORK/home" >"$WORK/steward.log" 2>&1 &
STEWARD=$!
await "$WORK/steward.log" 'http://127\.0\.0\.1:[0-9]+' "$STEWARD"
BASE=$(grep -o -E 'http://127\.0\.0\.1:[0-9]+' "$WORK/steward.log" | head -n 1)
# The description is made when it is first asked for; on a busy machine that takes longer than schemathesis waits.
curl -sS -f --max-time 120 -o /dev/null "$BASE/openapi.json"

ADMIN=$(register admin '"self", "read", "chat", "operate", "administer"')
USER=$(register user '"self", "read", "chat"')
failed=""
# What takes the caller's own key or account away would end the run: it has one of its own.
END='DELETE (/api/v1/me|/api/v1/api-keys/.*)$'
try "an ordinary user" "$USER" schemathesis.toml --exclude-name-regex "$END" || failed="$failed user"
try "the administrator" "$ADMIN" schemathesis.toml --exclude-name-regex "$END" || failed="$failed administrator"
try "somebody who leaves" "$(register leaving '"self"')" schemathesis.toml --include-name-regex "$END" || failed="$failed leaving"

# Ids that exist: what schemathesis makes up by itself hardly gets there.
CONVERSATION=$(create "$ADMIN" /api/v1/conversations '{}' id)
TURN=$(create "$ADMIN" "/api/v1/conversations/$CONVERSATION/turns" '{"message": "Hi"}' events | sed 's|.*/turns/\(.*\)/events|\1|')
TASK=$(create "$ADMIN" /api/v1/tasks '{"type": "prompt", "input": {"message": "Hi"}}' id)
DEAD=$(create "$ADMIN" /api/v1/tasks '{"type": "noop", "max_retries": 0, "input": {"fail_times": 100}}' id)
cp "$ROOT/schemathesis.toml" "$WORK/known.toml"
for pair in "conversations:$CONVERSATION" "turns:$TURN" "tasks:$TASK" "dlq:$DEAD"; do
    cat >>"$WORK/known.toml" <<TOML

[[operations]]
include-path-regex = "/api/v1/${pair%%:*}/\\\\{id\\\\}"
parameters = { "path.id" = "${pair#*:}" }
TOML
done
try "the owner of what is there" "$ADMIN" "$WORK/known.toml" --phases coverage,fuzzing \
    --include-path-regex '/api/v1/(conversations|turns|tasks|dlq)/\{id\}' \
    --exclude-name-regex 'DELETE .*' || failed="$failed owner"

# The administrator that is played here gives an agent models of its own invention: that question does need a person.
EXPECTED='a question could not be answered and needs a person'
errors=$(grep '"log.level":"ERROR"' "$WORK/steward.log" | grep -c -v "$EXPECTED" || true)
[ "$errors" = 0 ] || {
    grep '"log.level":"ERROR"' "$WORK/steward.log" | grep -v "$EXPECTED" | head -n 5 >&2
    failed="$failed errors-in-the-log"
}
kill -0 "$STEWARD" 2>/dev/null || failed="$failed server-died"
[ -z "$failed" ] || die "failed:$failed"
say "schemathesis: good"
