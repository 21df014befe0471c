package io.sanadflow.studyhub.e2e;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A hub whose database another hub uses, as if it were a server of somebody else. */
record Lender(Cluster cluster, Hub hub) {

  /** Starts it, and lets the pods of the other hub through to its database. */
  static Lender start(Cluster cluster, String borrower) {
    Hub hub = new Hub(cluster, "lender");
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(Duration.ofMinutes(3));
    cluster
        .kubectlWith(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: borrower
            spec:
              podSelector:
                matchLabels:
                  sanadflow.io/hub: lender
                  app.kubernetes.io/component: database
              policyTypes: [Ingress]
              ingress:
                - from:
                    - podSelector:
                        matchLabels:
                          sanadflow.io/hub: %s
                  ports:
                    - port: 5432
            """
                .formatted(borrower),
            "apply",
            "-f",
            "-")
        .orFail();
    return new Lender(cluster, hub);
  }

  /** The server's name, which is in its certificate. */
  String host() {
    return "lender-db." + cluster.namespace() + ".svc";
  }

  /** The database on it. */
  String database() {
    return url().getPath().substring(1);
  }

  /** The Secret with the authority, as a hub names it. */
  String authoritySecret() {
    return "lender-ca";
  }

  /** The authority's certificate. */
  String authority() {
    return hub.secret(authoritySecret(), "ca.crt");
  }

  /** The owner of the database. */
  String username() {
    return url().getRawUserInfo().split(":", 2)[0];
  }

  /** The owner's password. */
  String password() {
    return URLDecoder.decode(url().getRawUserInfo().split(":", 2)[1], StandardCharsets.UTF_8);
  }

  /** Makes the Secret that a hub names for its login. */
  void credentials(String secret) {
    cluster
        .kubectlWith(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: %s
            stringData:
              username: %s
              password: %s
            """
                .formatted(secret, username(), password()),
            "apply",
            "-f",
            "-")
        .orFail();
  }

  private URI url() {
    return URI.create(hub.secret("lender-migrate", "DIRECT_DATABASE_URL"));
  }
}
