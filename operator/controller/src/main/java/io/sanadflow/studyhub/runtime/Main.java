package io.sanadflow.studyhub.runtime;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.agent.Agent;
import io.sanadflow.studyhub.cli.Render;
import io.sanadflow.studyhub.gateway.Gateway;
import io.sanadflow.studyhub.probe.NetworkProbe;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * The program: the controller without arguments, {@code render FILE} for a hub's objects, {@code
 * agent …} in the Jobs of backups, {@code gateway} beside an app that knows no S3.
 */
public final class Main {

  private static final String USAGE =
      """
      usage: studyhub-operator              runs the controller
             studyhub-operator render FILE  prints the objects of the hubs in FILE (- for standard input)
             studyhub-operator agent ...    one step of backups, in a Job that the controller makes
             studyhub-operator gateway      gives media out, in a Deployment that the controller makes
      """;

  private Main() {}

  /**
   * Runs a command. Exit codes: 0 done, 1 a hub is invalid or the agent failed, 2 the command line
   * is.
   */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length == 0) {
      control();
    } else if (arguments[0].equals("render")) {
      System.exit(
          Render.run(Arrays.copyOfRange(arguments, 1, arguments.length), System.out, System.err));
    } else if (arguments[0].equals("agent")) {
      Agent.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    } else if (arguments[0].equals("gateway")) {
      Gateway.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    } else {
      boolean help = arguments[0].equals("help") || arguments[0].equals("--help");
      (help ? System.out : System.err).print(USAGE);
      System.exit(help ? 0 : 2);
    }
  }

  private static void control() throws InterruptedException {
    OperatorConfig config = OperatorConfig.fromEnvironment(System.getenv());
    KubernetesClient client = client();
    CountDownLatch stop = new CountDownLatch(1);
    StudyHubOperator operator = started(client, config);
    Thread main = Thread.currentThread();
    // Of our own, since leader election disables the framework's.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop.countDown();
                  try {
                    main.join();
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                },
                "stop"));
    stop.await();
    operator.close();
    client.close();
  }

  /**
   * A client that passes over fields that it does not know: while an upgrade is under way, the
   * schema in the cluster is a later one than this operator's.
   */
  static KubernetesClient client() {
    ObjectMapper mapper =
        new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
        .build();
  }

  /** Ends the process if it cannot start: threads begun so far would keep it, never to be ready. */
  private static StudyHubOperator started(KubernetesClient client, OperatorConfig config) {
    try {
      return StudyHubOperator.start(client, config, new NetworkProbe(), Clock.systemUTC());
    } catch (RuntimeException failed) {
      // Not a field: the agent does without the log's library.
      LoggerFactory.getLogger(Main.class)
          .error("the operator cannot start, and ends, to be started again", failed);
      System.exit(1);
      throw failed;
    }
  }
}
