#!/usr/bin/env bash
# Start PostgreSQL, and initialise an empty volume first. The image's own entry point would leave the password in the
# environment of the server.
set -euo pipefail
volume=/var/lib/postgresql/data
export PGDATA=$volume/pgdata
if [ ! -e "$PGDATA" ]; then
    if [ -e "$volume/PG_VERSION" ]; then
        echo "$volume was initialised by another entry point: move its content to $PGDATA." >&2
        exit 1
    fi
    # Complete or absent, also if this is interrupted.
    rm -rf "$volume/partial"
    initdb --pgdata="$volume/partial" --username=postgres --pwfile=/run/secrets/postgres_password \
        --auth-local=peer --auth-host=scram-sha-256 --data-checksums >/dev/null
    echo "host all all all scram-sha-256" >>"$volume/partial/pg_hba.conf"
    mv "$volume/partial" "$PGDATA"
fi
# No values in the log: statements, their parameters, and the details of an error, which quote rows, may be personal data.
exec postgres -c listen_addresses='*' \
    -c log_error_verbosity=terse -c log_min_error_statement=panic -c log_parameter_max_length_on_error=0
