#!/usr/bin/env bash
# Install what tests run beside Python: PostgreSQL, PgBouncer, nginx, curl, Java for Spark, and Prometheus with
# Alertmanager and exporters. Nothing is left running.
set -euo pipefail

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

needed=()
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || needed+=(postgresql)
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || needed+=(pgbouncer)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || needed+=(nginx-light)
command -v curl >/dev/null || needed+=(curl)
for name in prometheus prometheus-alertmanager prometheus-node-exporter prometheus-postgres-exporter \
    prometheus-blackbox-exporter; do
    command -v "$name" >/dev/null || needed+=("$name")
done
command -v java >/dev/null || needed+=(default-jre-headless)
[ "${#needed[@]}" -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "The tests start ${needed[*]}; install them with the package manager of this machine." >&2
    exit 1
fi
echo "Installing ${needed[*]} with apt-get"
as_root apt-get -qq update
# Debian would start each server after installing it; tests start their own on loopback.
as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install --yes --no-install-recommends "${needed[@]}" >/dev/null
