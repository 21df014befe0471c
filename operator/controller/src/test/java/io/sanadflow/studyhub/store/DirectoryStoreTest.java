package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryStoreTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path volume;
  private DirectoryStore store;

  @BeforeEach
  void open() throws Exception {
    store = DirectoryStore.open(volume);
  }

  @Test
  void passesTheProbeAndIsEmptyAfterwards() throws Exception {
    Files.createDirectory(volume.resolve("lost+found"));
    Files.writeString(volume.resolve("lost+found/1234"), "of the file system");
    assertThat(StoreProbe.run(store, "", Clock.systemUTC()).notes()).isEmpty();
    assertThat(store.list("")).isEmpty();
    assertThat(volume).isDirectoryNotContaining(it -> !it.endsWith("lost+found"));
  }

  @Test
  void listsByPrefixInTheOrderOfKeys() throws Exception {
    for (String key : List.of("daily/b", "daily/a", "dailyness", "base/c")) {
      store.put(key, CONTENT);
    }
    assertThat(store.list("daily").stream().map(ObjectStore.Stored::key))
        .containsExactly("daily/a", "daily/b", "dailyness");
    assertThat(store.list("daily/").stream().map(ObjectStore.Stored::key))
        .containsExactly("daily/a", "daily/b");
  }

  /** A dump is made as the app's user, a drill writes beside it as the database's. */
  @Test
  void letsEveryUserOfTheVolumeAddAndDelete() throws Exception {
    store.put("daily/2026/x", CONTENT);
    for (String directory : List.of("daily", "daily/2026")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(volume.resolve(directory))))
          .isEqualTo("rwxrwxrwx");
    }
  }

  @Test
  void showsNothingOfAnUploadThatIsGivenUp() throws Exception {
    try (ObjectStore.Upload upload = store.upload("daily/x")) {
      upload.write(CONTENT, 0, CONTENT.length);
      assertThat(store.head("daily/x")).isEmpty();
      assertThat(store.list("")).isEmpty();
    }
    assertThat(store.list("")).isEmpty();
    assertThat(volume.resolve("daily")).isEmptyDirectory();
  }

  @Test
  void removesWhatAKilledUploadLeftWhenItIsOld() throws Exception {
    ObjectStore.Upload killed = store.upload("daily/x");
    killed.write(CONTENT, 0, CONTENT.length);
    assertThat(store.abortAbandoned("daily/", Instant.now().minusSeconds(60))).isZero();
    assertThat(store.abortAbandoned("base/", Instant.now().plusSeconds(60))).isZero();
    assertThat(store.abortAbandoned("daily/", Instant.now().plusSeconds(60))).isEqualTo(1);
    assertThat(volume.resolve("daily")).isEmptyDirectory();
  }

  @Test
  void keepsTheFirstOwner() throws Exception {
    assertThat(store.putIfAbsent("owner.json", CONTENT)).isTrue();
    assertThat(store.putIfAbsent("owner.json", new byte[] {1})).isFalse();
    try (var stream = store.get("owner.json")) {
      assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/etc/passwd", "a/../../b", "", "a//b"})
  void takesNoKeyThatLeadsElsewhere(String key) {
    StoreException failed =
        catchThrowableOfType(StoreException.class, () -> store.put(key, CONTENT));
    assertThat(failed.reason()).isEqualTo("BadKey");
  }

  @Test
  void tellsAFullVolumeWithTheCure() {
    StoreException failed =
        Volume.failure("write", "daily/x", new java.io.IOException("No space left on device"));
    assertThat(failed.reason()).isEqualTo("VolumeFull");
    assertThat(failed).hasMessageContaining("localCopies");
  }

  @Test
  void saysWhenTheVolumeIsNotMounted() {
    assertThat(
            catchThrowableOfType(
                    StoreException.class, () -> DirectoryStore.open(volume.resolve("absent")))
                .reason())
        .isEqualTo("VolumeMissing");
  }
}
