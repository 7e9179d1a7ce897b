# Shared by the scripts of this folder; sourced from the repository's root.
SECRETS_DIRECTORY=${SECRETS_DIRECTORY:-$PWD/secrets}
export SECRETS_DIRECTORY
# COMPOSE_FILES: further files, separated by spaces, as the tests add docker-compose.test.yml.
compose_arguments=(--file docker-compose.yml)
for file in ${COMPOSE_FILES:-}; do compose_arguments+=(--file "$file"); done
for file in .env docker/pinned_images.env; do
    [ ! -e "$file" ] || compose_arguments+=(--env-file "$file")
done

compose() { docker compose "${compose_arguments[@]}" "$@"; }

stop_with() {  # WHAT NEXT_STEP
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

require_engine() {
    command -v docker >/dev/null || stop_with "Docker is not installed." \
        "Install Docker Engine 24 and Compose 2.24, or newer ones (docs/DEPLOYMENT.md, Prerequisites)."
    docker info >/dev/null 2>&1 || stop_with "The Docker engine does not answer." \
        "Start it, or let this user reach it (docker info says why it cannot)."
    docker compose version >/dev/null 2>&1 || stop_with "Docker has no Compose." \
        "Install the plugin docker-compose, 2.24 or newer."
}
