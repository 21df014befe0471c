package io.sanadflow.studyhub.gateway;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.GatewayConfig;
import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.RangeStore;
import io.sanadflow.studyhub.store.S3Ranges;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The read gateway: a server of media, TLS 1.3 alone, with a bounded number of threads. */
public final class Gateway implements AutoCloseable {

  /** Answers at a time. Each has a piece of 64 KiB and its connections' buffers in memory. */
  private static final int THREADS = 16;

  /** Requests that wait for a thread; those beyond are not taken. */
  private static final int WAITING = 64;

  /** Less than the 30 s that a pod has to stop. */
  private static final int TO_END_SECONDS = 15;

  private final HttpsServer server;
  private final ThreadPoolExecutor threads;
  private final RangeStore store;

  private Gateway(HttpsServer server, ThreadPoolExecutor threads, RangeStore store) {
    this.server = server;
    this.threads = threads;
    this.store = store;
  }

  /** Serves until the process is told to stop. Exits with 1 if it cannot start. */
  public static void main(String[] arguments) {
    System.setProperty("slf4j.internal.verbosity", "WARN");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    limits();
    Consumer<String> log =
        it -> System.out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + it);
    try {
      Gateway gateway = start(System.getenv(), log);
      Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop"));
      log.accept("media are given out at port " + gateway.port());
    } catch (IOException | RuntimeException failed) {
      log.accept("the gateway cannot start: " + failed.getMessage());
      System.exit(1);
    }
  }

  /** What the JDK's server takes from properties, read when its classes are loaded. */
  private static void limits() {
    System.setProperty("jdk.tls.client.protocols", "TLSv1.3");
    System.setProperty("jdk.tls.client.cipherSuites", String.join(",", AgentConfig.CIPHERS));
    System.setProperty("jdk.httpserver.maxConnections", "200");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "32");
    System.setProperty("sun.net.httpserver.idleInterval", "30");
    // A client that says nothing, or takes nothing, does not keep a thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "20");
    System.setProperty("sun.net.httpserver.maxRspTime", "3600");
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static Gateway start(Map<String, String> environment, Consumer<String> log)
      throws IOException {
    GatewayConfig config =
        ReportCodec.told(environment, GatewayConfig.VARIABLE, GatewayConfig.class);
    Path root = Path.of(environment.getOrDefault("STUDYHUB_ROOT", "/"));
    RangeStore store =
        S3Ranges.open(
            config.bucket(),
            beneath(
                root,
                config.ownCredentials()
                    ? AgentConfig.OFFLOAD_CREDENTIALS
                    : AgentConfig.STORE_CREDENTIALS),
            beneath(root, AgentConfig.STORE_AUTHORITY));
    Optional<String> key =
        config.signed()
            ? Optional.of(Files.readString(beneath(root, GatewayConfig.SIGNING_KEY)).strip())
            : Optional.empty();
    return start(
        config,
        GatewayConfig.PORT,
        Certificates.read(beneath(root, GatewayConfig.TLS)),
        key,
        store,
        Clock.systemUTC(),
        log);
  }

  private static Path beneath(Path root, String absolute) {
    return root.resolve(absolute.substring(1));
  }

  /**
   * Starts a server.
   *
   * @param port 0 for any that is free
   * @param key what requests are signed with
   */
  static Gateway start(
      GatewayConfig config,
      int port,
      SSLContext tls,
      Optional<String> key,
      RangeStore store,
      Clock clock,
      Consumer<String> log)
      throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(port), 0);
    server.setHttpsConfigurator(new OnlyTls13(tls));
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING));
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    server.createContext(
        "/",
        new MediaHandler(
            new VolumeMedia(Path.of(config.media())),
            new BucketMedia(store, new OffloadLayout(config.bucket().prefix())),
            key.map(Signing::new),
            config.maxAgeSeconds(),
            clock,
            log));
    server.start();
    return new Gateway(server, threads, store);
  }

  /** The port that it listens at. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Takes no more requests, and lets those that are answered come to their end. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(TO_END_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    store.close();
  }

  /** TLS 1.3 and nothing else. */
  private static final class OnlyTls13 extends HttpsConfigurator {

    OnlyTls13(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters tls = getSSLContext().getDefaultSSLParameters();
      tls.setProtocols(new String[] {"TLSv1.3"});
      tls.setCipherSuites(AgentConfig.CIPHERS.toArray(String[]::new));
      parameters.setSSLParameters(tls);
    }
  }
}
