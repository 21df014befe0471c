package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of later versions: accepted, and said to be without effect. Their values are checked all
 * the same, so that the version that acts on them finds none that it would refuse.
 */
final class LaterFields {

  private LaterFields() {}

  /** The fields of later versions that the spec has. */
  static List<String> of(StudyHubSpec spec) {
    List<String> fields = new ArrayList<>();
    if (spec.monitoring() != null) {
      named(fields, "spec.monitoring.logs", spec.monitoring().logs());
      if ("Public".equals(spec.monitoring().statusPage())) {
        fields.add("spec.monitoring.statusPage");
      }
    }
    return List.copyOf(fields);
  }

  private static void named(List<String> fields, String field, @Nullable Object value) {
    if (value != null) {
      fields.add(field);
    }
  }

  static void read(StudyHubSpec spec, Reading reading) {
    reading.readable("spec.budget.objectStorage", spec.budget().objectStorage());
  }
}
