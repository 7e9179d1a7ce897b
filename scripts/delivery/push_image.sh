#!/usr/bin/env bash
# Push an image that `make images` built, once per version, and write its reference by digest to dist/references/NAME.txt.
# Usage: REGISTRY=ghcr.io/OWNER scripts/delivery/push_image.sh NAME
set -euo pipefail
cd "$(dirname "$0")/../.."
name=${1:?NAME}
local_image=credit-scoring-$name:${IMAGE_TAG:-latest}
version=$(python3 -m scripts.delivery.versions check)
# Registries take lower case only.
repository=$(printf '%s' "${REGISTRY:?REGISTRY as ghcr.io/OWNER}/credit-scoring-$name" | tr '[:upper:]' '[:lower:]')
target=$repository:$version
revision() { docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$1"; }

if docker pull --quiet "$target" >/dev/null 2>&1; then
    # A job that is repeated takes what its first run pushed: a version is built once.
    if [ "$(revision "$target")" != "$(revision "$local_image")" ]; then
        echo "$target is already published, from commit $(revision "$target"). Raise the version; nothing was pushed." >&2
        exit 1
    fi
    echo "$target is already published from this commit."
else
    docker tag "$local_image" "$target"
    docker push --quiet "$target"
fi
digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$target" \
    | sed --quiet "s|^$repository@||p" | head --lines=1)
[ -n "$digest" ] || { echo "The registry gave no digest for $target." >&2; exit 1; }
mkdir -p dist/references
echo "$repository@$digest" | tee "dist/references/$name.txt"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'repository=%s\ndigest=%s\nreference=%s@%s\n' "$repository" "$digest" "$repository" "$digest" >>"$GITHUB_OUTPUT"
fi
