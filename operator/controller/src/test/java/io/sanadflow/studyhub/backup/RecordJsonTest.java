package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {

  private static final Instant TIME = Instant.parse("2026-11-24T02:00:00Z");

  private static Manifest manifest() {
    return new Manifest(
        Manifest.VERSION,
        BackupType.DUMP,
        "pilot",
        "hubs",
        TIME,
        "daily/2026/11/24/20261124T020000Z.dump",
        7_000_000_000L,
        "ab",
        61,
        "16.4",
        "7300000000000000001",
        true,
        null,
        new Manifest.Dump(
            "UTF8",
            9,
            new TreeMap<>(java.util.Map.of("public.\"a \\\" ü \n\"", 3L, "public.b", 0L)),
            null,
            "list",
            2,
            4),
        null);
  }

  @Test
  void givesBackWhatItWrote() throws IOException {
    Manifest manifest = manifest();
    String json = RecordJson.write(manifest);
    assertThat(json).contains("\"type\":\"Dump\"").doesNotContain("recipient", "null", "\n");
    assertThat(RecordJson.read(json, Manifest.class)).isEqualTo(manifest);
  }

  @Test
  void othersReadItAsJson() throws IOException {
    var tree = new ObjectMapper().readTree(RecordJson.write(manifest()));
    assertThat(tree.get("time").asText()).isEqualTo("2026-11-24T02:00:00Z");
    assertThat(tree.get("bytes").asLong()).isEqualTo(7_000_000_000L);
    assertThat(tree.get("encrypted").isBoolean()).isTrue();
    assertThat(tree.at("/dump/rows").get("public.\"a \\\" ü \n\"").asLong()).isEqualTo(3);
    MediaFile file = new MediaFile("a", 1, TIME, 2, 3, "ab", null);
    assertThat(
            new ObjectMapper()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .readTree(RecordJson.write(file))
                .size())
        .isEqualTo(6);
  }

  @Test
  void readsWhatLaterVersionsAddAndWhatEarlierOnesLack() throws IOException {
    Entry entry =
        RecordJson.read(
            """
            {"later": {"a": [1, {"b": null}]}, "type": "Base", "key": "k", "time": null,
             "verification": "Restored", "more": []}
            """,
            Entry.class);
    assertThat(entry).isEqualTo(new Entry(BackupType.BASE, "k", null, 0, 0, Verification.RESTORED));
    assertThat(RecordJson.read("null", Entry.class)).isNull();
  }

  private record Day(LocalDate day, List<String> words) {}

  @Test
  void readsDaysAndTexts() throws IOException {
    Day day = new Day(LocalDate.of(2026, 11, 25), List.of("a", "b"));
    assertThat(RecordJson.write(day)).contains("\"2026-11-25\"");
    assertThat(RecordJson.read(RecordJson.write(day), Day.class)).isEqualTo(day);
  }

  @Test
  void readsLists() throws IOException {
    Report report =
        new Report(
            true,
            "Succeeded",
            "",
            TIME,
            List.of(manifest().entry(Verification.STORED), manifest().entry(Verification.FAILED)),
            null,
            3,
            new Report.Store(5),
            null,
            null);
    assertThat(RecordJson.read(RecordJson.write(report), Report.class)).isEqualTo(report);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "{\"type\": \"Other\"}",
        "{\"time\": \"yesterday\"}",
        "{\"bytes\": \"many\"}",
        "{\"key\": {}}",
        "{\"key\": \"k\"",
        "{\"verification\": 1}"
      })
  void refusesWhatIsNoSuchRecord(String text) {
    assertThatThrownBy(() -> RecordJson.read(text, Entry.class)).isInstanceOf(IOException.class);
  }
}
