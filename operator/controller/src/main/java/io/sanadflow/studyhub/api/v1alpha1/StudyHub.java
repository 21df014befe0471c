package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One study hub: an app with its database, pooler and Redis, in one namespace.
 *
 * <p>The operator reads {@code spec} and writes {@code status}, never the other way round.
 */
@Group(StudyHub.GROUP)
@Version(StudyHub.VERSION)
@ShortNames("shub")
@Categories("sanadflow")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = Type.STRING,
    getDescription = "Whether app, pooler, database and Redis serve")
@AdditionalPrinterColumn(
    name = "Health",
    jsonPath = ".status.health",
    type = Type.STRING,
    getDescription = "Healthy, Degraded, Progressing, Stalled or Suspended")
@AdditionalPrinterColumn(
    name = "Backup",
    jsonPath = ".status.backup.lastSuccessTime",
    type = Type.DATE,
    getDescription = "Age of the newest good backup")
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".status.app.image",
    type = Type.STRING,
    priority = 1,
    getDescription = "The image that serves")
@AdditionalPrinterColumn(
    name = "Object store",
    jsonPath = ".status.objectStore.state",
    type = Type.STRING,
    priority = 1,
    getDescription = "What the last probe of the object store found")
@AdditionalPrinterColumn(
    name = "RTO",
    jsonPath = ".status.backup.lastDrill.recoveryTime",
    type = Type.STRING,
    priority = 1,
    getDescription = "Time that the last restore drill took")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = Type.DATE,
    getDescription = "Age of the hub")
@JsonClassDescription(
    "One study hub: an app with its PostgreSQL, PgBouncer and Redis, in one namespace.")
@ValidationRule(
    value =
        "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must be at most 40 lower-case letters, digits and '-', with a letter first and no '-' at the end, because the names of the hub's Services and volumes are made from it; pilot would work")
public class StudyHub extends RecordResource<StudyHubSpec, StudyHubStatus> {

  /** The API group of every resource of this project; also the prefix of its labels. */
  public static final String GROUP = "sanadflow.io";

  /** The served version. */
  public static final String VERSION = "v1alpha1";

  private static final long serialVersionUID = 1L;
}
