package io.sanadflow.studyhub.backup;

/**
 * What the read gateway is told, as JSON in the variable {@link #VARIABLE}. Secrets are files, at
 * the constants here and in {@link AgentConfig}.
 *
 * @param media the mounted media volume
 * @param bucket where media are that are not on the volume
 * @param ownCredentials whether {@link AgentConfig#OFFLOAD_CREDENTIALS} opens the bucket, not
 *     {@link AgentConfig#STORE_CREDENTIALS}
 * @param signed whether each request must be signed with the key of {@link #SIGNING_KEY}
 * @param maxAgeSeconds how long clients and caches may keep an answer without asking again
 */
public record GatewayConfig(
    String media,
    AgentConfig.Bucket bucket,
    boolean ownCredentials,
    boolean signed,
    long maxAgeSeconds) {

  /** The variable with this configuration. */
  public static final String VARIABLE = "GATEWAY_CONFIG";

  /** Where it listens. */
  public static final int PORT = 8443;

  /** Answers 200 as soon as it listens; no medium can have this path. */
  public static final String READY = "/" + MediaFile.OWN + "ready";

  /** A directory with tls.crt and tls.key, PEM, the key as PKCS #8. */
  public static final String TLS = "/etc/studyhub/gateway/tls";

  /** The key that requests are signed with. */
  public static final String SIGNING_KEY = "/etc/studyhub/gateway/signing/key";

  /** Of its JVM: those of the agent, with room for the streams of all its threads. */
  public static final String JAVA_OPTIONS = AgentConfig.JAVA_OPTIONS;
}
