package io.sanadflow.studyhub.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The metadata of the hub's objects: name, labels, owner. */
final class Metadata {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Metadata() {}

  /** Of an object that goes with the StudyHub. */
  static ObjectMetaBuilder owned(Hub hub, String name, String component) {
    ObjectMetaBuilder metadata = plain(hub, name, component);
    if (!hub.uid().isEmpty()) {
      metadata.addToOwnerReferences(
          new OwnerReferenceBuilder()
              .withApiVersion(StudyHub.GROUP + "/" + StudyHub.VERSION)
              .withKind("StudyHub")
              .withName(hub.names().hub())
              .withUid(hub.uid())
              .withController(true)
              .withBlockOwnerDeletion(true)
              .build());
    }
    return metadata;
  }

  /** Of an object of another author, which goes with an object of the hub. */
  static ObjectMeta following(Hub hub, HasMetadata leader, String name, String component) {
    return plain(hub, name, component)
        .addToOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(leader.getApiVersion())
                .withKind(leader.getKind())
                .withName(leader.getMetadata().getName())
                .withUid(leader.getMetadata().getUid())
                .build())
        .build();
  }

  /** Whether an object may be given an owner: if no other controller removes it anyway. */
  static boolean mayShare(Hub hub, HasMetadata object) {
    return !hub.uid().isEmpty()
        && object.getMetadata().getOwnerReferences().stream()
            .allMatch(
                it -> !Boolean.TRUE.equals(it.getController()) || it.getUid().equals(hub.uid()));
  }

  /** Of data, which go with the StudyHub only by the user's word. */
  static ObjectMeta data(Hub hub, String name, String component) {
    return (hub.deleteData() ? owned(hub, name, component) : plain(hub, name, component)).build();
  }

  private static ObjectMetaBuilder plain(Hub hub, String name, String component) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(hub.names().namespace())
        .withLabels(Labels.of(hub.names().hub(), component));
  }

  /** A short hash of texts, the same in every run. */
  static String hash(Object... parts) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      String one = String.valueOf(part);
      // With their lengths, so that no two lists of parts give one text.
      text.append(one.getBytes(StandardCharsets.UTF_8).length).append(':').append(one);
    }
    return Sha256.hex(text.toString(), 5);
  }

  /** The JSON of lists and Kubernetes' own types: unlike toString, a form that is promised. */
  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A map in the form of a settings file, a line each. */
  static String lines(Map<String, String> settings, String separator) {
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (name, value) -> text.append((name + separator + value).stripTrailing()).append('\n'));
    return text.toString();
  }
}
