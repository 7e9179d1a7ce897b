#!/usr/bin/env bash
# On main: tag a version that has no tag yet, or open a pull request with the next version and its changelog.
# Usage: GH_TOKEN= GITHUB_REPOSITORY=OWNER/NAME scripts/delivery/release_pull_request.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/.venv/bin:$PATH
remote=${RELEASE_REMOTE:-https://x-access-token:${GH_TOKEN:?}@github.com/${GITHUB_REPOSITORY:?}.git}
export GIT_AUTHOR_NAME=${GIT_AUTHOR_NAME:-release} GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL:-release@users.noreply.github.com}
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
if git log -1 --format=%s | grep --quiet '^chore(release): '; then
    version=$(python3 -m scripts.delivery.versions check)
    git tag --annotate "v$version" --message "Version $version"
    git push --quiet "$remote" "refs/tags/v$version"
    echo "Tagged v$version; the delivery starts."
    exit 0
fi
version=$(python3 -m scripts.delivery.versions next)
if [ "$(git rev-parse --quiet --verify "refs/tags/v$version^{commit}" || true)" ]; then
    echo "No commit since v$version asks for a release."
    exit 0
fi
git switch --quiet --force-create release
python3 -m scripts.delivery.versions set "$version"
# Labels and tags of rendered objects hold the version.
make generated golden
scripts/changelog.sh write "$version"
# Empty if the version and its changelog were prepared by hand.
git commit --quiet --all --allow-empty --message "chore(release): $version"
# The branch is made anew from main each time, and belongs to this script.
git push --quiet --force "$remote" release
body=$(mktemp)
trap 'rm -f "$body"' EXIT
scripts/changelog.sh notes "$version" >"$body"
if [ -n "$(gh pr list --repo "$GITHUB_REPOSITORY" --head release --state open --json number --jq '.[].number')" ]; then
    gh pr edit release --repo "$GITHUB_REPOSITORY" --title "chore(release): $version" --body-file "$body"
else
    gh pr create --repo "$GITHUB_REPOSITORY" --base main --head release --title "chore(release): $version" --body-file "$body"
fi
