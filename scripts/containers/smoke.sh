#!/usr/bin/env bash
# Check the running platform through its proxy, with a key of its own that is revoked afterwards.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/containers/lib.sh
require_engine
# A program in a container has another user id; the folder keeps everyone else out.
folder=$(mktemp --directory)
umask 022
key=
finish() {
    [ -z "$key" ] || compose run --rm --no-deps -T migrate keys revoke "$key" >/dev/null
    rm -rf "$folder"
}
trap finish EXIT
compose run --rm --no-deps -T migrate keys create "smoke test" --scope predict --scope read >"$folder/key"
key=$(cut --delimiter=_ --fields=2 "$folder/key")
# A service learns of new keys every five seconds.
sleep 6
compose run --rm --no-deps -T --volume "$folder/key:/run/smoke_key:ro" \
    --volume "$SECRETS_DIRECTORY/proxy_certificate:/run/proxy_certificate:ro" \
    migrate smoke https://proxy:8443 --key-file /run/smoke_key --ca-file /run/proxy_certificate \
    --operations-url http://api:8000
