package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One backup of a hub: one that a person asks for, or one that is in the bucket.
 *
 * <p>Deleting it deletes nothing in the bucket; retention does.
 */
@Group(StudyHub.GROUP)
@Version(StudyHub.VERSION)
@ShortNames("shubbackup")
@Categories("sanadflow")
@AdditionalPrinterColumn(
    name = "Hub",
    jsonPath = ".spec.hubRef.name",
    type = Type.STRING,
    getDescription = "The hub")
@AdditionalPrinterColumn(
    name = "Type",
    jsonPath = ".spec.type",
    type = Type.STRING,
    getDescription = "Dump or Base")
@AdditionalPrinterColumn(
    name = "Succeeded",
    jsonPath = ".status.conditions[?(@.type==\"Succeeded\")].status",
    type = Type.STRING,
    getDescription = "True, False, or Unknown while it runs")
@AdditionalPrinterColumn(
    name = "Size",
    jsonPath = ".status.size",
    type = Type.STRING,
    getDescription = "Length as stored")
@AdditionalPrinterColumn(
    name = "Verified",
    jsonPath = ".status.verification",
    type = Type.STRING,
    getDescription = "How far it is proven")
@AdditionalPrinterColumn(
    name = "Taken",
    jsonPath = ".status.time",
    type = Type.DATE,
    getDescription = "Age of the state that it holds")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Succeeded\")].reason",
    type = Type.STRING,
    priority = 1,
    getDescription = "Why")
@AdditionalPrinterColumn(
    name = "Key",
    jsonPath = ".status.key",
    type = Type.STRING,
    priority = 1,
    getDescription = "Where it is in the bucket")
@JsonClassDescription("One backup of a hub.")
public class StudyHubBackup extends RecordResource<StudyHubBackupSpec, StudyHubBackupStatus> {

  private static final long serialVersionUID = 1L;
}
