package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.DatabaseSpec;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks what a new database starts from. */
final class BootstrapSettings {

  private static final String FIELD = "spec.database.bootstrap.restoreFrom";

  private BootstrapSettings() {}

  /** The backup to start from; empty also where nobody says in which bucket it is. */
  static Optional<Hub.Start> of(StudyHubSpec spec, Names names) {
    DatabaseSpec.RestoreFrom from = from(spec);
    ObjectStoreSpec store =
        from == null || from.objectStore() == null ? spec.objectStore() : from.objectStore();
    if (from == null || store == null) {
      return Optional.empty();
    }
    ObjectStoreSpec source =
        new ObjectStoreSpec(
            store.endpoint(),
            store.cloudflareAccountId(),
            store.region(),
            store.bucket(),
            from.prefix() == null ? store.prefix() : from.prefix(),
            store.credentialsSecret(),
            store.caSecret(),
            ObjectStoreSpec.Existing.REFUSE);
    Hub.ObjectStore read = BackupSettings.store(source, names);
    boolean own =
        Optional.ofNullable(spec.objectStore())
            .map(it -> BackupSettings.store(it, names))
            .filter(it -> it.endpoint().equals(read.endpoint()))
            .filter(it -> it.bucket().equals(read.bucket()))
            .filter(it -> it.prefix().equals(read.prefix()))
            .isPresent();
    return Optional.of(new Hub.Start(Optional.ofNullable(from.at()), source, own));
  }

  private static DatabaseSpec.@Nullable RestoreFrom from(StudyHubSpec spec) {
    return spec.database().bootstrap() == null ? null : spec.database().bootstrap().restoreFrom();
  }

  /** What cannot be done. */
  static List<Problem> problems(StudyHubSpec spec) {
    DatabaseSpec.RestoreFrom from = from(spec);
    List<Problem> problems = new ArrayList<>();
    if (from == null) {
      return problems;
    }
    boolean latest = Boolean.TRUE.equals(from.latest());
    if (latest == (from.at() != null)) {
      problems.add(
          new Problem(
              FIELD, "give either latest: true, or at: a moment such as 2026-11-24T02:00:00Z"));
    }
    if (from.at() != null && !readable(from.at())) {
      problems.add(
          new Problem(
              FIELD + ".at", from.at() + " is no moment; write it as 2026-11-24T02:00:00Z"));
    }
    if (spec.database().external() != null) {
      problems.add(
          new Problem(
              FIELD,
              "the database is elsewhere, where the operator restores nothing; remove"
                  + " spec.database.external, or this"));
    } else if (spec.objectStore() == null && from.objectStore() == null) {
      problems.add(
          new Problem(
              FIELD + ".objectStore",
              "nothing says in which bucket the backup is; give this, or spec.objectStore"));
    }
    return problems;
  }

  private static boolean readable(String moment) {
    try {
      OffsetDateTime.parse(moment);
      return true;
    } catch (DateTimeParseException bad) {
      return false;
    }
  }
}
