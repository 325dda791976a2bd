{{/* What every pod of the chart has: no rights, no token, no writable file but its data and /tmp. */}}
{{- define "countersign.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false  # a Service's variables are named as settings are: COUNTERSIGN_PORT
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "countersign.container" -}}
image: {{ include "countersign.image" . | quote }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml .Values.resources | nindent 2 }}
{{- end -}}

{{- define "countersign.environment" -}}
- {name: COUNTERSIGN_DATA, value: /data/log}
- {name: COUNTERSIGN_SECRETS, value: /run/secrets/countersign}
{{- end -}}

{{/* A pod's data folder is empty at its start: it gets the log's key, and the checkpoint that the log must continue. */}}
{{- define "countersign.log-files" -}}
name: log-files
{{ include "countersign.container" . }}
command: [sh, -c, "mkdir -m 700 -p /data/log && install -m 600 /run/log/log.key /run/log/log.vkey /run/log/checkpoint /data/log"]
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: log, mountPath: /run/log, readOnly: true}
{{- end -}}

{{- define "countersign.volumes" -}}
- name: data
  emptyDir: {}
- name: tmp
  emptyDir: {}
- name: log
  secret:
    secretName: {{ required "log: name the Secret with log.key, log.vkey and checkpoint" .Values.log }}
    defaultMode: 0440
{{- end -}}
