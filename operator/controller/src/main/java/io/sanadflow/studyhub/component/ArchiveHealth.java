package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.ArchiveFailure;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import java.util.Optional;

/** Whether write-ahead log gets into the spool, as the server itself tells. */
final class ArchiveHealth {

  private ArchiveHealth() {}

  /** Told at once, which is long before the log has filled the volume. */
  static Optional<Health> of(Hub hub, Observed observed) {
    return observed
        .report()
        .database()
        .flatMap(Answer::facts)
        .flatMap(DatabaseFacts::archiveFailure)
        .map(
            it ->
                BackupHealth.lacks(
                    "ArchivingFails",
                    "PostgreSQL cannot put write-ahead log into its spool%s: %d segments of 16 MiB wait, %s was tried last. Nothing is lost, but they fill the volume, and no later moment can be restored. kubectl logs %s-0 says why: a full volume (make room), or a file in the spool that is not this server's (move it away)"
                        .formatted(since(it), it.waiting(), it.segment(), hub.names().database())));
  }

  private static String since(ArchiveFailure failure) {
    return failure.lastArchived().map(it -> " since " + it).orElse("");
  }
}
