#!/usr/bin/env bash
# Check workflows, shell scripts, YAML files and Dockerfiles; every finding fails.
# Usage: scripts/delivery/check_files.sh [actionlint|zizmor|shellcheck|yamllint|hadolint|checkov ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=$PWD/.venv-tools/bin
checkers=("$@")
[ "$#" -gt 0 ] || checkers=(actionlint zizmor shellcheck yamllint hadolint checkov)
mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run scripts/compose)
mapfile -t yaml < <(git ls-files --cached --others --exclude-standard '*.yml' '*.yaml' | grep --invert-match --extended-regexp '^helm/.*templates/|^k8s/')
mapfile -t dockerfiles < <(find docker -maxdepth 1 -name 'Dockerfile.*' ! -name '*.jinja' | sort)
for checker in "${checkers[@]}"; do
    case $checker in
        actionlint) "$tools/actionlint" -shellcheck "$tools/shellcheck" ;;
        zizmor) "$tools/zizmor" --offline --persona pedantic --quiet .github ;;
        shellcheck) "$tools/shellcheck" --external-sources "${scripts[@]}" ;;
        yamllint) "$tools/yamllint" --strict "${yaml[@]}" ;;
        hadolint) "$tools/hadolint" "${dockerfiles[@]}" ;;
        checkov) "$tools/checkov" --config-file .checkov.yml ;;
        *) echo "Unknown checker $checker." >&2; exit 2 ;;
    esac
    echo "$checker: clean"
done
