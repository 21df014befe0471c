package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of later versions: accepted, and said to be without effect. */
final class LaterFields {

  private LaterFields() {}

  /** The fields of later versions that the spec has. */
  static List<String> of(StudyHubSpec spec) {
    List<String> fields = new ArrayList<>();
    if (spec.monitoring() != null) {
      named(fields, "spec.monitoring.logs", spec.monitoring().logs());
    }
    return List.copyOf(fields);
  }

  private static void named(List<String> fields, String field, @Nullable Object value) {
    if (value != null) {
      fields.add(field);
    }
  }
}
