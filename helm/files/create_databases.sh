#!/usr/bin/env bash
# Create each database with its role, or set the role's password again: safe to repeat, also on an existing volume.
set -euo pipefail
export PGPASSFILE=/tmp/pgpass
(umask 077 && echo "$PGHOST:5432:*:postgres:$(cat /run/secrets/postgres_password)" >"$PGPASSFILE")

run() {  # DATABASE, statements on standard input
    psql --no-psqlrc --quiet --username postgres --dbname "$1" --set ON_ERROR_STOP=1 >/dev/null
}

role() {  # NAME: psql reads the password from its file, so that it is in no process list and no log
    run postgres <<SQL
\set password \`cat /run/secrets/$1_password\`
SELECT 'CREATE ROLE $1 LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') \gexec
ALTER ROLE $1 PASSWORD :'password';
SQL
}

for name in credit mlflow optuna airflow; do
    role "$name"
    run postgres <<SQL
SELECT 'CREATE DATABASE $name OWNER $name' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$name') \gexec
REVOKE ALL ON DATABASE $name FROM PUBLIC;
SQL
done
# For exporters and auditors.
role credit_readonly
run credit <<'SQL'
GRANT pg_monitor TO credit_readonly;
GRANT CONNECT ON DATABASE credit TO credit_readonly;
GRANT USAGE ON SCHEMA public TO credit_readonly;
-- Not the keys that encrypt personal data, nor the digests of API keys.
SELECT format('GRANT SELECT ON %I TO credit_readonly', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('ledger_keys', 'api_keys') \gexec
SQL
echo "Databases credit, mlflow, optuna and airflow are ready."
