#!/usr/bin/env bash
# Download the release file of a published version.
# Usage: GH_TOKEN= GITHUB_REPOSITORY=OWNER/NAME scripts/delivery/fetch_release.sh VERSION|latest FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1:?VERSION or latest} folder=${2:?FOLDER}
arguments=()
[ "$version" = latest ] || arguments=("v${version#v}")
mkdir -p "$folder"
gh release download "${arguments[@]}" --repo "${GITHUB_REPOSITORY:?}" --pattern release.json --dir "$folder" --clobber
python3 -m scripts.delivery.outputs "$folder/release.json" --references
