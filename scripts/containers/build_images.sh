#!/usr/bin/env bash
# Build images and print size, compressed size, layers and id of each.
# Usage: scripts/containers/build_images.sh [NAME ...]; without names all images. IMAGE_TAG=latest, BUILD_OPTIONS=,
# TRAINING_IMAGE= what `airflow` extends, SIZES=0 prints nothing, because to compress takes as long as to build.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=${IMAGE_TAG:-latest}
names=("$@")
# In reverse, because `airflow` extends `training`.
[ "$#" -gt 0 ] || mapfile -t names < <(find docker -maxdepth 1 -name 'Dockerfile.*' ! -name '*.jinja' -printf '%f\n' | sed 's/Dockerfile.//' | sort --reverse)
arguments=(--build-arg "VERSION=$(sed --quiet 's/^version = "\(.*\)"/\1/p' pyproject.toml)"
    --build-arg "TRAINING_IMAGE=${TRAINING_IMAGE:-credit-scoring-training:$tag}")
if git rev-parse --quiet --verify HEAD >/dev/null 2>&1; then
    # The time of the commit, so that two builds of it are equal.
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
    export SOURCE_DATE_EPOCH
    arguments+=(--build-arg "REVISION=$(git rev-parse HEAD)" --build-arg SOURCE_DATE_EPOCH
        --build-arg "CREATED=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)")
fi
if [ -e docker/pinned_images.env ]; then
    arguments+=(--build-arg "$(grep '^PYTHON_IMAGE=' docker/pinned_images.env)")
fi
[ "${SIZES:-1}" = 0 ] || printf '%-32s %6s %11s %7s  %s\n' image MB compressed layers id
for name in "${names[@]}"; do
    image=credit-scoring-$name:$tag
    # shellcheck disable=SC2086
    docker build --quiet ${BUILD_OPTIONS:-} --file "docker/Dockerfile.$name" --tag "$image" "${arguments[@]}" . >/dev/null
    [ "${SIZES:-1}" = 0 ] || printf '%-32s %6d %11d %7d  %s\n' "$image" \
        "$(($(docker image inspect --format '{{.Size}}' "$image") / 1000000))" \
        "$(($(docker save "$image" | gzip -1 | wc --bytes) / 1000000))" \
        "$(docker image inspect --format '{{len .RootFS.Layers}}' "$image")" \
        "$(docker image inspect --format '{{.Id}}' "$image")"
done
