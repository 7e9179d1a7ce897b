{{/* What all pods have in common. */}}

{{/* Takes root, image (repository, tag, digest). Images of others have a tag of their own. */}}
{{- define "credit.image" -}}
{{- $ours := .root.Values.image -}}
{{- $registry := ternary (printf "%s/" $ours.registry) "" (ne $ours.registry "") -}}
{{- if .image.digest -}}
{{ $registry }}{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ $registry }}{{ .image.repository }}:{{ .image.tag | default $ours.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Takes root, values (scheduling of the component), user, group, volumeGroup; hook: the account may not exist yet. */}}
{{- define "credit.pod" -}}
serviceAccountName: {{ ternary "default" (include "credit.serviceAccount" .root) (.hook | default false) }}
automountServiceAccountToken: false
# Variables of services would look like settings of the program or of MLflow.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | default 10001 }}
  runAsGroup: {{ .group | default 0 }}
  fsGroup: {{ .volumeGroup | default 10001 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "credit.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "credit.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{/* Image and rights of a container. Takes root, image. */}}
{{- define "credit.container" -}}
image: {{ include "credit.image" . }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Settings of all programs, by variable. */}}
{{- define "credit.settings" -}}
CREDIT_ENVIRONMENT: {{ .Values.environment }}
CREDIT_LOG_LEVEL: {{ .Values.logLevel }}
CREDIT_REGISTRY_TRACKING_URI: {{ include "credit.mlflowUrl" . | quote }}
{{ include "credit.trainingFlags" . }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Environment of a container from these settings, and those of its component. Takes root, settings. */}}
{{- define "credit.environment" -}}
envFrom:
  - configMapRef: {name: {{ include "credit.fullname" .root }}-settings}
{{- with .settings }}
env:
  {{- range $name, $value := . }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
{{- end }}
{{- end }}

{{- define "credit.settingsChecksum" -}}
{{- include "credit.settings" . | sha256sum | trunc 16 -}}
{{- end }}

{{- define "credit.scratch" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ . }}
{{- end }}

{{/* Waits until the tables fit, which a first start creates meanwhile. Takes root, image. */}}
{{- define "credit.waitForSchema" -}}
- name: wait-for-schema
  {{- include "credit.container" . | nindent 2 }}
  command: [sh, -c, "until credit-scoring database check; do sleep 5; done"]
  {{- include "credit.environment" (dict "root" .root) | nindent 2 }}
  resources:
    {{- toYaml .root.Values.waiting.resources | nindent 4 }}
  volumeMounts:
    - {name: secrets, mountPath: /run/secrets, readOnly: true}
    - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* Waits until an address answers 200. Takes root, image, name, urls. */}}
{{- define "credit.waitForUrl" -}}
- name: {{ .name }}
  {{- include "credit.container" . | nindent 2 }}
  # One process: another one every second would take processor time from what it waits for.
  command:
    - python
    - -c
    - |-
      import sys
      import time

      from credit_scoring.smoke.liveness import problem_with

      while all(problem_with(url) for url in sys.argv[1:]):
          print(f"Waiting for {sys.argv[1]}", flush=True)
          time.sleep(2)
    {{- range .urls }}
    - {{ . | quote }}
    {{- end }}
  resources:
    {{- toYaml .root.Values.waiting.resources | nindent 4 }}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
{{- end }}

{{/*
The number of replicas stays Helm's own until the autoscaler changes it for the first time: a number that nobody owns
falls to 1, and the autoscaler needs some seconds to raise it again.
*/}}
{{- define "credit.replicasUntilAutoscaled" -}}
{{- $deployment := lookup "apps/v1" "Deployment" .Release.Namespace (printf "%s-api" (include "credit.fullname" .)) -}}
{{- if $deployment -}}
{{- $scaled := false -}}
{{- range $deployment.metadata.managedFields -}}
{{- if eq (.subresource | default "") "scale" }}{{ $scaled = true }}{{ end -}}
{{- end -}}
{{- if not $scaled -}}
replicas: {{ $deployment.spec.replicas }}
{{- end -}}
{{- end -}}
{{- end }}
