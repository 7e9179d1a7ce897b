#!/usr/bin/env bash
# Fail unless the check `ci-ok` succeeded on a commit: a tag cannot deliver what CI has not passed.
# Usage: GH_TOKEN= GITHUB_REPOSITORY=OWNER/NAME scripts/delivery/require_ci.sh COMMIT
set -euo pipefail
commit=${1:?COMMIT}
conclusion=$(gh api "repos/${GITHUB_REPOSITORY:?}/commits/$commit/check-runs?check_name=ci-ok" \
    --jq '[.check_runs[].conclusion] | first // "missing"')
if [ "$conclusion" != success ]; then
    echo "ci-ok of commit $commit is ${conclusion:-missing}. Tag a commit of main on which CI has passed." >&2
    exit 1
fi
echo "CI passed on $commit."
