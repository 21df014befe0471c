package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.sandbox.Paint.Mark;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows what the operator makes of StudyHubs, without a cluster.
 *
 * <p>System properties: {@code hub}, a file or directory that is applied; {@code watch}, a
 * directory that is applied whenever a file in it changes, until the program is interrupted; {@code
 * sandbox.examples}, where the example is that is taken without {@code hub} and {@code watch};
 * {@code sandbox.startup}, how many milliseconds a simulated pod takes to start, 800 if not given.
 */
public final class Main {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A hub that stands still for a moment may go on: what it waits for may come a file later. */
  private static final Duration STALLED = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Sandbox sandbox;
  private final Narrator narrator;
  private final PrintStream out;

  /** How far the API had come when it was last looked at. */
  private long told = -1;

  private Main(Sandbox sandbox, Narrator narrator, PrintStream out) {
    this.sandbox = sandbox;
    this.narrator = narrator;
    this.out = out;
  }

  /** Runs the sandbox. Exit codes: 0 all hubs are Ready, 1 one is not, 2 a file cannot be read. */
  public static void main(String[] arguments) {
    System.exit(
        run(
            System.getProperty("hub", ""),
            System.getProperty("watch", ""),
            Path.of(System.getProperty("sandbox.examples", "examples")),
            Duration.ofMillis(Long.getLong("sandbox.startup", 800)),
            System.out,
            Paint.ofOutput(System.getenv())));
  }

  /** Does what {@link #main} does and returns the exit code. */
  static int run(
      String hub, String watch, Path examples, Duration startup, PrintStream out, Paint paint) {
    boolean example = hub.isEmpty() && watch.isEmpty();
    Path given = example ? examples.resolve("minimal.yaml").normalize() : Path.of(hub);
    if (!Files.exists(given) || (!watch.isEmpty() && !Files.isDirectory(Path.of(watch)))) {
      out.println("sandbox: there is no " + (Files.exists(given) ? "directory " + watch : given));
      return 2;
    }
    out.println(
        paint.bold("StudyHub sandbox")
            + ": the operator is the real one; API, node, PostgreSQL, PgBouncer, Redis and app are"
            + " simulated. No container runs.");
    try (Sandbox sandbox = Sandbox.start(startup)) {
      Optional.ofNullable(System.getProperty("sandbox.log"))
          .ifPresent(it -> out.println(paint.dim("The operator's log: " + shown(Path.of(it)))));
      Narrator narrator = new Narrator(sandbox.client(), out, paint, Clock.systemUTC());
      Main main = new Main(sandbox, narrator, out);
      boolean applied = (hub.isEmpty() && !example) || main.apply(given);
      if (!watch.isEmpty()) {
        main.watch(Path.of(watch));
      }
      return !applied ? 2 : main.follow() ? 0 : 1;
    } catch (IOException unreadable) {
      out.println("sandbox: " + unreadable);
      return 2;
    }
  }

  private boolean apply(Path path) throws IOException {
    boolean all = true;
    for (Path file : Manifests.files(path)) {
      all &= applyFile(file);
    }
    return all;
  }

  /** Applies one file; what is wrong with it is told, since it can be mended and tried again. */
  private boolean applyFile(Path file) {
    try {
      for (GenericKubernetesResource object : Manifests.read(file)) {
        String before = version(object);
        GenericKubernetesResource after = Manifests.apply(sandbox.client(), object);
        boolean same = before.equals(after.getMetadata().getResourceVersion());
        String what = before.isEmpty() ? "created" : same ? "unchanged" : "configured";
        narrator.say(
            Mark.READY,
            shown(file)
                + ": "
                + object.getKind()
                + " "
                + after.getMetadata().getName()
                + " "
                + what);
      }
      return true;
    } catch (IOException unreadable) {
      narrator.say(Mark.FAILED, shown(file) + ": " + unreadable.getMessage());
    } catch (KubernetesClientException refused) {
      String why =
          refused.getStatus() == null ? refused.getMessage() : refused.getStatus().getMessage();
      narrator.say(Mark.FAILED, shown(file) + ": " + why);
    }
    return false;
  }

  private static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.isAbsolute() && file.startsWith(here) ? here.relativize(file) : file;
  }

  private String version(GenericKubernetesResource object) {
    GenericKubernetesResource there = sandbox.client().resource(object).get();
    return there == null ? "" : there.getMetadata().getResourceVersion();
  }

  private void news() {
    long now = sandbox.api().changes();
    if (now != told) {
      told = now;
      narrator.news();
    }
  }

  /** Tells what happens until all hubs are Ready or stalled, or patience ends. */
  private boolean follow() {
    Instant end = Instant.now().plus(PATIENCE);
    Instant stalled = Instant.MAX;
    boolean ready = false;
    while (!ready && Instant.now().isBefore(end)) {
      news();
      List<StudyHub> hubs = narrator.hubs();
      ready = hubs.stream().allMatch(Main::settled);
      boolean stuck = hubs.stream().allMatch(it -> settled(it) || holds(it, "Stalled"));
      if (!stuck) {
        stalled = Instant.MAX;
      } else if (stalled.equals(Instant.MAX)) {
        stalled = Instant.now();
      } else if (stalled.plus(STALLED).isBefore(Instant.now())) {
        break;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    news();
    narrator.tree();
    out.println();
    for (StudyHub hub : narrator.hubs()) {
      out.println(verdict(hub));
    }
    return ready;
  }

  private static String verdict(StudyHub hub) {
    String name = Narrator.name(hub);
    if (settled(hub)) {
      return name + " is Ready (simulated node and servers)";
    }
    String type = holds(hub, "Stalled") ? "Stalled" : "Ready";
    return name
        + (type.equals("Stalled") ? " is stalled: " : " is not Ready: ")
        + Narrator.condition(hub, type)
            .map(Condition::message)
            .orElse("the operator has not visited it");
  }

  private static boolean settled(StudyHub hub) {
    return hub.getStatus() != null
        && hub.getMetadata().getGeneration().equals(hub.getStatus().observedGeneration())
        && holds(hub, "Ready")
        && !holds(hub, "Reconciling")
        && !holds(hub, "Stalled");
  }

  private static boolean holds(StudyHub hub, String type) {
    return Narrator.condition(hub, type).filter(it -> it.status().equals("True")).isPresent();
  }

  /** Applies a directory again and again; ends with the process. */
  private void watch(Path directory) throws IOException {
    out.println("watching " + directory + " for *.yaml; Ctrl-C ends");
    apply(directory);
    try (DirectoryWatch changes = new DirectoryWatch(directory)) {
      boolean drawn = false;
      while (!Thread.currentThread().isInterrupted()) {
        for (Path file : changes.await(LOOK)) {
          applyFile(file);
        }
        news();
        boolean settled = narrator.hubs().stream().allMatch(Main::settled);
        if (settled && !drawn) {
          news();
          narrator.tree();
        }
        drawn = settled;
      }
    }
  }
}
