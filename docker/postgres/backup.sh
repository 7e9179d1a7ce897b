#!/usr/bin/env bash
# Back up and restore the databases and the files of MLflow's runs.
# Usage: backup.sh once | every SECONDS | list | restore NAME [--replace]
set -euo pipefail
databases="credit mlflow optuna"
dumps="credit credit_keys optuna mlflow"
export PGPASSFILE=/tmp/pgpass PGUSER=postgres
(umask 077 && echo "$PGHOST:5432:*:postgres:$(cat /run/secrets/postgres_password)" >"$PGPASSFILE")

back_up() {
    local name partial old
    name=$(date --utc +%Y-%m-%dT%H%M%SZ)
    partial=/backups/.$name
    rm -rf /backups/.2*
    mkdir "$partial"
    pg_dump --format=custom --exclude-table=ledger_keys --file="$partial/credit.dump" credit
    # The persons' keys in a file of their own, which may be deleted earlier; last, so that no decision lacks its key.
    pg_dump --format=custom --table=ledger_keys --file="$partial/credit_keys.dump" credit
    pg_dump --format=custom --file="$partial/optuna.dump" optuna
    pg_dump --format=custom --file="$partial/mlflow.dump" mlflow
    # After their database: whatever it refers to is there by now.
    tar --create --gzip --file="$partial/mlflow.tar.gz" --directory=/mlflow .
    sync
    mv "$partial" "/backups/$name"
    echo "/backups/$name: $(du --summarize --human-readable "/backups/$name" | cut --fields=1)"
    for old in $(ls /backups | sort --reverse | tail --lines="+$((BACKUP_KEPT + 1))"); do
        rm -rf "/backups/$old"
    done
}

restore() {
    local source=/backups/$1 database dump
    if [ ! -d "$source" ]; then
        echo "There is no back-up $1. There are: $(ls /backups | tr '\n' ' ')" >&2
        exit 2
    fi
    for dump in $dumps; do pg_restore --list "$source/$dump.dump" >/dev/null; done
    for database in $databases; do
        if [ "${2:-}" != --replace ] && [ -n "$(psql --no-psqlrc --tuples-only --no-align --dbname "$database" \
            --command "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")" ]; then
            echo "The database $database has tables. Restore into a new volume, or add --replace, which drops them." >&2
            exit 2
        fi
    done
    tar --list --gzip --file="$source/mlflow.tar.gz" >/dev/null
    for dump in $dumps; do
        pg_restore --dbname="${dump%_keys}" --clean --if-exists --exit-on-error --single-transaction "$source/$dump.dump"
    done
    tar --extract --gzip --same-owner --file="$source/mlflow.tar.gz" --directory=/mlflow
    echo "$1 is restored. Start the platform, and run \`decisions verify\`."
}

case "${1:-}" in
    once) back_up ;;
    every)
        # The first process of a container ignores signals that it does not handle.
        trap 'exit 0' TERM INT
        while true; do
            back_up || echo "The back-up failed; the next attempt is in $2 s." >&2
            # In the background, so that a signal ends the script at once.
            sleep "$2" & wait $!
        done ;;
    list) ls /backups ;;
    restore) restore "${2:?name of a back-up, see list}" "${3:-}" ;;
    *) sed --quiet '2,3s/^# //p' "$0" >&2; exit 2 ;;
esac
