{{/* The labels of every object. */}}
{{- define "operator.labels" -}}
app.kubernetes.io/name: studyhub-operator
app.kubernetes.io/part-of: studyhub
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The image by digest, else by tag. */}}
{{- define "operator.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}
{{- end }}

{{/* A file of the chart; an archive that lost one must not install half of it. */}}
{{- define "operator.file" -}}
{{- $text := .root.Files.Get .name -}}
{{- if not $text }}{{ fail (printf "the chart has no %s: was it copied without its files/ ?" .name) }}{{ end -}}
{{ $text }}
{{- end }}
