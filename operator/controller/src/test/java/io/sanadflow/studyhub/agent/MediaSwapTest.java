package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media that are swapped, also when it breaks off half-way. */
class MediaSwapTest {

  @TempDir Path root;
  private MediaSwap swap = new MediaSwap(Path.of(""), "");

  @BeforeEach
  void presentAndStaged() throws IOException {
    swap = new MediaSwap(root, "r1");
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(root.resolve(name), "old");
    }
    Path fresh = swap.stage("daily/x.dump");
    for (String name : List.of("b", "c", "d")) {
      Files.writeString(fresh.resolve(name), "new");
    }
    swap.staged();
  }

  private List<String> media() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(
              it -> {
                try {
                  return it.getFileName() + "=" + Files.readString(it);
                } catch (IOException failed) {
                  throw new java.io.UncheckedIOException(failed);
                }
              })
          .sorted()
          .toList();
    }
  }

  @Test
  void placedUndoneAndDropped() throws IOException {
    swap.place();
    assertThat(media()).containsExactly("b=new", "c=new", "d=new");
    swap.undo();
    assertThat(media()).containsExactly("a=old", "b=old", "c=old");
    swap.place();
    swap.drop();
    assertThat(media()).containsExactly("b=new", "c=new", "d=new");
    assertThat(root.resolve(".studyhub-r1")).doesNotExist();
    assertThat(swap.undo()).contains("nothing was placed");
  }

  /** What a kill leaves behind: a state, and some of the renames done. */
  private void broken(String state, String... moved) throws IOException {
    Path ours = root.resolve(".studyhub-r1");
    boolean backwards = state.startsWith("UNDOING");
    if (backwards) {
      swap.place();
    }
    if (state.equals("MOVING_NEW")) {
      for (String name : List.of("a", "b", "c")) {
        Files.move(root.resolve(name), ours.resolve("old").resolve(name));
      }
    }
    for (String name : moved) {
      if (state.equals("MOVING_OLD")) {
        Files.move(root.resolve(name), ours.resolve("old").resolve(name));
      } else if (state.equals("MOVING_NEW")) {
        Files.move(ours.resolve("new").resolve(name), root.resolve(name));
      } else {
        Files.move(root.resolve(name), ours.resolve("new").resolve(name));
      }
    }
    Files.writeString(ours.resolve("state"), state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MOVING_OLD", "MOVING_NEW", "UNDOING_NEW"})
  void whatBrokeOffIsTakenUpForwards(String state) throws IOException {
    broken(state, "b");
    assertThatThrownBy(swap::drop).hasMessageContaining("half swapped");
    swap.place();
    assertThat(media()).containsExactly("b=new", "c=new", "d=new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MOVING_OLD", "MOVING_NEW", "UNDOING_NEW"})
  void whatBrokeOffIsTakenUpBackwards(String state) throws IOException {
    broken(state, "b");
    swap.undo();
    assertThat(media()).containsExactly("a=old", "b=old", "c=old");
  }

  @Test
  void whatIsNotWhollyStagedIsNotPlaced() throws IOException {
    swap.stage("daily/y.dump");
    assertThatThrownBy(swap::place).hasMessageContaining("run STAGE to its end");
    assertThat(media()).containsExactly("a=old", "b=old", "c=old");
  }

  @Test
  void aFileThatTheAppWritesMeanwhileIsNotLost() throws IOException {
    broken("MOVING_OLD", "b");
    Files.writeString(root.resolve("b"), "written now");
    assertThatThrownBy(swap::place).hasMessageContaining("Stop the app");
    assertThat(root.resolve("b")).hasContent("written now");
  }
}
