package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One restore of a hub: the backup is loaded beside the present data, checked, and swapped in. */
@Group(StudyHub.GROUP)
@Version(StudyHub.VERSION)
@ShortNames("shubrestore")
@Categories("sanadflow")
@AdditionalPrinterColumn(
    name = "Hub",
    jsonPath = ".spec.hubRef.name",
    type = Type.STRING,
    getDescription = "The hub")
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = Type.STRING,
    getDescription = "Waiting, Loading, Swapping, Succeeded or Failed")
@AdditionalPrinterColumn(
    name = "Restored to",
    jsonPath = ".status.restoredTo",
    type = Type.STRING,
    getDescription = "The moment whose state the hub has now")
@AdditionalPrinterColumn(
    name = "Duration",
    jsonPath = ".status.duration",
    type = Type.STRING,
    getDescription = "How long it took")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Succeeded\")].reason",
    type = Type.STRING,
    priority = 1,
    getDescription = "Why")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = Type.DATE,
    getDescription = "Age of the restore")
@JsonClassDescription("One restore of a hub.")
public class StudyHubRestore extends RecordResource<StudyHubRestoreSpec, StudyHubRestoreStatus> {

  private static final long serialVersionUID = 1L;
}
