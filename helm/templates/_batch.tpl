{{/* Jobs that run the batch steps. */}}

{{/* What another attempt does not change: the command, a setting, the tables, a missing input, a gate. */}}
{{- define "credit.podFailures" -}}
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes: {operator: In, values: [2, 3, 4, 5, 6, 8, 9, 13]}
    # The node was drained.
    - action: Ignore
      onPodConditions:
        - {type: DisruptionTarget}
{{- end }}

{{- define "credit.batchMounts" -}}
- {name: data, mountPath: /var/lib/credit-scoring}
- {name: raw, mountPath: /raw, readOnly: true}
- {name: secrets, mountPath: /run/secrets, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "credit.batchVolumes" -}}
- name: data
  persistentVolumeClaim: {claimName: {{ include "credit.claim" (dict "root" . "name" "data") }}}
- name: raw
  persistentVolumeClaim: {claimName: {{ include "credit.claim" (dict "root" . "name" "raw") }}, readOnly: true}
{{ include "credit.programSecrets" (dict "root" . "tunes" true) }}
{{ include "credit.scratch" "4Gi" }}
{{- end }}

{{/* A volume that one node mounts at a time: a step joins the node of a step that runs. */}}
{{- define "credit.onNodeOfData" -}}
affinity:
  podAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              app.kubernetes.io/instance: {{ .Release.Name }}
            matchExpressions:
              - {key: app.kubernetes.io/component, operator: In, values: [batch, bootstrap]}
{{- end }}
