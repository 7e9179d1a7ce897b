# shellcheck shell=bash
# Shared by the scripts of this folder; sourced from the repository's root.

setting() {  # NAME DEFAULT: from the environment, else from .env as Compose reads it
    local value=${!1:-}
    [ -n "$value" ] || [ ! -e .env ] || value=$(sed --quiet "s/^$1=//p" .env | tail --lines=1 | tr --delete "\"'")
    printf '%s' "${value:-$2}"
}

SECRETS_DIRECTORY=$(realpath --canonicalize-missing "$(setting SECRETS_DIRECTORY secrets)")
# Compose replaces containers whose settings differ, but does not look into files: services get a digest of theirs.
SECRETS_DIGEST=$({ find "$SECRETS_DIRECTORY" -maxdepth 1 -type f ! -name '.*' -exec cat {} + 2>/dev/null || true; } | sha256sum | cut --characters=1-16)
# The same of the configuration of the monitoring: a file that is mounted alone stays the old one when it is replaced.
MONITORING_DIGEST=$(find monitoring -type f ! -name '*.py*' -exec cat {} + | sha256sum | cut --characters=1-16)
export SECRETS_DIRECTORY SECRETS_DIGEST MONITORING_DIGEST
# COMPOSE_FILES: further files, separated by spaces.
compose_arguments=(--file docker-compose.yml)
for file in $(setting COMPOSE_FILES ""); do compose_arguments+=(--file "$file"); done
for file in .env docker/pinned_images.env; do
    [ ! -e "$file" ] || compose_arguments+=(--env-file "$file")
done

compose() { docker compose "${compose_arguments[@]}" "$@"; }

stop_with() {  # WHAT NEXT_STEP
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

at_least() {  # FOUND WANTED, as versions
    [ "$(printf '%s\n' "$1" "$2" | sort --version-sort | head --lines=1)" = "$2" ]
}

require_engine() {
    local engine plugin next="Install Docker Engine 25 and Compose 2.24, or newer ones (docs/DEPLOYMENT.md, Prerequisites)."
    command -v docker >/dev/null || stop_with "Docker is not installed." "$next"
    engine=$(docker version --format '{{.Server.Version}}' 2>/dev/null) || stop_with "The Docker engine does not answer." \
        "Start it, or let this user reach it (docker info says why it cannot)."
    plugin=$(docker compose version --short 2>/dev/null) || stop_with "Docker has no Compose." "$next"
    at_least "$engine" 25 || stop_with "The Docker engine has version $engine." "$next"
    at_least "${plugin#v}" 2.24 || stop_with "Compose has version $plugin." "$next"
}
