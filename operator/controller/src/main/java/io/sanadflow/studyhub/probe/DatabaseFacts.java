package io.sanadflow.studyhub.probe;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What PostgreSQL says of itself.
 *
 * @param version the server's, such as 16.15
 * @param configHash the setting {@code studyhub.config_hash} in force, if there is one
 * @param pendingRestart settings that are changed and wait for a restart
 * @param failedExtensions extensions that could not be created, with the reason for people
 * @param refusedSettings settings of the file whose values the server refuses, with its reason
 * @param latency of connecting and a first query
 * @param served the certificate it presented
 * @param connections client connections at the moment, this one included
 * @param archiveFailure what keeps write-ahead log from being archived, if anything does
 * @param use what it holds, where it may be asked
 */
public record DatabaseFacts(
    String version,
    Optional<String> configHash,
    List<String> pendingRestart,
    Map<String, String> failedExtensions,
    Map<String, String> refusedSettings,
    Duration latency,
    Optional<Served> served,
    int connections,
    Optional<ArchiveFailure> archiveFailure,
    Optional<DatabaseUse> use) {

  /** Copies the collections. */
  public DatabaseFacts {
    pendingRestart = List.copyOf(pendingRestart);
    failedExtensions = Map.copyOf(failedExtensions);
    refusedSettings = Map.copyOf(refusedSettings);
  }

  /** Where nothing was measured. */
  public DatabaseFacts(
      String version,
      Optional<String> configHash,
      List<String> pendingRestart,
      Map<String, String> failedExtensions,
      Map<String, String> refusedSettings,
      Duration latency,
      Optional<Served> served,
      int connections,
      Optional<ArchiveFailure> archiveFailure) {
    this(
        version,
        configHash,
        pendingRestart,
        failedExtensions,
        refusedSettings,
        latency,
        served,
        connections,
        archiveFailure,
        Optional.empty());
  }

  /** These facts, with the extensions that could not be created when the server was prepared. */
  public DatabaseFacts withFailedExtensions(Map<String, String> failed) {
    return new DatabaseFacts(
        version,
        configHash,
        pendingRestart,
        failed,
        refusedSettings,
        latency,
        served,
        connections,
        archiveFailure,
        use);
  }
}
