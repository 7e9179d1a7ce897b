#!/usr/bin/env bash
# Start the whole platform and wait until all of it is healthy; safe to repeat.
# Usage: scripts/containers/up.sh [PROFILE ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/containers/lib.sh
minimum_free_gigabytes=5
minimum_memory_gigabytes=3
if [[ " $* " == *" airflow "* ]]; then
    minimum_free_gigabytes=8
    minimum_memory_gigabytes=6
fi
profiles=()
for profile in "$@"; do profiles+=(--profile "$profile"); done

require_disk_space() {
    local root free
    root=$(docker info --format '{{.DockerRootDir}}')
    [ -d "$root" ] || return 0
    free=$(($(df --output=avail --block-size=1 "$root" | tail --lines=1) / 1000000000))
    [ "$free" -ge "$minimum_free_gigabytes" ] || stop_with \
        "Only $free GB are free in $root; images and data need $minimum_free_gigabytes GB." \
        "Free space, for example with: docker system prune"
}

require_memory() {
    local memory
    memory=$(($(docker info --format '{{.MemTotal}}') / 1000000000))
    [ "$memory" -ge "$minimum_memory_gigabytes" ] || stop_with \
        "The machine of the engine has $memory GB of memory; these services need $minimum_memory_gigabytes GB." \
        "Use a larger machine, or start fewer profiles (docs/DEPLOYMENT.md, Prerequisites)."
}

require_tables() {
    local folder
    folder=$(setting RAW_DATA "")
    [ -n "$folder" ] || return 0
    [ -d "$folder" ] || stop_with "RAW_DATA=$folder is not a folder." "Name the folder of the eight CSV tables, or unset it."
    [ -n "$(find -L "$folder" -maxdepth 1 \( -name '*.csv*' -o -name '*.zip' \) -print -quit 2>/dev/null)" ] || stop_with \
        "RAW_DATA=$folder has no CSV file that can be read." "Name the folder of the eight CSV tables, or unset it."
    RAW_DATA=$(realpath "$folder")
    export RAW_DATA
}

require_ports() {
    local port own
    own=$(compose "${profiles[@]}" ps --format '{{range .Publishers}}{{.PublishedPort}} {{end}}' 2>/dev/null)
    for port in $(compose "${profiles[@]}" config --format json | sed --quiet 's/.*"published": "\([0-9]*\)".*/\1/p'); do
        [[ " ${own//$'\n'/ } " != *" $port "* ]] || continue
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            stop_with "Port $port is in use. Nothing was started." \
                "Stop its program, or set another CREDIT_PORT_... in .env (docs/DEPLOYMENT.md, Settings)."
        fi
    done
}

require_valid_settings() {
    local problem
    problem=$(compose "${profiles[@]}" config --quiet 2>&1) || stop_with "Compose rejects its settings: ${problem##*$'\n'}" \
        "Correct the variable in the environment or in .env (docs/DEPLOYMENT.md, Settings)."
}

require_real_addresses() {
    local file name
    file=monitoring/$(setting ALERTMANAGER_CONFIGURATION alertmanager.email.yml)
    [ -f "$file" ] || stop_with "ALERTMANAGER_CONFIGURATION=${file#monitoring/} is no file in monitoring/." \
        "Use alertmanager.yml, or unset it."
    while read -r name; do
        [ -s "$SECRETS_DIRECTORY/alerting/$name" ] || stop_with "$file needs the secret $SECRETS_DIRECTORY/alerting/$name." \
            "Write it, or switch the channel off (docs/MONITORING.md, Who is notified)."
    done < <(sed --quiet 's|.*/run/secrets/||p' "$file")
    [ "$file" = monitoring/alertmanager.email.yml ] || ! grep --quiet "example\.org" "$file" monitoring/alerts.yml || stop_with \
        "$file has stand-ins for addresses: alerts would reach no one." \
        "Set the addresses in monitoring/description/addresses.py, then: make generated (docs/MONITORING.md, Who is notified)."
}

require_readable_volume() {
    local volume image found wanted
    volume=$(compose config --format json | sed --quiet 's/^ *"name": "\(.*_postgres\)",\?$/\1/p' | head --lines=1)
    docker volume inspect "$volume" >/dev/null 2>&1 || return 0
    image=$(compose config --images postgres)
    found=$(docker run --rm --network none --volume "$volume:/data:ro" --entrypoint sh "$image" \
        -c 'cat /data/pgdata/PG_VERSION || cat /data/PG_VERSION' 2>/dev/null || true)
    wanted=$(docker run --rm --network none --entrypoint printenv "$image" PG_MAJOR)
    [ -z "$found" ] || [ "$found" = "$wanted" ] || stop_with \
        "The volume $volume holds data of PostgreSQL $found, and $image is PostgreSQL $wanted. Nothing was changed." \
        "Set POSTGRES_IMAGE to version $found, back up, and restore into a new volume (docs/DEPLOYMENT.md, Upgrade)."
}

build_missing_images() {
    local name names=(api mlflow training)
    [[ " $* " != *" airflow "* ]] || names+=(airflow)
    for name in "${names[@]}"; do
        docker image inspect "credit-scoring-$name:$(setting IMAGE_TAG latest)" >/dev/null 2>&1 \
            || IMAGE_TAG=$(setting IMAGE_TAG latest) scripts/containers/build_images.sh "$name"
    done
}

print_failures() {
    compose "${profiles[@]}" ps --all --format '{{.Service}} {{.State}} {{.ExitCode}} {{.Health}}' | while read -r service state code health; do
        if { [ "$state" = exited ] && [ "$code" != 0 ]; } || [ "$health" = unhealthy ] || [ "$state" = restarting ]; then
            printf '\n%s is %s %s(exit code %s); its last lines:\n' "$service" "$state" "${health:+$health }" "$code" >&2
            compose "${profiles[@]}" logs --no-color --no-log-prefix --tail 5 "$service" >&2
        fi
    done
}

require_engine
scripts/containers/make_secrets.sh "$SECRETS_DIRECTORY"
# The digest of what was just generated.
. scripts/containers/lib.sh
# Programs in containers read these as other users, whatever the umask of this clone was.
chmod --recursive a+rX docker/postgres docker/proxy monitoring
require_disk_space
require_memory
require_tables
[[ " $* " != *" monitoring "* ]] || require_real_addresses
require_valid_settings
require_ports
require_readable_volume
build_missing_images "$@"
started=$SECONDS
if ! compose "${profiles[@]}" up --detach --wait --quiet-pull; then
    print_failures
    stop_with "The platform did not start." "docs/DEPLOYMENT.md, Troubleshooting, lists causes by these lines."
fi
compose exec -T api python -m credit_scoring.smoke.liveness http://127.0.0.1:8000/health || stop_with \
    "The service runs, but cannot decide." "scripts/compose logs api says why."
echo "All services are healthy after $((SECONDS - started)) s."
print_address() { printf '%-15s %s\n' "$@"; }

print_address API "https://localhost:$(compose port proxy 8443 | cut --delimiter=: --fields=2)/docs  (certificate: $SECRETS_DIRECTORY/proxy_certificate)"
compose ps --format '{{range .Publishers}}{{if .PublishedPort}}{{$.Service}} {{.PublishedPort}}{{println}}{{end}}{{end}}' \
    | sort | while read -r service port; do
    [ -z "$port" ] || [ "$service" = proxy ] || print_address "$service" "http://localhost:$port"
done
print_address Next "make smoke"
