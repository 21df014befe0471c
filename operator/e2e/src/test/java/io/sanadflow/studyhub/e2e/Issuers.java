package io.sanadflow.studyhub.e2e;

/** cert-manager in the cluster, and issuers of it that sign with an authority of their own. */
record Issuers(Cluster cluster) {

  /** Whether the cluster has the kinds of cert-manager. */
  static boolean served(Cluster cluster) {
    return cluster.client().getApiGroup("cert-manager.io") != null;
  }

  /** Makes an Issuer, and waits until it is ready. */
  void create(String name) {
    cluster
        .kubectlWith(
            """
            apiVersion: cert-manager.io/v1
            kind: Issuer
            metadata: {name: NAME-root}
            spec: {selfSigned: {}}
            ---
            apiVersion: cert-manager.io/v1
            kind: Certificate
            metadata: {name: NAME-root}
            spec:
              isCA: true
              commonName: NAME
              secretName: NAME-root
              privateKey: {algorithm: ECDSA}
              issuerRef: {name: NAME-root}
            ---
            apiVersion: cert-manager.io/v1
            kind: Issuer
            metadata: {name: NAME}
            spec: {ca: {secretName: NAME-root}}
            """
                .replace("NAME", name),
            "apply",
            "-f",
            "-")
        .orFail();
    cluster.kubectl("wait", "--for=condition=Ready", "issuer/" + name, "--timeout=60s").orFail();
  }

  /** The certificate of an issuer's authority. */
  String authority(Hub hub, String name) {
    return hub.secret(name + "-root", "tls.crt").strip();
  }
}
