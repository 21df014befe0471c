package io.sanadflow.studyhub.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

/** What a cluster does when managers apply, change their minds and meet each other. */
class ServerSideApplyTest {

  private static final String MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

  @Test
  void whatIsAppliedIsThereAndRecordedDownToItsLeaves() throws Exception {
    ObjectNode result =
        apply(yaml(MAP), "one", MAP + "data: {x: '1'}\nspec: {list: [{a: 1}], none: {}}");

    assertThat(result.at("/data/x").asText()).isEqualTo("1");
    assertThat(result.at("/metadata/managedFields"))
        .isEqualTo(
            yaml("f: [{manager: one, operation: Apply, apiVersion: v1, fieldsType: FieldsV1,"
                    + " fieldsV1: {'f:data': {'f:x': {}},"
                    + " 'f:spec': {'f:list': {}, 'f:none': {}}}}]")
                .get("f"));
  }

  @Test
  void whatIsNoLongerAppliedGoesAndTheEmptyMapsAroundIt() throws Exception {
    ObjectNode first =
        apply(
            yaml(MAP + "data: {mine: '0'}"), "one", MAP + "data: {x: '1'}\nspec: {a: {b: {c: 1}}}");
    ObjectNode second = apply(first, "one", MAP + "data: {y: '2'}");

    assertThat(second.get("data")).isEqualTo(yaml("{mine: '0', y: '2'}"));
    assertThat(second.has("spec")).isFalse();
  }

  @Test
  void whatAnotherAppliesTooStays() throws Exception {
    ObjectNode both =
        apply(apply(yaml(MAP), "one", MAP + "data: {x: '1'}"), "two", MAP + "data: {x: '1'}");
    ObjectNode withoutOne = apply(both, "one", MAP);

    assertThat(withoutOne.at("/data/x").asText()).isEqualTo("1");
    assertThat(withoutOne.at("/metadata/managedFields").findValuesAsText("manager"))
        .containsExactly("two");
  }

  @Test
  void listsAreReplacedAsAWhole() throws Exception {
    ObjectNode first = apply(yaml(MAP), "one", MAP + "spec: {ports: [{name: a}, {name: b}]}");
    ObjectNode second = apply(first, "one", MAP + "spec: {ports: [{name: c}]}");

    assertThat(second.at("/spec/ports")).isEqualTo(yaml("p: [{name: c}]").get("p"));
  }

  @Test
  void aLeafThatBecomesAMapAndBackLeavesNothingBehind() throws Exception {
    ObjectNode leaf = apply(yaml(MAP), "one", MAP + "spec: {a: 1}");
    ObjectNode map = apply(leaf, "one", MAP + "spec: {a: {b: 2}}");
    ObjectNode again = apply(map, "one", MAP + "spec: {a: 1}");

    assertThat(map.at("/spec/a/b").asInt()).isEqualTo(2);
    assertThat(again).isEqualTo(leaf);
  }

  @Test
  void anotherValueThanAnotherManagersIsAConflictUnlessForced() throws Exception {
    ObjectNode one = apply(yaml(MAP), "one", MAP + "data: {x: '1', y: '1'}");
    ObjectNode other = yaml(MAP + "data: {x: '2'}");

    assertThatThrownBy(() -> ServerSideApply.apply(one, other, "two", "", false))
        .hasMessageContaining("conflict with one")
        .hasMessageContaining(".data.x");
    ObjectNode forced = ServerSideApply.apply(one, other, "two", "", true);
    assertThat(forced.at("/data/x").asText()).isEqualTo("2");
    assertThat(fieldsOf(forced, "one")).isEqualTo(yaml("{'f:data': {'f:y': {}}}"));
  }

  @Test
  void theStatusHasAnEntryOfItsOwnAndIsAllThatItsApplyTouches() throws Exception {
    ObjectNode spec = apply(yaml(MAP), "one", MAP + "spec: {a: 1}");
    ObjectNode both =
        ServerSideApply.apply(
            spec, yaml(MAP + "spec: {a: 9}\nstatus: {b: 1}"), "one", "status", true);

    assertThat(both.at("/spec/a").asInt()).isEqualTo(1);
    assertThat(both.at("/status/b").asInt()).isEqualTo(1);
    assertThat(both.at("/metadata/managedFields").findValuesAsText("subresource"))
        .containsExactly("status");
    assertThat(both.at("/metadata/managedFields")).hasSize(2);
  }

  @Test
  void equalAppliesGiveEqualObjects() throws Exception {
    String wanted = MAP + "data: {x: '1'}\nspec: {list: [1, 2], n: null}";
    ObjectNode once = apply(apply(yaml(MAP), "two", MAP + "data: {z: '1'}"), "one", wanted);

    assertThat(apply(once, "one", wanted)).isEqualTo(once);
    assertThat(once.at("/spec").has("n")).isFalse();
  }

  private static ObjectNode apply(ObjectNode live, String manager, String wanted)
      throws JsonProcessingException {
    return ServerSideApply.apply(live, yaml(wanted), manager, "", true);
  }

  private static JsonNode fieldsOf(ObjectNode object, String manager) {
    return object
        .at("/metadata/managedFields")
        .valueStream()
        .filter(it -> it.path("manager").asText().equals(manager))
        .findFirst()
        .orElseThrow()
        .path("fieldsV1");
  }

  private static ObjectNode yaml(String text) throws JsonProcessingException {
    // By way of JSON, so that numbers are of the types that the API's own are.
    return (ObjectNode)
        Serialization.jsonMapper()
            .readTree(Serialization.jsonMapper().writeValueAsString(read(text)));
  }

  private static JsonNode read(String text) {
    return Serialization.unmarshal("---\n" + text, JsonNode.class);
  }
}
