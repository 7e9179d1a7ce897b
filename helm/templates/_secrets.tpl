{{/* Passwords and addresses of databases. */}}

{{- define "credit.secret" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-databases" (include "credit.fullname" .)) -}}
{{- end }}

{{/* A volume with files of the secret, by name of the file. Takes root, files (file: key). */}}
{{- define "credit.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ include "credit.secret" .root }}
    defaultMode: 0440
    items:
      {{- range $file, $key := .files }}
      - {key: {{ $key }}, path: {{ $file }}}
      {{- end }}
{{- end }}

{{/* The files that the program reads its databases from. Takes root. */}}
{{- define "credit.programSecrets" -}}
{{- $files := dict "credit_ledger_url" "credit_url" "credit_features_online_store_url" "credit_url" -}}
{{- $_ := set $files "credit_api_keys_url" "credit_url" -}}
{{- $_ := set $files "credit_drift_history_url" "credit_url" -}}
{{- if .tunes -}}{{- $_ := set $files "credit_tuning_database_url" "optuna_url" -}}{{- end -}}
{{- include "credit.secretVolume" (dict "root" .root "files" $files) -}}
{{- end }}

{{/* Replaces pods when the content of the secret changes. Without a cluster, as in `helm template`, there is none to read. */}}
{{- define "credit.secretChecksum" -}}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "credit.secret" .) | default dict -}}
{{- printf "%s %s" (get $secret "data" | default dict | toJson) .Values.secrets.revision | sha256sum | trunc 16 -}}
{{- end }}
