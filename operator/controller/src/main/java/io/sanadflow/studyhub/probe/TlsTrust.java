package io.sanadflow.studyhub.probe;

/**
 * What a client demands of a server's certificate.
 *
 * @param authorityPem the authorities of which one must have signed it
 * @param serverName the DNS name or IP address it must be for, whatever address is connected to
 */
public record TlsTrust(String authorityPem, String serverName) {}
