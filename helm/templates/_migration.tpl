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

{{/* Creates databases and roles, and gives rights. Takes root, name. */}}
{{- define "credit.databasesContainer" -}}
- name: {{ .name }}
  {{- include "credit.container" (dict "root" .root "image" .root.Values.postgres.image) | nindent 2 }}
  command:
    - bash
    - -c
    - until pg_isready --timeout 5; do sleep 1; done; exec bash /scripts/create_databases.sh
  env:
    - {name: PGHOST, value: {{ include "credit.postgresHost" .root }}}
    # This user id has no name in the image.
    - {name: PGUSER, value: postgres}
  resources:
    {{- toYaml .root.Values.waiting.resources | nindent 4 }}
  volumeMounts:
    - {name: scripts, mountPath: /scripts, readOnly: true}
    - {name: passwords, mountPath: /run/secrets, readOnly: true}
    - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* Upgrades the tables of the program. */}}
{{- define "credit.migrateContainer" -}}
- name: migrate
  {{- include "credit.container" (dict "root" . "image" .Values.api.image) | nindent 2 }}
  args: [database, upgrade]
  env:
    # Not from the ConfigMap, which a hook would find in its old state, or not at all.
    {{- range $setting, $value := include "credit.settings" . | fromYaml }}
    - {name: {{ $setting }}, value: {{ $value | quote }}}
    {{- end }}
  resources:
    {{- toYaml .Values.migration.resources | nindent 4 }}
  volumeMounts:
    - {name: secrets, mountPath: /run/secrets, readOnly: true}
    - {name: tmp, mountPath: /tmp}
{{- end }}
