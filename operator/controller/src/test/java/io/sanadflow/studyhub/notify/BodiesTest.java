package io.sanadflow.studyhub.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodiesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final News LOST =
      new News("2030-01-02T03:04:05Z", "Ready", "Problem", "NoAnswer", "a < b & c > d <!channel>");

  private static final News FULL =
      new News("2030-01-02T03:04:05Z", "Degraded", "Problem", "VolumeNearlyFull", "10 MiB left");

  private static final News BACK =
      new News("2030-01-02T03:05:05Z", "Degraded", "Recovered", "BackupFailed", null);

  private static JsonNode slack(Message message) throws IOException {
    return JSON.readTree(Bodies.slack("study/pilot", message));
  }

  @Test
  void slackGetsBlocksAndAText() throws IOException {
    JsonNode body = slack(new Message("id-1", null, List.of(LOST, FULL, BACK)));

    assertThat(body.path("text").asText())
        .isEqualTo(
            "study/pilot: does not serve (NoAnswer): a &lt; b &amp; c &gt; d &lt;!channel&gt;\n"
                + "study/pilot: disk nearly full (VolumeNearlyFull): 10 MiB left\n"
                + "study/pilot: backup failed: recovered");
    JsonNode blocks = body.path("blocks");
    assertThat(blocks).hasSize(5);
    assertThat(blocks.get(0).path("type").asText()).isEqualTo("header");
    assertThat(blocks.get(0).path("text").path("text").asText())
        .isEqualTo("study/pilot: does not serve, and 2 more");
    assertThat(blocks.get(1).path("text").path("text").asText())
        .isEqualTo(
            ":red_circle: *does not serve* (NoAnswer) since 2030-01-02T03:04:05Z\n"
                + "a &lt; b &amp; c &gt; d &lt;!channel&gt;");
    assertThat(blocks.get(3).path("text").path("text").asText())
        .isEqualTo(":large_green_circle: *backup failed: recovered* since 2030-01-02T03:05:05Z");
    assertThat(blocks.get(4).path("elements").get(0).path("text").asText()).contains("id-1");
  }

  @Test
  void nothingIsLongerThanSlackTakes() throws IOException {
    String nasty = "&".repeat(Outbox.MOST_CHARACTERS);
    News news = new News("2030-01-02T03:04:05Z", "Degraded", "Problem", "X".repeat(300), nasty);

    JsonNode body = slack(new Message("id", 7, Collections.nCopies(Outbox.MOST_NEWS, news)));

    assertThat(body.path("text").asText()).hasSizeLessThanOrEqualTo(4000);
    assertThat(body.path("text").asText()).startsWith("7 older news are left out");
    assertThat(body.path("blocks").size()).isLessThanOrEqualTo(50);
    assertThat(body.path("blocks").get(0).path("text").path("text").asText())
        .hasSizeLessThanOrEqualTo(150);
    for (int i = 1; i <= Outbox.MOST_NEWS; i++) {
      assertThat(body.path("blocks").get(i).path("text").path("text").asText())
          .hasSizeLessThanOrEqualTo(3000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 10, abc",
    "abcdefghij, 10, abcdefghij",
    "abcdefghijk, 10, abcdefg...",
    // An escaped character is whole or not there.
    "abcde&amp;ghijk, 10, abcde...",
    "ab&amp;hijklm, 10, ab&amp;...",
    "abcde&lt;fghijk, 12, abcde&lt;...",
  })
  void textsAreCutBetweenCharacters(String text, int most, String cut) {
    assertThat(Bodies.cut(text, most)).isEqualTo(cut);
  }

  @Test
  void aPairOfSurrogatesIsNotTornApart() {
    assertThat(Bodies.cut("abcdef\uD83D\uDE00ghijkl", 10)).isEqualTo("abcdef...");
  }

  @Test
  void aWebhookGetsFields() throws IOException {
    JsonNode body =
        JSON.readTree(
            Bodies.webhook("study", "pilot", new Message("id-2", 3, List.of(FULL, BACK))));

    assertThat(body)
        .isEqualTo(
            JSON.readTree(
                """
                {"version": 1, "id": "id-2", "hub": {"namespace": "study", "name": "pilot"},
                 "text": "3 older news are left out; see the hub's events. study/pilot: disk nearly full (VolumeNearlyFull): 10 MiB left\\nstudy/pilot: backup failed: recovered",
                 "news": [
                   {"time": "2030-01-02T03:04:05Z", "type": "Degraded", "state": "Problem", "reason": "VolumeNearlyFull", "message": "10 MiB left"},
                   {"time": "2030-01-02T03:05:05Z", "type": "Degraded", "state": "Recovered", "reason": "BackupFailed", "message": null}],
                 "leftOut": 3}
                """));
  }
}
