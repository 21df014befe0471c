package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Media are staged beside those of the hub, and fetched only where the hub has not got them. */
@Timeout(60)
class RestoreMediaTest {

  @TempDir Path directory;
  private BackupPod pod;

  @BeforeEach
  void aBackupWithMedia() throws Exception {
    pod = new BackupPod(directory);
    pod.withMedia = true;
    Files.createDirectories(pod.media.resolve("a"));
    Files.writeString(pod.media.resolve("a/same"), "same content");
    Files.writeString(pod.media.resolve("changed"), "content of before");
    Files.writeString(pod.media.resolve("gone"), "content that is gone");
    assertThat(pod.run("Dump").succeeded()).isTrue();
    Files.writeString(pod.media.resolve("changed"), "content of AFTER!");
    Files.delete(pod.media.resolve("gone"));
  }

  @AfterEach
  void endPod() {
    pod.close();
  }

  private Report stage() throws Exception {
    return RestoreMedia.run(pod.context(), "STAGE", Options.of(List.of("--id", "r1", "--latest")));
  }

  private List<ObjectStore.Stored> contents() throws Exception {
    return pod.bucket().store().list("hubs/pilot/media/");
  }

  private Path staged(String name) {
    return pod.media.resolve(".studyhub-r1/new").resolve(name);
  }

  @Test
  void allThatWasThereIsStagedAndWhatIsThereStays() throws Exception {
    assertThat(stage().restore().files()).isEqualTo(3);
    assertThat(staged("a/same")).hasContent("same content");
    assertThat(staged("changed")).hasContent("content of before");
    assertThat(staged("gone")).hasContent("content that is gone");
    assertThat(pod.media.resolve("changed")).hasContent("content of AFTER!");
  }

  @Test
  void whatTheHubHasIsNotFetched() throws Exception {
    for (ObjectStore.Stored object : contents()) {
      if (object.bytes() == "same content".length()) {
        pod.bucket().store().delete(List.of(object.key()));
      }
    }
    assertThat(contents()).hasSize(2);

    assertThat(stage().succeeded()).isTrue();

    assertThat(staged("a/same")).hasContent("same content");
    // What is kept aside must not change with what is restored.
    Files.setLastModifiedTime(pod.media.resolve("a/same"), FileTime.from(Instant.EPOCH));
    Files.writeString(pod.media.resolve("a/same"), "written by the app");
    assertThat(staged("a/same")).hasContent("same content");
  }

  @Test
  void aFileOfTheSameLengthIsNotTakenForTheSame() throws Exception {
    for (ObjectStore.Stored object : contents()) {
      if (object.bytes() == "content of before".length()) {
        pod.bucket().store().delete(List.of(object.key()));
      }
    }
    assertThatThrownBy(this::stage).isInstanceOf(Exception.class);
    assertThat(staged("changed")).doesNotExist();
  }

  @Test
  void aLinkOutOfTheVolumeIsNotFollowed() throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("same"), "same content");
    Files.delete(pod.media.resolve("a/same"));
    Files.delete(pod.media.resolve("a"));
    Files.createSymbolicLink(pod.media.resolve("a"), outside);
    for (ObjectStore.Stored object : contents()) {
      if (object.bytes() == "same content".length()) {
        pod.bucket().store().delete(List.of(object.key()));
      }
    }
    assertThatThrownBy(this::stage).isInstanceOf(Exception.class);
  }
}
