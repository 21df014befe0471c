package io.sanadflow.studyhub.probe;

import java.math.BigInteger;
import java.time.Instant;

/**
 * The certificate that a server presented.
 *
 * @param serial its number
 * @param notAfter until when it is valid
 */
public record Served(BigInteger serial, Instant notAfter) {}
