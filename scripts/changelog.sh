#!/usr/bin/env bash
# Write CHANGELOG.md from the commit messages, or compare it with them.
# Usage: scripts/changelog.sh write [VERSION] | check | notes VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
cliff=(git-cliff --config pyproject.toml)
# A release is written before it is tagged: its heading names a version without a tag.
touch CHANGELOG.md
newest=$(sed --quiet --regexp-extended 's/^## ([0-9][^ ]*) .*/\1/p' CHANGELOG.md | head --lines=1)
version=${2:-$newest}
if [ -n "$version" ] && ! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null; then cliff+=(--tag "v$version"); fi

# A version without a tag has the date of today, so that dates are not compared.
without_dates() { sed --regexp-extended 's/^(## [0-9][^ ]*) .*/\1/'; }

case $1 in
    write) "${cliff[@]}" --output CHANGELOG.md ;;
    check) diff <(without_dates <CHANGELOG.md) <("${cliff[@]}" | without_dates) ;;
    notes)
        if git rev-parse --quiet --verify "refs/tags/v${2:?}" >/dev/null; then range=--latest; else range=--unreleased; fi
        "${cliff[@]}" "$range" --strip header
        ;;
    *) sed --quiet '2,3s/^# //p' "$0" >&2; exit 2 ;;
esac
