package io.sanadflow.studyhub.schema;

import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.util.List;

/**
 * What a file of YAML holds.
 *
 * @param hubs the hubs, with their defaults, in the file's order
 * @param others how many documents are of another kind, such as Secrets; they were not looked at
 */
public record HubFile(List<StudyHub> hubs, int others) {

  /** Copies the list. */
  public HubFile {
    hubs = List.copyOf(hubs);
  }
}
