package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.PoolerSpec;
import java.util.ArrayList;
import java.util.List;

/** Whether the pools fit into each other and, over all pods, into the database's connections. */
final class ConnectionChecks {

  /** Superuser's 3, migration's 2, the dump's 1 and the operator's 2. */
  static final int RESERVED = 8;

  private static final String MAX_CONNECTIONS = "spec.database.parameters.max_connections of ";

  private final PoolerSpec pooler;
  private final Hub hub;
  private final List<Problem> problems = new ArrayList<>();

  private ConnectionChecks(PoolerSpec pooler, Hub hub) {
    this.pooler = pooler;
    this.hub = hub;
  }

  static List<Problem> of(PoolerSpec pooler, Hub hub) {
    ConnectionChecks checks = new ConnectionChecks(pooler, hub);
    checks.pool();
    if (hub.database().external().isEmpty()) {
      checks.server();
    }
    return checks.problems;
  }

  private void pool() {
    if (pooler.minPoolSize() > pooler.defaultPoolSize()) {
      problems.add(
          new Problem(
              "spec.pooler.minPoolSize",
              pooler.minPoolSize()
                  + " is more than defaultPoolSize; at most "
                  + pooler.defaultPoolSize()
                  + " would work"));
    }
    if (hub.pooler().backends() > pooler.maxDbConnections()) {
      problems.add(
          new Problem(
              "spec.pooler.defaultPoolSize",
              pooler.defaultPoolSize()
                  + " and a reservePoolSize of "
                  + pooler.reservePoolSize()
                  + " are more than maxDbConnections of "
                  + pooler.maxDbConnections()
                  + "; "
                  + within(pooler.maxDbConnections())
                  + " would work"));
    }
  }

  /** The pool and its reserve made to fit into so many connections, with the fewest changes. */
  private String within(int connections) {
    if (connections - pooler.reservePoolSize() >= Math.max(1, pooler.minPoolSize())) {
      return "a defaultPoolSize of " + (connections - pooler.reservePoolSize());
    }
    if (connections >= pooler.defaultPoolSize()) {
      return "a reservePoolSize of " + (connections - pooler.defaultPoolSize());
    }
    return "a defaultPoolSize of "
        + connections
        + " with a reservePoolSize of 0"
        + (pooler.minPoolSize() > connections ? " and a minPoolSize of " + connections : "");
  }

  private void server() {
    int pods = Math.max(1, hub.app().replicas());
    int each = pooler.maxDbConnections();
    int wanted = pods * each + RESERVED;
    int available = hub.database().maxConnections();
    if (wanted <= available) {
      return;
    }
    List<String> proposals = new ArrayList<>();
    int share = (available - RESERVED) / pods;
    if (share >= 1) {
      proposals.add(pools(share));
    }
    if (wanted <= PostgresSettings.MOST_CONNECTIONS) {
      proposals.add(MAX_CONNECTIONS + wanted);
    }
    if (proposals.isEmpty()) {
      int most = (PostgresSettings.MOST_CONNECTIONS - RESERVED) / pods;
      proposals.add(pools(most) + " and " + MAX_CONNECTIONS + (pods * most + RESERVED));
    }
    problems.add(
        new Problem(
            "spec.pooler.maxDbConnections",
            pods
                + " app pods x "
                + each
                + " connections and "
                + RESERVED
                + " in reserve are "
                + wanted
                + ", more than the database's max_connections of "
                + available
                + "; "
                + String.join(" would work, or ", proposals)
                + (proposals.size() == 1 ? " would work" : "")));
  }

  private String pools(int connections) {
    return "maxDbConnections of "
        + connections
        + (hub.pooler().backends() > connections ? " with " + within(connections) : "");
  }
}
