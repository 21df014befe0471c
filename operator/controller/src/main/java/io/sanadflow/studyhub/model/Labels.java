package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/** The labels and annotations of the operator's objects. */
public final class Labels {

  /** Who made an object; the caches hold only what carries it. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** The value of {@link #MANAGED_BY}, the field manager's name and that of the operator's pods. */
  public static final String OPERATOR = "studyhub-operator";

  /** The hub that an object belongs to. */
  public static final String HUB = "sanadflow.io/hub";

  /** The part of the hub: app, database, redis, migration, backup, media, logs. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** On Jobs of agents and their pods: what they do, such as probe, backup, wal, drill, restore. */
  public static final String RUN = "sanadflow.io/run";

  /** On the backups' CronJob: the store that was found to work, in short. */
  public static final String PROVEN = "sanadflow.io/proven-store";

  /** On the backups' CronJob: the store that has a first backup, in short. */
  public static final String FIRST_BACKUP = "sanadflow.io/first-backup";

  /** On the app's Deployment: the migration that ran before its template was applied. */
  public static final String MIGRATION = "sanadflow.io/migration";

  /** On the app's Deployment: the restore whose data the hub has. */
  public static final String RESTORED = "sanadflow.io/restored";

  /** On the app's pods, and on the claim of the media: where the app keeps them. */
  public static final String MEDIA = "sanadflow.io/media";

  /**
   * On the claim of the media: since when the ledger has the app's media where it says, RFC 3339.
   */
  public static final String MEDIA_SINCE = "sanadflow.io/media-since";

  /** The value of {@link #MEDIA} of pods and claims whose app uses the bucket. */
  public static final String IN_BUCKET = "bucket";

  /** The value of {@link #MEDIA} of claims whose media are in the bucket behind the gateway. */
  public static final String BEHIND_GATEWAY = "gateway";

  /** The value of {@link #MEDIA} of claims whose app uses the volume. */
  public static final String ON_VOLUME = "volume";

  /** On the offload's CronJob: the run that was made at once, in short. */
  public static final String OFFLOAD_RUN = "sanadflow.io/offload-run";

  /** On the app's Deployment: that it is stopped while data are swapped. */
  public static final String STOPPED = "sanadflow.io/stopped";

  /** On pod templates: a hash of what makes the pods start anew when it changes. */
  public static final String RESTART = "sanadflow.io/restart";

  /** On pod templates: a hash of the password that the server reads at its start. */
  public static final String CREDENTIALS = "sanadflow.io/credentials";

  /** On the pooler's Secret: what its files are, in one word. */
  public static final String REVISION = "sanadflow.io/revision";

  /** On the database's StatefulSet: a hash of its pod; another pod is a restart. */
  public static final String TEMPLATE = "sanadflow.io/template";

  private Labels() {}

  /** Whether the operator made an object, by its label. */
  public static boolean ours(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && OPERATOR.equals(labels.get(MANAGED_BY));
  }

  /** The labels that every object of a hub's part carries. */
  public static Map<String, String> of(String hub, String component) {
    return Map.of(
        MANAGED_BY,
        OPERATOR,
        "app.kubernetes.io/name",
        "studyhub",
        "app.kubernetes.io/instance",
        hub,
        COMPONENT,
        component,
        HUB,
        hub);
  }

  /** The labels that choose the pods of a hub's part. */
  public static Map<String, String> selector(String hub, String component) {
    return Map.of("app.kubernetes.io/instance", hub, COMPONENT, component, HUB, hub);
  }
}
