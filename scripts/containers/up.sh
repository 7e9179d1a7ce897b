#!/usr/bin/env bash
# Start the whole platform and wait until all of it is healthy; safe to repeat.
# Usage: scripts/containers/up.sh [PROFILE ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/containers/lib.sh
minimum_free_gigabytes=5
profiles=()
for profile in "$@"; do profiles+=(--profile "$profile"); done

require_engine
scripts/containers/make_secrets.sh "$SECRETS_DIRECTORY"

root=$(docker info --format '{{.DockerRootDir}}')
if [ -d "$root" ]; then
    free=$(($(df --output=avail --block-size=1 "$root" | tail --lines=1) / 1000000000))
    [ "$free" -ge "$minimum_free_gigabytes" ] || stop_with "Only $free GB are free in $root; images and data need \
$minimum_free_gigabytes GB." "Free space, for example with: docker system prune"
fi

volume=$(compose config --format json | sed --quiet 's/^ *"name": "\(.*_postgres\)",\?$/\1/p' | head --lines=1)
if docker volume inspect "$volume" >/dev/null 2>&1; then
    image=$(compose config --images postgres)
    found=$(docker run --rm --network none --volume "$volume:/data:ro" --entrypoint cat "$image" /data/pgdata/PG_VERSION 2>/dev/null || true)
    wanted=$(docker run --rm --network none --entrypoint printenv "$image" PG_MAJOR)
    [ -z "$found" ] || [ "$found" = "$wanted" ] || stop_with "The volume $volume holds data of PostgreSQL $found, \
and $image is PostgreSQL $wanted. Nothing was changed." "Set POSTGRES_IMAGE to version $found, back up, and restore into \
a new volume (docs/DEPLOYMENT.md, Upgrade)."
fi

started=$SECONDS
if ! compose "${profiles[@]}" up --detach --wait --quiet-pull; then
    echo >&2
    compose ps --all --format '{{.Service}} {{.State}} {{.ExitCode}} {{.Health}}' | while read -r service state code health; do
        if { [ "$state" = exited ] && [ "$code" != 0 ]; } || [ "$health" = unhealthy ] || [ "$state" = restarting ]; then
            echo "$service is $state ${health:-}(exit code $code); its last lines:" >&2
            compose logs --no-color --no-log-prefix --tail 5 "$service" >&2
        fi
    done
    stop_with "The platform did not start." "docs/DEPLOYMENT.md, Troubleshooting, lists causes by these lines."
fi
echo "All services are healthy after $((SECONDS - started)) s."
cat <<TEXT
API      https://localhost:${CREDIT_PORT_PROXY_TLS:-8443}/docs  (certificate: secrets/proxy_certificate)
MLflow   http://localhost:${CREDIT_PORT_MLFLOW:-5000}
Next     make smoke
TEXT
