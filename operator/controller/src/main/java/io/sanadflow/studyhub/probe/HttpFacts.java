package io.sanadflow.studyhub.probe;

import java.time.Duration;

/**
 * What an app answered.
 *
 * @param ok whether the status was below 400
 * @param status of HTTP
 * @param detail the first 300 characters of the answer if it was not ok, else empty
 * @param latency until the head of the answer
 */
public record HttpFacts(boolean ok, int status, String detail, Duration latency) {}
