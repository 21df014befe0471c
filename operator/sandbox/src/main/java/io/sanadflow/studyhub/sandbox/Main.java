package io.sanadflow.studyhub.sandbox;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.schema.InvalidHubException;
import io.sanadflow.studyhub.status.StatusBuilder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The sandbox's program: applies hubs, shows what becomes of them, and watches a directory. */
public final class Main {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(300);

  private final Sandbox sandbox;
  private final Tree tree = new Tree(System.out, System.console() != null);
  private final CountDownLatch never = new CountDownLatch(1);

  private Main(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Runs the sandbox.
   *
   * @param arguments a file or directory of YAML, and a directory to watch or -
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path hubs = Path.of(arguments.length > 0 ? arguments[0] : "examples/minimal.yaml");
    Optional<Path> watched =
        arguments.length > 1 && !arguments[1].equals("-")
            ? Optional.of(Path.of(arguments[1]))
            : Optional.empty();
    System.out.println(
        "The operator is real; the cluster is simulated: an API in this process, a node that runs"
            + " nothing, servers that only answer.");
    int code;
    try (Sandbox sandbox = Sandbox.start(Duration.ofSeconds(1))) {
      Main main = new Main(sandbox);
      code = main.show(hubs);
      if (watched.isPresent()) {
        main.watch(watched.get());
      }
    }
    System.exit(code);
  }

  /** Applies files and follows the hubs in them until each is settled. */
  private int show(Path path) throws IOException, InterruptedException {
    int code = 0;
    for (Path file : files(path)) {
      System.out.println("\napplying " + file);
      try {
        for (StudyHub hub : sandbox.apply(Files.readString(file))) {
          code = Math.max(code, follow(hub));
        }
      } catch (InvalidHubException invalid) {
        invalid.problems().forEach(it -> System.out.println("  " + it));
        code = 1;
      }
    }
    return code;
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(it -> it.toString().matches(".*\\.ya?ml")).sorted().toList();
    }
  }

  private int follow(StudyHub hub) throws InterruptedException {
    List<Condition> shown = List.of();
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      StudyHub now = sandbox.hub(hub);
      var status = now.getStatus();
      if (status != null && status.conditions() != null) {
        tree.changes(shown, status.conditions());
        shown = new ArrayList<>(status.conditions());
        boolean current = now.getMetadata().getGeneration().equals(status.observedGeneration());
        boolean stalled = StatusBuilder.is(shown, ConditionType.STALLED);
        boolean moving = StatusBuilder.is(shown, ConditionType.RECONCILING);
        if (current && (stalled || !moving)) {
          tree.objects(sandbox.client(), now);
          boolean ready = StatusBuilder.is(shown, ConditionType.READY);
          System.out.println(
              "StudyHub " + Tree.name(now) + " is " + (stalled ? "stalled" : status.health()));
          return ready && !stalled ? 0 : 1;
        }
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
    tree.objects(sandbox.client(), sandbox.hub(hub));
    System.out.println("not settled after " + PATIENCE.toSeconds() + " seconds");
    return 1;
  }

  /** Applies what is in a directory, and each file again when it changes; ends with the process. */
  private void watch(Path directory) throws IOException, InterruptedException {
    try (WatchService changes = FileSystems.getDefault().newWatchService()) {
      directory.register(
          changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      show(directory);
      System.out.println("\nwatching " + directory + "; Ctrl-C ends");
      for (WatchKey key = changes.take(); key.isValid(); key = changes.take()) {
        // An editor writes a file more than once.
        never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        List<Path> changed =
            key.pollEvents().stream()
                .map(it -> directory.resolve(String.valueOf(it.context())))
                .distinct()
                .filter(it -> it.toString().matches(".*\\.ya?ml"))
                .filter(Files::isRegularFile)
                .toList();
        for (Path file : changed) {
          show(file);
        }
        key.reset();
      }
    }
  }
}
