package io.sanadflow.studyhub.probe;

import java.time.Instant;

/**
 * Whether people reach the app.
 *
 * @param since the first probe that found it so
 * @param reason why not, for people; empty where it is up
 */
public record Reach(boolean up, Instant since, String reason) {}
