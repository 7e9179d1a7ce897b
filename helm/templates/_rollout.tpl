{{/* The canary of the prediction service. */}}

{{- define "credit.apiWorkload" -}}
{{ ternary "Rollout" "Deployment" .Values.api.rollout.enabled }}
{{- end }}
{{- define "credit.apiWorkloadVersion" -}}
{{ ternary "argoproj.io/v1alpha1" "apps/v1" .Values.api.rollout.enabled }}
{{- end }}

{{/* Steps and metrics, of this installation alone. */}}
{{- define "credit.canary" -}}
{{- $series := printf "job=\"credit-api\", namespace=%q" .Release.Namespace -}}
{{- .Files.Get "files/canary.yaml" | replace "job=\"credit-api\"" $series | replace "PROMETHEUS_ADDRESS" .Values.api.rollout.prometheus | replace "ANALYSIS_TEMPLATE" (printf "%s-api" (include "credit.fullname" .)) -}}
{{- end }}
