package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Verification;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Dumps on the local volume that the bucket has as well: all but the newest go when the volumes
 * hold more than the threshold.
 */
final class LocalDumps {

  private LocalDumps() {}

  /**
   * Deletes them.
   *
   * @return how many
   */
  static int giveUp(AgentContext context) throws IOException {
    Optional<Archive> local = context.local();
    Optional<Archive> bucket = context.bucket();
    if (local.isEmpty() || bucket.isEmpty()) {
      return 0;
    }
    Archive copies = local.get();
    List<Catalogue.Known> dumps =
        Catalogue.read(copies.store(), copies.layout()).of(BackupType.DUMP);
    if (dumps.size() < 2) {
      return 0;
    }
    Archive there = bucket.get();
    List<Catalogue.Known> stored =
        Catalogue.read(there.store(), there.layout()).of(BackupType.DUMP);
    int given = 0;
    for (Catalogue.Known dump : dumps.subList(1, dumps.size())) {
      if (stored.stream().anyMatch(it -> isSame(it, dump))) {
        copies.store().delete(dump.keys());
        context.step("%s is in the bucket: its local copy was deleted", dump.entry().key());
        given++;
      }
    }
    return given;
  }

  /** Whether the bucket has the very same dump, whole, and no drill has failed on it. */
  private static boolean isSame(Catalogue.Known stored, Catalogue.Known local) {
    Manifest there = stored.manifest();
    Manifest here = local.manifest();
    return there != null
        && here != null
        && stored.entry().verification() != Verification.INCOMPLETE
        && stored.entry().verification() != Verification.FAILED
        && there.time().equals(here.time())
        && there.bytes() == here.bytes()
        && there.sha256().equals(here.sha256());
  }
}
