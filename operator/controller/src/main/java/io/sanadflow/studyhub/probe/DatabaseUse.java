package io.sanadflow.studyhub.probe;

import java.time.Instant;
import java.util.Optional;

/**
 * What a database holds and how far its archiver is behind.
 *
 * @param bytes of the hub's database on disk, as pg_database_size tells it
 * @param maxConnections the server's max_connections
 * @param waitingSegments of write-ahead log that wait to be archived, of 16 MiB each; 0 where the
 *     server may not be asked
 * @param lastArchived when one was archived last, if ever
 */
public record DatabaseUse(
    long bytes, int maxConnections, int waitingSegments, Optional<Instant> lastArchived) {}
