{{/* Names and labels. */}}

{{- define "credit.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* Labels that select pods. They can never change, so that no version is among them. Takes root, component. */}}
{{- define "credit.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of a pod: a new version of the chart alone must not replace it. Takes root, component. */}}
{{- define "credit.podLabels" -}}
{{ include "credit.selector" . }}
app.kubernetes.io/part-of: credit-scoring
{{- end }}

{{/*
Metadata of an object. Takes root, component, description; name (default: component), which follows the full name;
annotations and labels.
*/}}
{{- define "credit.metadata" -}}
name: {{ include "credit.fullname" .root }}-{{ .name | default .component }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "credit.podLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubernetes.io/description: {{ .description | quote }}
  {{- with .annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "credit.postgresHost" -}}
{{ include "credit.fullname" . }}-postgres
{{- end }}

{{/* Where the tracking server answers. */}}
{{- define "credit.mlflowUrl" -}}
{{- if .Values.mlflow.enabled -}}
http://{{ include "credit.fullname" . }}-mlflow:5000
{{- else -}}
{{ .Values.mlflow.externalUrl }}
{{- end -}}
{{- end }}

{{- define "credit.apiUrl" -}}
http://{{ include "credit.fullname" . }}-api:{{ .Values.api.service.port }}
{{- end }}

{{- define "credit.claim" -}}
{{- $claim := index .root.Values.volumes .name -}}
{{- $claim.existingClaim | default (printf "%s-%s" (include "credit.fullname" .root) .name) -}}
{{- end }}
