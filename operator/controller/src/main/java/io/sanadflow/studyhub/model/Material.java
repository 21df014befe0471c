package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.pki.Signed;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The secrets of a hub, which outlive any one reconcile: generated once and read ever after.
 *
 * @param credentials generated passwords
 * @param authority what clients trust, PEM; more than one certificate while the authority changes
 * @param authorityKey the operator's own authority, or empty where cert-manager issues
 * @param database certificate of PostgreSQL
 * @param pooler certificate of PgBouncer
 * @param redis certificate of Redis
 * @param external how to log in to a database elsewhere
 * @param storeAuthority PEM that signs the object store's certificate, if it is a private one and
 *     the app may have to trust it
 * @param gateway of the read gateway, if the hub has one
 */
public record Material(
    Credentials credentials,
    String authority,
    Optional<Signed> authorityKey,
    Signed database,
    Signed pooler,
    Signed redis,
    Optional<ExternalLogin> external,
    Optional<String> storeAuthority,
    Optional<Gateway> gateway) {

  /**
   * The read gateway's.
   *
   * @param signingKey what requests for media are signed with
   */
  public record Gateway(Signed certificate, String signingKey) {
    @Override
    public String toString() {
      return "Gateway[...]";
    }
  }

  /** Of a hub whose app has nothing to do with the object store. */
  public Material(
      Credentials credentials,
      String authority,
      Optional<Signed> authorityKey,
      Signed database,
      Signed pooler,
      Signed redis,
      Optional<ExternalLogin> external) {
    this(
        credentials,
        authority,
        authorityKey,
        database,
        pooler,
        redis,
        external,
        Optional.empty(),
        Optional.empty());
  }

  /** The same, with the authority of the object store. */
  public Material withStoreAuthority(Optional<String> storeAuthority) {
    return new Material(
        credentials,
        authority,
        authorityKey,
        database,
        pooler,
        redis,
        external,
        storeAuthority,
        gateway);
  }

  /** The same, with what the read gateway needs. */
  public Material withGateway(Optional<Gateway> gateway) {
    return new Material(
        credentials,
        authority,
        authorityKey,
        database,
        pooler,
        redis,
        external,
        storeAuthority,
        gateway);
  }

  /** The certificates of the servers. */
  public List<Signed> certificates() {
    return Stream.concat(
            Stream.of(pooler, database, redis), gateway.map(Gateway::certificate).stream())
        .toList();
  }

  /**
   * A login to a database elsewhere.
   *
   * @param authority PEM that signs the server's certificate, if it is a private one
   */
  public record ExternalLogin(String username, String password, Optional<String> authority) {
    @Override
    public String toString() {
      return "ExternalLogin[" + username + "]";
    }
  }

  @Override
  public String toString() {
    return "Material[...]";
  }
}
