#!/usr/bin/env bash
# Write the credentials of a cluster to a file that only this user can read, for the following steps.
# Usage: KUBECONFIG_CONTENT= RUNNER_TEMP= GITHUB_ENV= scripts/delivery/write_kubeconfig.sh
set -euo pipefail
[ -n "${KUBECONFIG_CONTENT:-}" ] || {
    echo "The secret KUBECONFIG of this environment is empty. Set it: docs/CICD.md, GitHub environments." >&2
    exit 1
}
umask 077
printf '%s' "$KUBECONFIG_CONTENT" >"${RUNNER_TEMP:?}/kubeconfig"
echo "KUBECONFIG=$RUNNER_TEMP/kubeconfig" >>"${GITHUB_ENV:?}"
