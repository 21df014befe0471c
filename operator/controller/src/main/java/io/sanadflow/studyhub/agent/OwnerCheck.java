package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose archive it is: backups of two databases never mix under one prefix. */
final class OwnerCheck {

  private static final int MOST = 64 * 1024;

  /** What owner.json says. */
  record Owner(
      @Nullable String hub,
      @Nullable String namespace,
      @Nullable String system,
      @Nullable Instant created) {}

  private OwnerCheck() {}

  /**
   * Makes an archive that of this hub's database, unless it is another's.
   *
   * @param system the database system's identifier
   * @throws AgentException ArchiveOfAnother if it is another's and is not to be adopted
   */
  static void claim(AgentContext context, Archive archive, String system) throws IOException {
    AgentConfig config = context.config();
    // The local volume is the hub's own, so who wrote there before was this hub's database too.
    boolean local = context.local().map(it -> it == archive).orElse(false);
    AgentConfig.Bucket bucket = config.bucket();
    boolean adopt = local || (bucket != null && bucket.adopt());
    String key = archive.layout().owner();
    Optional<Owner> owner = read(archive, key);
    byte[] ours =
        ReportCodec.json(new Owner(config.hub(), config.namespace(), system, context.now()))
            .getBytes(StandardCharsets.UTF_8);
    if (owner.isEmpty()) {
      if (archive.store().putIfAbsent(key, ours)) {
        return;
      }
      owner = read(archive, key);
    }
    if (owner.isPresent() && system.equals(owner.get().system())) {
      return;
    }
    if (!adopt) {
      Owner other = owner.orElse(new Owner(null, null, null, null));
      throw new AgentException(
          "ArchiveOfAnother",
          ("%s in %s says that these are the backups of hub %s in namespace %s, of the database"
                  + " system %s, and this one is %s. Nothing was written. Give this hub another"
                  + " spec.objectStore.prefix, or set spec.objectStore.existing: Adopt to go on here")
              .formatted(
                  key, archive.name(), other.hub(), other.namespace(), other.system(), system));
    }
    context.step("%s is taken over from %s", archive.name(), owner);
    archive.store().put(key, ours);
  }

  /** Whether the bucket's archive is nobody's, or that of this hub. */
  static boolean mayBegin(AgentContext context) throws IOException {
    Archive archive = context.bucket().orElseThrow();
    return read(archive, archive.layout().owner())
        .filter(
            it ->
                !context.config().hub().equals(it.hub())
                    || !context.config().namespace().equals(it.namespace()))
        .isEmpty();
  }

  private static Optional<Owner> read(Archive archive, String key) throws IOException {
    byte[] text;
    try (InputStream in = archive.store().get(key)) {
      text = in.readNBytes(MOST);
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return Optional.empty();
      }
      throw failed;
    }
    try {
      return Optional.ofNullable(ReportCodec.read(text, Owner.class));
    } catch (IOException damaged) {
      // Somebody's, but nobody can tell whose.
      return Optional.of(new Owner(null, null, null, null));
    }
  }
}
