#!/usr/bin/env bash
# Fail unless everything in a release file was signed by our delivery workflow, and its images were built by it.
# Usage: GITHUB_REPOSITORY=OWNER/NAME GH_TOKEN= scripts/delivery/verify_signatures.sh release.json
set -euo pipefail
cd "$(dirname "$0")/../.."
release=${1:?RELEASE}
repository=${GITHUB_REPOSITORY:?}
references=$(python3 -m scripts.delivery.outputs "$release" --references)
while read -r reference; do
    cosign verify "$reference" --output text \
        --certificate-oidc-issuer https://token.actions.githubusercontent.com \
        --certificate-identity-regexp "^https://github.com/$repository/\.github/workflows/(cd|_image)\.yml@refs/tags/v" >/dev/null
    case $reference in
        */charts/*) ;;
        *) gh attestation verify "oci://$reference" --repo "$repository" ;;
    esac
    echo "verified $reference"
done <<<"$references"
