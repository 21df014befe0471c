module sanadflow.io/studyhub/gitops/argocd

go 1.26.0
