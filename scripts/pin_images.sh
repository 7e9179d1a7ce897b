#!/usr/bin/env bash
# Write the digests of all third-party images, as their registry gives them now, to docker/pinned_images.env, which
# `make images` and `make up` use if it exists. Digests are observed, never computed or guessed.
# Usage: scripts/pin_images.sh [FILE [VARIABLE=NAME ...]]; without names, those of Dockerfiles and Compose files.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-docker/pinned_images.env}
[ "$#" -eq 0 ] || shift
partial=$(mktemp "$(dirname "$target")/.pinned_images.XXXXXX")
trap 'rm -f "$partial"' EXIT
echo "# Written by scripts/pin_images.sh on $(date --utc +%Y-%m-%d)." >"$partial"

names() {
    sed --quiet --regexp-extended 's/^ARG (\w+_IMAGE=\S+)$/\1/p' docker/Dockerfile.*
    # shellcheck disable=SC2016
    grep --no-filename --only-matching --extended-regexp '\$\{\w+_IMAGE:-[^}]+\}' ./docker-compose*.yml ./*/docker-compose*.yml \
        | tr --delete '${}' | sed 's/:-/=/'
}

# Not our own, which an image may extend.
{ if [ "$#" -gt 0 ]; then printf '%s\n' "$@"; else names | grep --invert-match --extended-regexp '\{|=credit-scoring-'; fi; } | sort --unique \
    | while IFS='=' read -r variable name; do
        docker pull --quiet "$name" >/dev/null
        # The digest under this very name: the same image may have been pulled from elsewhere too.
        digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$name" \
            | sed --quiet "s|^${name%:*}@||p" | head --lines=1)
        [ -n "$digest" ] || { echo "The registry gave no digest for $name." >&2; exit 1; }
        echo "$variable=$name@$digest" | tee --append "$partial"
    done
chmod 644 "$partial"
mv "$partial" "$target"
