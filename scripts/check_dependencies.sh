#!/usr/bin/env bash
# Look up the locked dependencies in the database of known vulnerabilities.
# Without access to it pip-audit may find nothing and exit 0, so a version that is known to be vulnerable is looked up first.
set -euo pipefail
cd "$(dirname "$0")/.."
pip-audit --version

vulnerable=$(mktemp)
trap 'rm -f "$vulnerable"' EXIT
echo 'jinja2==2.11.2' >"$vulnerable"
found=$(pip-audit --progress-spinner=off --disable-pip --no-deps --requirement "$vulnerable" 2>/dev/null || true)
if ! grep --quiet --extended-regexp 'PYSEC-|GHSA-|CVE-' <<<"$found"; then
    echo "Dependency scan: not run: no access to the database of vulnerabilities."
    exit 0
fi
pip-audit --progress-spinner=off --disable-pip --require-hashes --requirement requirements.txt --requirement requirements/dev.txt
