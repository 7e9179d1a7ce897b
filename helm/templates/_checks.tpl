{{/* What the schema cannot express; each message says what to do. */}}
{{- define "credit.checks" -}}
{{- $sources := list -}}
{{- if .Values.secrets.existingSecret }}{{ $sources = append $sources "secrets.existingSecret" }}{{ end -}}
{{- if .Values.secrets.generate }}{{ $sources = append $sources "secrets.generate" }}{{ end -}}
{{- if .Values.secrets.external.enabled }}{{ $sources = append $sources "secrets.external.enabled" }}{{ end -}}
{{- if ne (len $sources) 1 -}}
{{- fail (printf "Passwords need exactly one origin, and there are %d (%s). Set one of secrets.existingSecret, secrets.external.enabled and secrets.generate." (len $sources) (join ", " $sources)) -}}
{{- end -}}
{{- if and .Values.secrets.generate (eq .Values.environment "production") -}}
{{- fail "secrets.generate is for development: Helm keeps the passwords in its records. In production, set secrets.existingSecret or secrets.external.enabled." -}}
{{- end -}}
{{- if and .Values.secrets.generate (not .Values.postgres.enabled) -}}
{{- fail "secrets.generate makes addresses of the bundled PostgreSQL, which postgres.enabled=false leaves out. Set secrets.existingSecret or secrets.external.enabled." -}}
{{- end -}}
{{- if and .Values.secrets.external.enabled (not .Values.secrets.external.store.name) -}}
{{- fail "secrets.external.enabled needs secrets.external.store.name, the SecretStore to read." -}}
{{- end -}}
{{- if and (not .Values.mlflow.enabled) (not .Values.mlflow.externalUrl) -}}
{{- fail "mlflow.enabled=false needs mlflow.externalUrl, the address of another tracking server." -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.httpRoute.enabled -}}
{{- fail "ingress.enabled and httpRoute.enabled publish the same service twice. Choose one." -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.enabled needs httpRoute.parentRefs, the Gateway to attach to." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (eq .Values.environment "production") (not .Values.ingress.tlsSecret) -}}
{{- fail "The Ingress of a production installation needs ingress.tlsSecret: API keys must not travel unencrypted." -}}
{{- end -}}
{{- if and (eq .Values.api.service.type "LoadBalancer") (not .Values.api.service.loadBalancerSourceRanges) -}}
{{- fail "api.service.type=LoadBalancer needs api.service.loadBalancerSourceRanges: metrics and probes need no key and are published too." -}}
{{- end -}}
{{- if and (eq .Values.api.service.type "LoadBalancer") .Values.networkPolicy.enabled (not .Values.networkPolicy.clientCidrs) -}}
{{- fail "api.service.type=LoadBalancer needs networkPolicy.clientCidrs, the addresses that reach the pods." -}}
{{- end -}}
{{- if and .Values.api.autoscaling.enabled (gt (int .Values.api.autoscaling.minReplicas) (int .Values.api.autoscaling.maxReplicas)) -}}
{{- fail (printf "api.autoscaling.minReplicas=%d is greater than api.autoscaling.maxReplicas=%d." (int .Values.api.autoscaling.minReplicas) (int .Values.api.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (or (not .Values.postgres.enabled) (not .Values.mlflow.enabled)) (not .Values.networkPolicy.externalCidrs) (not .Values.networkPolicy.externalNamespaces) -}}
{{- fail "A PostgreSQL or an MLflow outside the chart needs networkPolicy.externalCidrs or externalNamespaces, where they are; everything else is denied." -}}
{{- end -}}
{{- if and .Values.api.rollout.enabled (not .Values.monitoring.enabled) -}}
{{- fail "api.rollout.enabled needs monitoring.enabled: without metrics of its pods, no canary is ever promoted." -}}
{{- end -}}
{{- if .Values.image.requireDigest -}}
{{- $images := dict "api" .Values.api.image -}}
{{- if .Values.mlflow.enabled }}{{ $_ := set $images "mlflow" .Values.mlflow.image }}{{ end -}}
{{- if .Values.postgres.enabled }}{{ $_ := set $images "postgres" .Values.postgres.image }}{{ end -}}
{{- if .Values.batch.enabled }}{{ $_ := set $images "batch.images.etl" .Values.batch.images.etl }}{{ end -}}
{{- if or .Values.batch.enabled .Values.bootstrap.enabled }}{{ $_ := set $images "batch.images.training" .Values.batch.images.training }}{{ end -}}
{{- if and .Values.postgres.enabled .Values.monitoring.enabled .Values.monitoring.postgresExporter.enabled }}{{ $_ := set $images "monitoring.postgresExporter" .Values.monitoring.postgresExporter.image }}{{ end -}}
{{- range $name, $image := $images -}}
{{- if not $image.digest -}}
{{- fail (printf "The image %s has no digest (%s), and image.requireDigest asks for one: a tag may name another image tomorrow. The digests are in release.json." $image.repository (ternary (printf "%s.digest" $name) (printf "%s.image.digest" $name) (hasPrefix "batch." $name))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
