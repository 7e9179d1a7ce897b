#!/bin/bash
# Creates each database with its role, or sets the role's password again: safe to repeat, also on an existing volume.
set -euo pipefail
export PGPASSFILE=/tmp/pgpass
install -m 600 /dev/null "$PGPASSFILE"
echo "$PGHOST:5432:*:postgres:$(cat /run/secrets/postgres_password)" > "$PGPASSFILE"
run() { psql --no-psqlrc --quiet --username postgres --set ON_ERROR_STOP=1 "$@"; }

for name in credit mlflow optuna; do
    # The password reaches the server as a variable of psql, and no process list.
    run --dbname postgres <<SQL
\set password \`cat /run/secrets/${name}_password\`
SELECT 'CREATE ROLE ${name} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') \gexec
ALTER ROLE ${name} PASSWORD :'password';
SELECT 'CREATE DATABASE ${name} OWNER ${name}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${name}') \gexec
REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
SQL
done
run --dbname credit <<'SQL'
SELECT 'CREATE ROLE credit_readonly LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_readonly') \gexec
GRANT CONNECT ON DATABASE credit TO credit_readonly;
GRANT USAGE ON SCHEMA public TO credit_readonly;
ALTER DEFAULT PRIVILEGES FOR ROLE credit IN SCHEMA public GRANT SELECT ON TABLES TO credit_readonly;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO credit_readonly;
SQL
