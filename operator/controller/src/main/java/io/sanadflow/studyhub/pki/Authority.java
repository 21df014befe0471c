package io.sanadflow.studyhub.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes a hub's certificate authority, and the certificates of its servers. */
public final class Authority {

  private Authority() {}

  /**
   * Makes a new authority with a key of its own, which signs itself.
   *
   * @param commonName a name for people, at most 64 characters
   * @param now the present; validity begins a little before it
   * @param lifetime how long it is valid, from now
   */
  public static Signed newAuthority(String commonName, Instant now, Duration lifetime) {
    throw new UnsupportedOperationException(commonName + now + lifetime);
  }

  /**
   * Makes a server's certificate with a new key.
   *
   * @param authority who signs
   * @param commonName a name for people, at most 64 characters
   * @param dnsNames the host names clients will ask for
   * @param ipAddresses the addresses clients will ask for
   * @param now the present; validity begins a little before it
   * @param lifetime how long it is valid, from now; it never outlives the authority
   * @throws IllegalArgumentException if the authority cannot be read, or has ended
   */
  public static Signed issue(
      Signed authority,
      String commonName,
      List<String> dnsNames,
      List<String> ipAddresses,
      Instant now,
      Duration lifetime) {
    throw new UnsupportedOperationException(
        commonName + authority + dnsNames + ipAddresses + now + lifetime);
  }
}
