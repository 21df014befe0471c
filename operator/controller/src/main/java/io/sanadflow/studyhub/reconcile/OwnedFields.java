package io.sanadflow.studyhub.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Sha256;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The fields of a stored object that the operator owns, as a fingerprint. It equals the fingerprint
 * of the desired object exactly when applying that would change nothing, so no request is needed to
 * find out, and neither the object nor its managedFields have to be kept.
 *
 * <p>The form of managedFields is that of structured-merge-diff: {@code f:} a field, {@code k:} an
 * item of a list by its keys, {@code v:} an item by its value, {@code .} the thing itself.
 */
final class OwnedFields {

  private static final Set<String> QUANTITIES = Set.of("limits", "requests");

  private static final Set<String> QUANTITY_FIELDS = Set.of("sizeLimit", "storage");

  private final ObjectMapper mapper;

  OwnedFields(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Of an object as it should be. */
  String ofDesired(HasMetadata desired) {
    ObjectNode tree = mapper.valueToTree(desired);
    return hash(identityRemoved(tree));
  }

  /** Of an object as it is stored; empty where the operator has applied nothing to it. */
  Optional<String> ofStored(HasMetadata stored) {
    List<ManagedFieldsEntry> entries = stored.getMetadata().getManagedFields();
    if (entries == null) {
      return Optional.empty();
    }
    return entries.stream()
        .filter(it -> Labels.OPERATOR.equals(it.getManager()))
        .filter(it -> "Apply".equals(it.getOperation()))
        .filter(it -> it.getSubresource() == null || it.getSubresource().isEmpty())
        .findFirst()
        .map(
            it -> {
              JsonNode owned = mapper.valueToTree(it.getFieldsV1());
              JsonNode tree = mapper.valueToTree(stored);
              return hash(identityRemoved((ObjectNode) project(tree, owned)));
            });
  }

  /** What both sides have anyway. */
  private static ObjectNode identityRemoved(ObjectNode tree) {
    tree.remove(List.of("apiVersion", "kind", "status"));
    if (tree.get("metadata") instanceof ObjectNode metadata) {
      metadata.retain("labels", "annotations", "ownerReferences");
    }
    return tree;
  }

  private JsonNode project(JsonNode value, JsonNode owned) {
    List<Map.Entry<String, JsonNode>> parts = new ArrayList<>();
    owned
        .fields()
        .forEachRemaining(
            it -> {
              if (!it.getKey().equals(".")) {
                parts.add(it);
              }
            });
    if (parts.isEmpty() && owned.size() == 0) {
      return value;
    }
    if (value.isArray()) {
      return projectList((ArrayNode) value, parts);
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> part : parts) {
      String name = part.getKey().substring(2);
      JsonNode child = value.get(name);
      if (child != null) {
        result.set(name, project(child, part.getValue()));
      }
    }
    return result;
  }

  /** Items in the order of the object, since that of managedFields is another. */
  private JsonNode projectList(ArrayNode list, List<Map.Entry<String, JsonNode>> parts) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (JsonNode item : list) {
      for (Map.Entry<String, JsonNode> part : parts) {
        JsonNode selector = read(part.getKey().substring(2));
        boolean matches =
            part.getKey().startsWith("v:") ? item.equals(selector) : hasAll(item, selector);
        if (matches) {
          result.add(project(item, part.getValue()));
          break;
        }
      }
    }
    return result;
  }

  private static boolean hasAll(JsonNode item, JsonNode keys) {
    Iterator<Map.Entry<String, JsonNode>> fields = keys.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> key = fields.next();
      if (!key.getValue().asText().equals(item.path(key.getKey()).asText())) {
        return false;
      }
    }
    return true;
  }

  private JsonNode read(String json) {
    try {
      return mapper.readTree(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("managedFields with a key that is not JSON", impossible);
    }
  }

  private static String hash(JsonNode tree) {
    StringBuilder text = new StringBuilder();
    canonical(tree, false, text);
    return Sha256.hex(text.toString(), 10);
  }

  /** Sorted keys, nothing empty (which the server leaves out), quantities by their value. */
  private static void canonical(JsonNode node, boolean quantity, StringBuilder text) {
    if (node.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      node.fields()
          .forEachRemaining(
              it -> {
                if (!empty(it.getValue())) {
                  sorted.put(it.getKey(), it.getValue());
                }
              });
      text.append('{');
      sorted.forEach(
          (name, value) -> {
            text.append(name).append('=');
            boolean amounts = value.isObject() ? QUANTITIES.contains(name) : quantity;
            canonical(value, amounts || QUANTITY_FIELDS.contains(name), text);
            text.append(';');
          });
      text.append('}');
    } else if (node.isArray()) {
      text.append('[');
      node.forEach(
          it -> {
            canonical(it, false, text);
            text.append(',');
          });
      text.append(']');
    } else {
      text.append(quantity ? amount(node.asText()) : node.asText());
    }
  }

  private static String amount(String quantity) {
    try {
      return Quantity.getAmountInBytes(Quantity.parse(quantity))
          .stripTrailingZeros()
          .toPlainString();
    } catch (IllegalArgumentException none) {
      return quantity;
    }
  }

  private static boolean empty(JsonNode node) {
    if (node.isObject()) {
      for (JsonNode child : node) {
        if (!empty(child)) {
          return false;
        }
      }
      return true;
    }
    return node.isNull()
        || (node.isArray() && node.isEmpty())
        || (node.isTextual() && node.asText().isEmpty());
  }
}
