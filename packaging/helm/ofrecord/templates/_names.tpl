{{- define "ofrecord.name" -}}
{{ .Release.Name }}-ofrecord
{{- end }}

{{- define "ofrecord.chosen" -}}
app.kubernetes.io/name: ofrecord
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ofrecord.labels" -}}
{{ include "ofrecord.chosen" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "ofrecord.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "ofrecord.scheme" -}}
{{ if .Values.tls.existingSecret }}HTTPS{{ else }}HTTP{{ end }}
{{- end }}
