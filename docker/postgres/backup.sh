#!/usr/bin/env bash
# Back up and restore the databases and the files of MLflow's runs.
# Usage: backup.sh once | every SECONDS | list | restore NAME [--replace]
set -euo pipefail
umask 077
databases="credit mlflow optuna"
export PGPASSFILE=/tmp/pgpass PGUSER=postgres
echo "$PGHOST:5432:*:postgres:$(cat /run/secrets/postgres_password)" >"$PGPASSFILE"

names() { find /backups -mindepth 1 -maxdepth 1 -name '2*' -printf '%f\n' | sort; }

# An installation of an older version has no such database.
find_airflow="SELECT 1 FROM pg_database WHERE datname = 'airflow'"
query() { psql --no-psqlrc --tuples-only --no-align --dbname "$1" --command "$2"; }

back_up() {
    local name partial old has_airflow
    [[ $BACKUP_KEPT =~ ^[1-9][0-9]*$ ]] || { echo "BACKUP_KEPT=$BACKUP_KEPT is not a number above 0." >&2; exit 2; }
    exec 9>/backups/.lock
    flock --nonblock 9 || { echo "Another backup is in progress." >&2; exit 1; }
    name=$(date --utc +%Y-%m-%dT%H%M%SZ)
    partial=/backups/.$name
    rm -rf /backups/.2*
    mkdir "$partial"
    pg_dump --format=custom --exclude-table-data=ledger_keys --file="$partial/credit.dump" credit
    # The persons' keys in a file of their own, which may be deleted earlier; last, so that no decision lacks its key.
    pg_dump --format=custom --data-only --table=ledger_keys --file="$partial/credit_keys.dump" credit
    pg_dump --format=custom --file="$partial/optuna.dump" optuna
    pg_dump --format=custom --file="$partial/mlflow.dump" mlflow
    has_airflow=$(query postgres "$find_airflow")
    [ -z "$has_airflow" ] || pg_dump --format=custom --file="$partial/airflow.dump" airflow
    # After their database: whatever it refers to is there by now.
    tar --create --gzip --file="$partial/mlflow.tar.gz" --directory=/mlflow .
    sync
    mv "$partial" "/backups/$name"
    echo "/backups/$name: $(du --summarize --human-readable "/backups/$name" | cut --fields=1)"
    report_success
    names | head --lines="-$BACKUP_KEPT" | while read -r old; do rm -rf "/backups/$old"; done
}

# For the node exporter, as the batch steps do (core/step_metrics.py).
report_success() {
    local metric=credit_step_last_success_timestamp_seconds file=/data/metrics/backup.prom
    # A volume of an older version has no such folder; the batch steps, which are another user, write there too.
    install --directory --owner=10001 --group=0 --mode=0775 /data/metrics
    printf '# HELP %s When a step last succeeded, in Unix time.\n# TYPE %s gauge\n%s{step="backup"} %s\n' \
        "$metric" "$metric" "$metric" "$(date +%s)" >"$file.partial"
    chmod 644 "$file.partial"
    mv "$file.partial" "$file"
}

restore() {
    local source=/backups/$1 database has_airflow options=()
    names | grep --quiet --line-regexp --fixed-strings "$1" || {
        echo "There is no backup $1. There are: $(names | tr '\n' ' ')" >&2
        exit 2
    }
    has_airflow=$(query postgres "$find_airflow")
    if [ -e "$source/airflow.dump" ] && [ -n "$has_airflow" ]; then
        databases+=" airflow"
    else
        echo "The database airflow is not restored: the backup has none, or PostgreSQL has none (start \`databases\`)."
    fi
    for database in $databases; do
        pg_restore --list "$source/$database.dump" >/dev/null
        if [ "${2:-}" != --replace ] && [ -n "$(query "$database" \
            "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")" ]; then
            echo "The database $database has tables. Restore into a new volume, or add --replace, which drops them." >&2
            exit 2
        fi
    done
    tar --list --gzip --file="$source/mlflow.tar.gz" >/dev/null
    for database in $databases; do
        pg_restore --dbname="$database" --clean --if-exists --exit-on-error --single-transaction "$source/$database.dump"
    done
    if [ -e "$source/credit_keys.dump" ]; then
        pg_restore --dbname=credit --exit-on-error --single-transaction "$source/credit_keys.dump"
    else
        echo "The persons' keys of this backup were deleted: its decisions stay, their personal data cannot be read."
    fi
    # In Kubernetes this user is not root, and cannot change the folder itself, which is the first member of the archive.
    [ "$(id --user)" = 0 ] || options=(--strip-components=1)
    tar --extract --gzip --same-owner "${options[@]}" --file="$source/mlflow.tar.gz" --directory=/mlflow
    echo "$1 is restored. Start the platform, and run \`decisions verify\`."
}

case "${1:-}" in
    once) back_up ;;
    every)
        # The first process of a container ignores signals that it does not handle.
        trap 'exit 0' TERM INT
        while true; do
            # A process of its own: within a condition, bash would go on after an error.
            bash "$0" once || echo "The backup failed; the next attempt is in $2 s." >&2
            # In the background, so that a signal ends the script at once.
            sleep "$2" & wait $!
        done ;;
    list) names ;;
    restore) restore "${2:?name of a backup, see list}" "${3:-}" ;;
    *) sed --quiet '2,3s/^# //p' "$0" >&2; exit 2 ;;
esac
