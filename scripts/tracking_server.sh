#!/usr/bin/env bash
# MLflow's tracking server and registry on PostgreSQL. Files of runs pass through the server ("proxied artifacts"), so
# that scripts and notebooks need its address and nothing else.
#
# TRACKING_DATABASE_URL  database to use, postgresql+psycopg://USER@HOST/DATABASE; empty: a PostgreSQL of its own
# TRACKING_FOLDER        files of the runs, and that PostgreSQL's data (demo/tracking_server)
# PORT                   on loopback (5000)
set -euo pipefail
folder=${TRACKING_FOLDER:-demo/tracking_server} port=${PORT:-5000} database=${TRACKING_DATABASE_URL:-}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

start_postgresql() {
    local binaries
    binaries=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -1 || command -v postgres)")
    [ -x "$binaries/initdb" ] || { echo "PostgreSQL is not installed: make install, or set TRACKING_DATABASE_URL." >&2; exit 1; }
    cluster=$folder/postgresql
    # The path of a socket may have 107 characters only.
    sockets=$(mktemp --directory)
    as_owner=()
    if [ "$(id -u)" = 0 ]; then
        # PostgreSQL does not run as root.
        as_owner=(runuser --user postgres --)
        mkdir -p "$cluster"
        chown postgres "$cluster" "$sockets"
        "${as_owner[@]}" test -w "$cluster" || {
            echo "The user postgres cannot reach $cluster: set TRACKING_FOLDER to a folder it can." >&2
            exit 1
        }
    fi
    control=("${as_owner[@]}" "$binaries/pg_ctl" --pgdata "$cluster" --silent --wait)
    trap '"${control[@]}" --mode fast stop >/dev/null; rm -rf "$sockets"' EXIT
    # Only the owner of the socket's folder can connect: no network, no password.
    [ -e "$cluster/PG_VERSION" ] || (cd "$sockets" && "${as_owner[@]}" "$binaries/initdb" --pgdata "$cluster" --username mlflow --auth trust >/dev/null)
    (cd "$sockets" && "${control[@]}" --log "$cluster/server.log" --options "-k $sockets -c listen_addresses=''" start)
    database="postgresql+psycopg://mlflow@/postgres?host=$sockets"
}

trap exit INT TERM
[ -n "$database" ] || start_postgresql
echo "Tracking server: export CREDIT_REGISTRY_TRACKING_URI=http://127.0.0.1:$port"
CREDIT_DATA_DIRECTORY=$folder CREDIT_REGISTRY_TRACKING_URI=$database credit-scoring tracking --server --port "$port" &
wait $!
