#!/usr/bin/env bash
# Run a command with a Docker engine: the one that is there, or one that the script `up` in the folder ENGINE_STARTER
# starts, for machines without one. Exit code 77: there is none.
set -euo pipefail
if ! { docker info && docker compose version; } >/dev/null 2>&1; then
    starter=${ENGINE_STARTER:-../shared/tools/platform}
    if [ ! -x "$starter/up" ]; then
        echo "There is no Docker engine here; container tests are skipped." >&2
        exit 77
    fi
    "$starter/up" >/dev/null || { echo "The Docker engine did not start; container tests are skipped." >&2; exit 77; }
    # shellcheck disable=SC1090,SC1091
    . "${PLATFORM_STATE:-/var/tmp/credit-platform}/env"
    "$starter/images" --only python postgres nginx registry prometheus alertmanager node-exporter blackbox-exporter \
        postgres-exporter mailpit victoria-logs >/dev/null
fi
exec "$@"
