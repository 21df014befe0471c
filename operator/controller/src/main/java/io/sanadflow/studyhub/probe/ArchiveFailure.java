package io.sanadflow.studyhub.probe;

import java.time.Instant;
import java.util.Optional;

/**
 * That the server's archive_command fails: since then it keeps its write-ahead log on the volume.
 *
 * @param segment that it tried last
 * @param lastArchived when one was archived last, if ever
 * @param waiting how many segments wait, of 16 MiB each
 */
public record ArchiveFailure(String segment, Optional<Instant> lastArchived, int waiting) {}
