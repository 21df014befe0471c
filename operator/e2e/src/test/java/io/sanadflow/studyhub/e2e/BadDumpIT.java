package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A backup that is not what it was is refused with its fault, and the hub keeps what it has. */
@ExtendWith(Installed.class)
class BadDumpIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore restores = new Restore(cluster, "pilot");
  private static Bucket bucket;
  private static String dump = "";
  private static String manifest = "";
  private static byte[] content = new byte[0];
  private static byte[] told = new byte[0];

  @BeforeAll
  static void aHubWithABackup() {
    bucket = Bucket.open("baddump").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    hub.awaitBackup(LIMIT);
    hub.write("in the backup");
    restores.back("good");
    hub.write("since");
    dump =
        restores.backupStatus("good").path("key").asText().substring(bucket.prefix().length() + 1);
    manifest = dump.replace(".dump", ".json");
    content = bucket.get(dump);
    told = bucket.get(manifest);
  }

  @AfterEach
  void theBackupIsAsItWas() {
    bucket.put(dump, content);
    bucket.put(manifest, told);
  }

  @AfterAll
  static void cleanUp() {
    if (bucket != null) {
      bucket.close();
    }
  }

  private static void refused(String restore, String reason, String... words) {
    restores.create(restore, "backupRef: {name: good}");
    restores.awaitPhase(restore, "Failed", LIMIT);

    JsonNode condition = restores.condition(restore);
    assertThat(condition.path("reason").asText()).as(condition.toString()).isEqualTo(reason);
    assertThat(condition.path("message").asText()).contains(words);
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");
    assertThat(hub.count()).isEqualTo(2);
    await()
        .atMost(LIMIT)
        .until(() -> restores.databases().lines().noneMatch(it -> it.startsWith("hub_restore_")));
  }

  @Test
  void aDumpThatIsCutOffIsRefused() {
    bucket.put(dump, Arrays.copyOf(content, content.length / 2));

    refused("cut-off", "Truncated", dump, content.length + " were stored", "another backup");
  }

  @Test
  void aDumpThatWasChangedIsRefused() {
    byte[] changed = content.clone();
    changed[changed.length - 100] ^= 1;
    bucket.put(dump, changed);

    refused("changed", "Tampered", dump, "another SHA-256 than its manifest says");
  }

  @Test
  void aDumpWhoseHeadWasChangedIsRefused() {
    byte[] changed = content.clone();
    changed[2] ^= 1;
    bucket.put(dump, changed);

    refused("headless", "Tampered", "another backup");
  }

  @Test
  void aManifestWithoutItsDumpIsRefused() {
    bucket.delete(dump);

    refused("without", "BackupIncomplete", dump, "it was deleted there", "another backup");
  }

  @Test
  void aManifestThatIsDamagedIsRefused() {
    bucket.put(manifest, Arrays.copyOf(told, told.length / 2));

    refused("unreadable", "ManifestUnreadable", "the manifest is damaged", "another backup");
  }

  @Test
  void aDumpOfANewerServerIsRefused() {
    ObjectNode newer = bucket.json(manifest).deepCopy();
    newer.put("serverVersion", "99.1");
    bucket.put(manifest, newer.toString().getBytes(StandardCharsets.UTF_8));

    refused("newer", "NewerServer", "PostgreSQL 99.1", "Set spec.database.image");
  }
}
