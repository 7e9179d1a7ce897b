{{/*
When tables are created and upgraded. Before the other objects, as a hook, except at the first start with the bundled
PostgreSQL, which does not run yet by then: pods wait for the tables there.
*/}}
{{- define "credit.migratesInHook" -}}
{{- if or .Release.IsUpgrade (not .Values.postgres.enabled) -}}true{{- end -}}
{{- end }}

{{/* Different names: Helm removes what it installed and is no hook any more. */}}
{{- define "credit.migrationName" -}}
migrate{{ ternary "" "-first" (eq (include "credit.migratesInHook" .) "true") }}
{{- end }}

{{/* Takes root, weight. */}}
{{- define "credit.migrationHook" -}}
{{- if eq (include "credit.migratesInHook" .root) "true" }}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
{{- end }}
