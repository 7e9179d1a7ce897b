#!/usr/bin/env bash
# Sign images or charts in a registry by digest, with the identity of the workflow that runs this.
# Usage: scripts/delivery/sign.sh REPOSITORY@sha256:... [...]
set -euo pipefail
for reference in "$@"; do
    [[ $reference == *@sha256:* ]] || { echo "$reference has no digest: a tag can be moved after it was signed." >&2; exit 1; }
    cosign sign --yes "$reference"
done
