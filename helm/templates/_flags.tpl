{{/* Feature flags. */}}

{{/*
Settings that are set by a flag, and by nothing else. Those of the service are part of its pods, which keep them while a new
version is rolled out; that of training is read by Airflow's pods too, and lies beside the settings of all programs.
*/}}
{{- define "credit.apiFlags" -}}
CREDIT_API_REASONS_BY_DEFAULT: {{ .Values.flags.reasonsByDefault | quote }}
CREDIT_API_SHADOW_ALIAS: {{ .Values.flags.shadowModel | quote }}
{{- end }}
{{- define "credit.trainingFlags" -}}
CREDIT_TRAINING_MONOTONE_CONSTRAINTS: {{ .Values.flags.monotoneConstraints | quote }}
{{- end }}

{{/* What callers outside may request. */}}
{{- define "credit.publicPaths" -}}
{{- $paths := .Values.publicPaths -}}
{{- if .Values.flags.docsExposed -}}
{{- $paths = concat $paths (list (dict "path" "/docs" "type" "Prefix") (dict "path" "/openapi.json" "type" "Exact")) -}}
{{- end -}}
{{- toYaml $paths -}}
{{- end }}

{{/* Refuses a setting that would hide the flag of the same meaning. */}}
{{- define "credit.flagChecks" -}}
{{- $given := dict "settings" .Values.settings "api.settings" .Values.api.settings "bootstrap.settings" .Values.bootstrap.settings -}}
{{- range $name, $job := .Values.batch.jobs }}{{ $_ := set $given (printf "batch.jobs.%s.settings" $name) $job.settings }}{{ end -}}
{{- range $variable, $_ := merge (include "credit.apiFlags" . | fromYaml) (include "credit.trainingFlags" . | fromYaml) -}}
{{- range $where, $settings := $given -}}
{{- if hasKey $settings $variable -}}
{{- fail (printf "%s.%s is decided by a feature flag: set flags.reasonsByDefault, flags.shadowModel or flags.monotoneConstraints instead." $where $variable) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
