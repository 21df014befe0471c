package io.sanadflow.studyhub.model;

import java.util.Set;

/**
 * The names of a hub's objects, all functions of the hub's own name. People build on {@link #app},
 * {@link #database}, {@link #redis} and {@link #authority}, so those never change.
 *
 * @param hub the StudyHub's name, at most 40 characters
 * @param namespace the StudyHub's namespace
 */
public record Names(String hub, String namespace) {

  /** Deployment, Service, Ingress and ServiceAccount. */
  public String app() {
    return hub;
  }

  /** StatefulSet, Service and volume claim of PostgreSQL. */
  public String database() {
    return hub + "-db";
  }

  /** StatefulSet, Service and volume claim of Redis. */
  public String redis() {
    return hub + "-redis";
  }

  /** Secret with the files of PgBouncer. */
  public String pooler() {
    return hub + "-pooler";
  }

  /** Volume claim of the media; Deployment, Service and NetworkPolicy of their gateway. */
  public String media() {
    return hub + "-media";
  }

  /** Prefix of the migration Jobs; its NetworkPolicy and Secret. */
  public String migration() {
    return hub + "-migrate";
  }

  /** CronJob of the backups; NetworkPolicy of all that makes and restores them. */
  public String backup() {
    return hub + "-backup";
  }

  /** NetworkPolicy of restores from another object store. */
  public String restore() {
    return hub + "-restore";
  }

  /** CronJob that moves media to the bucket; prefix of the Jobs that do so at once. */
  public String offload() {
    return hub + "-offload";
  }

  /** CronJob, always suspended, of what a step of offload would do. */
  public String offloadPlan() {
    return hub + "-offload-plan";
  }

  /** CronJob that pushes the spooled write-ahead log. */
  public String wal() {
    return hub + "-wal";
  }

  /** CronJob of the restore drills. */
  public String drill() {
    return hub + "-drill";
  }

  /** CronJob that never runs by itself: a Job made from it says what retention would delete. */
  public String prune() {
    return hub + "-prune";
  }

  /** Prefix of the Jobs that try the object store. */
  public String storeProbe() {
    return hub + "-probe";
  }

  /** Volume claim of the local copies. */
  public String localCopies() {
    return hub + "-backups";
  }

  /** Secret with the certificate of the hub's authority. */
  public String authority() {
    return hub + "-ca";
  }

  /** Deployment, ServiceAccount, RoleBinding and NetworkPolicy of what sends the logs. */
  public String logs() {
    return hub + "-logs";
  }

  /** Service through which the hub's health is read. */
  public String health() {
    return hub + "-health";
  }

  /** Secret with the app's own URLs. */
  public String access() {
    return hub + "-app";
  }

  /** All Secrets that the operator makes for a hub, of whatever shape. */
  public Set<String> secrets() {
    return Set.of(
        access(),
        migration(),
        pooler(),
        authority(),
        authorityKey(),
        tls(database()),
        tls(redis()),
        tls(pooler()),
        auth(database()),
        auth(redis()),
        tls(media()),
        auth(media()));
  }

  /** Secret with the authority's private key. */
  public String authorityKey() {
    return hub + "-ca-key";
  }

  /**
   * Secret with the certificate of a part: {@link #database}, {@link #redis}, {@link #pooler},
   * {@link #media}.
   */
  public String tls(String part) {
    return part + "-tls";
  }

  /**
   * Secret with the generated passwords of a part: {@link #database}, {@link #redis}; the signing
   * key of {@link #media}.
   */
  public String auth(String part) {
    return part + "-auth";
  }

  /** ConfigMap with the settings of a part. */
  public String config(String part) {
    return part + "-config";
  }

  /** Traefik TLSOption; a part of its own name, since Traefik drops two that are called default. */
  public String tlsOption() {
    return hub + "-tls13";
  }

  /** The name of a Service as its clients in the cluster write it. */
  public String host(String service) {
    return service + "." + namespace + ".svc";
  }
}
