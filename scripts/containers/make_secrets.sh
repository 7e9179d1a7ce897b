#!/usr/bin/env bash
# Generate the secrets of Compose that are missing in FOLDER (secrets/), and never replace one.
# Usage: scripts/containers/make_secrets.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-secrets}
command -v openssl >/dev/null || { echo "openssl is missing: apt-get install openssl" >&2; exit 1; }
mkdir -p "$folder"
# Programs in containers have other user ids than the owner of these files: the folder keeps everyone else out.
chmod 700 "$folder"
umask 022
made=0

write() {  # NAME VALUE
    # Complete or absent, also if this is interrupted.
    printf '%s' "$2" >"$folder/.new"
    mv "$folder/.new" "$folder/$1"
    made=$((made + 1))
}

for role in postgres credit credit_readonly mlflow optuna; do
    [ -s "$folder/${role}_password" ] || write "${role}_password" "$(openssl rand -hex 24)"
done
[ -s "$folder/grafana_password" ] || write grafana_password "$(openssl rand -hex 24)"
# Passwords and addresses of the channels that alerts go to; docs/MONITORING.md lists them.
mkdir -p "$folder/alerting"
for role in credit mlflow optuna; do
    [ -s "$folder/${role}_url" ] \
        || write "${role}_url" "postgresql+psycopg://$role:$(cat "$folder/${role}_password")@postgres:5432/$role"
done
if [ ! -s "$folder/proxy_certificate" ] || [ ! -s "$folder/proxy_certificate_key" ]; then
    if [ -s "$folder/proxy_certificate" ] || [ -s "$folder/proxy_certificate_key" ]; then
        echo "$folder has only one of proxy_certificate and proxy_certificate_key: add the other, or remove this one." >&2
        exit 1
    fi
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=localhost" \
        -addext "subjectAltName=DNS:localhost,DNS:proxy,IP:127.0.0.1" \
        -keyout "$folder/.key" -out "$folder/.certificate" 2>/dev/null
    chmod 644 "$folder/.key"
    mv "$folder/.key" "$folder/proxy_certificate_key"
    mv "$folder/.certificate" "$folder/proxy_certificate"
    made=$((made + 2))
fi
echo "$folder: $made secrets generated, the others kept."
