package io.sanadflow.studyhub.api.v1alpha1;

/** The types of a hub's conditions. All of them are written on the first visit. */
public enum ConditionType {
  /** App, pooler, database and Redis serve: each was asked and answered. */
  READY("Ready"),
  /** A change is under way. */
  RECONCILING("Reconciling"),
  /** Nothing more will happen until somebody acts; the message says what. */
  STALLED("Stalled"),
  /** The hub serves, but something that it promises is missing. */
  DEGRADED("Degraded"),
  /** The hub is stopped by {@code spec.suspend}. */
  SUSPENDED("Suspended"),
  /** The app's own health path answers 200 and the wanted pods are there. */
  APP_READY("AppReady"),
  /** A query through PgBouncer was answered in each serving pod. */
  POOLER_READY("PoolerReady"),
  /** The database answers and has its roles and extensions. */
  DATABASE_READY("DatabaseReady"),
  /** Redis answers PING over TLS. */
  REDIS_READY("RedisReady");

  private final String text;

  ConditionType(String text) {
    this.text = text;
  }

  /** The type as it stands in the status. */
  public String text() {
    return text;
  }
}
