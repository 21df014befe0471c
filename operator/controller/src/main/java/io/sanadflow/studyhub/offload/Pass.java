package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/**
 * What all passes over media work with.
 *
 * @param root the mounted media volume
 * @param scratch a directory of this machine for what is small
 * @param since when the phase began
 */
record Pass(
    Path root,
    ConditionalStore store,
    OffloadLayout layout,
    Clock clock,
    Path scratch,
    Instant since,
    Tally tally) {}
