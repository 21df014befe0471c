package io.sanadflow.studyhub.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Tells which YAML files of a directory were written. */
final class DirectoryWatch implements AutoCloseable {

  private final Path directory;
  private final WatchService service;
  private final TreeSet<Path> written = new TreeSet<>();

  /**
   * Begins to watch.
   *
   * @throws IOException if the directory cannot be watched
   */
  DirectoryWatch(Path directory) throws IOException {
    this.directory = directory;
    service = directory.getFileSystem().newWatchService();
    directory.register(
        service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
  }

  /**
   * The files that were written and then left alone for a while, so that none is read half written.
   *
   * @param pause how long to wait, and how long a file is to be left alone
   */
  List<Path> await(Duration pause) {
    WatchKey key;
    try {
      key = service.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
    if (key == null) {
      List<Path> files = written.stream().filter(Files::isRegularFile).toList();
      written.clear();
      return files;
    }
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name && Manifests.is(name)) {
        written.add(directory.resolve(name));
      }
    }
    key.reset();
    return List.of();
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
