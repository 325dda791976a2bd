{{- define "countersign.name" -}}
{{- if contains "countersign" .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-countersign" (.Release.Name | trunc 38 | trimSuffix "-") }}{{- end -}}
{{- end -}}

{{- define "countersign.selector" -}}
app.kubernetes.io/name: countersign
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "countersign.labels" -}}
{{ include "countersign.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "countersign.image" -}}
{{- $repository := required "image.repository: name the image, without a tag" .Values.image.repository -}}
{{- $digest := required "image.digest: name the image's digest (sha256:…)" .Values.image.digest -}}
{{ $repository }}@{{ $digest }}
{{- end -}}

{{/* A ConfigMap's keys have no slash. */}}
{{- define "countersign.key" -}}{{ . | replace "/" "_._" }}{{- end -}}
