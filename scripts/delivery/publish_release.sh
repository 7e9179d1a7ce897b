#!/usr/bin/env bash
# Make the GitHub release of a tag: notes from the commit messages, release file and lists of packages.
# Usage: GH_TOKEN= GITHUB_REPOSITORY=OWNER/NAME scripts/delivery/publish_release.sh v1.2.3 FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=${1:?TAG} folder=${2:?FOLDER}
export PATH=$PWD/.venv/bin:$PATH
notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
scripts/changelog.sh notes "${tag#v}" >"$notes"
mapfile -t files < <(find "$folder" -type f -name '*.json' | sort)
[ -e "$folder/release.json" ] || { echo "$folder has no release.json." >&2; exit 1; }
gh release create "$tag" --repo "${GITHUB_REPOSITORY:?}" --verify-tag --title "$tag" --notes-file "$notes" "${files[@]}"
