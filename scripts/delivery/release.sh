#!/usr/bin/env bash
# Push the chart and write dist/release.json: digests of the images in dist/references/ and of those of others that the chart
# runs, chart, commit and version.
# Usage: REGISTRY=ghcr.io/OWNER [THIRD_PARTY="postgres=mirror.example.org/postgres:17 ..."] scripts/delivery/release.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
charts=oci://$(printf '%s' "${REGISTRY:?REGISTRY as ghcr.io/OWNER}/charts" | tr '[:upper:]' '[:lower:]')
version=$(python3 -m scripts.delivery.versions check)
mkdir -p dist
helm package helm --destination dist
# shellcheck disable=SC2086
pushed=$(helm push "dist/credit-scoring-$version.tgz" "$charts" ${HELM_PUSH_OPTIONS:-} 2>&1) || { echo "$pushed" >&2; exit 1; }
digest=$(sed --quiet 's/^Digest: *\(sha256:[0-9a-f]*\)$/\1/p' <<<"$pushed")
[ -n "$digest" ] || { printf 'The registry gave no digest for the chart:\n%s\n' "$pushed" >&2; exit 1; }
[ -n "${THIRD_PARTY:-}" ] || THIRD_PARTY=$(sed --quiet --regexp-extended \
    's/^ *image: \{repository: ((\S+\/)?([^ ,\/]+)), tag: "?([^",]+)"?, .*$/\3=\1:\4/p' helm/values.yaml | grep --invert-match '^credit-scoring-')
# shellcheck disable=SC2086
scripts/pin_images.sh dist/third_party.env $THIRD_PARTY
python3 -m scripts.delivery.release_file --references dist/references --third-party dist/third_party.env --chart-source "$charts/credit-scoring" \
    --chart-digest "$digest" --output dist/release.json
if [ -n "${GITHUB_OUTPUT:-}" ]; then python3 -m scripts.delivery.outputs dist/release.json >>"$GITHUB_OUTPUT"; fi
