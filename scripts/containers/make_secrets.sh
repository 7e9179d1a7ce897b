#!/usr/bin/env bash
# Generate the secrets of Compose that are missing in FOLDER, and never replace one.
# Usage: scripts/containers/make_secrets.sh [FOLDER]; without it SECRETS_DIRECTORY, or secrets/.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/containers/lib.sh
folder=${1:-$SECRETS_DIRECTORY}
command -v openssl >/dev/null || stop_with "openssl is missing." "apt-get install openssl"
umask 022
# In `alerting`: passwords and addresses of the channels that alerts go to; docs/MONITORING.md lists them.
mkdir -p "$folder/alerting"
# Programs in containers have other user ids than the owner of these files: the folder keeps everyone else out.
chmod 700 "$folder"
made=0

write() {  # NAME VALUE: complete or absent, also if this is interrupted
    printf '%s' "$2" >"$folder/.new"
    mv "$folder/.new" "$folder/$1"
    made=$((made + 1))
}

for name in postgres_password credit_password credit_readonly_password mlflow_password optuna_password \
    airflow_password airflow_admin_password airflow_operator_password airflow_viewer_password airflow_jwt_secret \
    airflow_api_secret_key grafana_password jupyter_token; do
    [ -s "$folder/$name" ] || write "$name" "$(openssl rand -hex 24)"
done
[ -s "$folder/grafana_user" ] || write grafana_user admin
# As Fernet wants it: 32 bytes in base64 for URLs.
[ -s "$folder/airflow_fernet_key" ] || write airflow_fernet_key "$(openssl rand -base64 32 | tr '+/' '-_')"
[ -s "$folder/airflow_connections.json" ] || write airflow_connections.json '{"smtp_default": {"conn_type": "smtp",
    "host": "mailpit", "port": 1025, "extra": {"from_email": "airflow@credit-scoring.example.org",
    "disable_ssl": true, "disable_tls": true}}}'
for role in credit mlflow optuna airflow; do
    url="postgresql+psycopg://$role:$(cat "$folder/${role}_password")@postgres:5432/$role"
    # The driver that Airflow supports.
    [ "$role" != airflow ] || url=${url/+psycopg:/+psycopg2:}
    [ -s "$folder/${role}_url" ] || write "${role}_url" "$url"
    grep --quiet --fixed-strings ":$(cat "$folder/${role}_password")@" "$folder/${role}_url" || stop_with \
        "$folder/${role}_url does not contain the password of $folder/${role}_password." "Remove ${role}_url to have it made anew."
done
certificate=$folder/proxy_certificate
if [ ! -s "$certificate" ] && [ ! -s "${certificate}_key" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj "/CN=localhost" \
        -addext "subjectAltName=DNS:localhost,DNS:proxy,IP:127.0.0.1" \
        -keyout "$folder/.key" -out "$folder/.certificate" 2>"$folder/.log" || { cat "$folder/.log" >&2; exit 1; }
    rm "$folder/.log"
    chmod 644 "$folder/.key"
    mv "$folder/.key" "${certificate}_key"
    mv "$folder/.certificate" "$certificate"
    made=$((made + 2))
elif [ ! -s "$certificate" ] || [ ! -s "${certificate}_key" ]; then
    stop_with "$folder has only one of proxy_certificate and proxy_certificate_key." "Add the other, or remove this one."
fi
# Programs in containers read them as other users; the folder keeps those of this machine out.
find "$folder" -type f -exec chmod a+r {} +
echo "$folder: $made secrets generated, the others kept."
