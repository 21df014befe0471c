package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.MediaFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is on the media volume, in the order of the list. Symbolic links are told and never
 * followed.
 */
final class MediaTree {

  private static final int PERMISSIONS = 07777;

  /** What a byte that is no UTF-8 is read as: such a name cannot be opened again. */
  private static final char UNKNOWN = '\ufffd';

  private final Path root;
  private final List<String> unread = new ArrayList<>();
  private long special;

  MediaTree(Path root) {
    this.root = root;
  }

  /** Takes what is found. */
  interface Visitor {
    void found(MediaFile file) throws IOException;
  }

  /** Walks through all. */
  void walk(Visitor visitor) throws IOException {
    walk("", visitor);
  }

  /** What could not be read: directories, and names that are no UTF-8. */
  List<String> unread() {
    return unread;
  }

  /** How many sockets, pipes and devices there were. */
  long special() {
    return special;
  }

  private boolean walk(String under, Visitor visitor) throws IOException {
    List<String> names = names(under);
    for (String name : names) {
      visit(under.isEmpty() ? name : under + "/" + name, visitor);
    }
    return !names.isEmpty();
  }

  private List<String> names(String directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(directory))) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        boolean own = directory.isEmpty() && MediaFile.isOwn(name);
        if (!own) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException gone) {
      return List.of();
    } catch (IOException | DirectoryIteratorException unreadable) {
      unread.add(directory.isEmpty() ? "/" : directory);
      // Not empty, as far as one can tell: it is not to be restored as such.
      return List.of();
    }
    names.sort(MediaFile.ORDER);
    return names;
  }

  private void visit(String path, Visitor visitor) throws IOException {
    Path file = root.resolve(path);
    Map<String, Object> about;
    try {
      about =
          Files.readAttributes(
              file,
              "unix:size,lastModifiedTime,ino,mode,isDirectory,isRegularFile,isSymbolicLink",
              LinkOption.NOFOLLOW_LINKS);
    } catch (IOException gone) {
      if (path.indexOf(UNKNOWN) >= 0 || !(gone instanceof NoSuchFileException)) {
        unread.add(path);
      }
      return;
    }
    if (is(about, "isDirectory")) {
      if (!walk(path, visitor) && !unread.contains(path)) {
        visitor.found(told(path, about, null));
      }
    } else if (is(about, "isSymbolicLink")) {
      visitor.found(told(path, about, Files.readSymbolicLink(file).toString()));
    } else if (is(about, "isRegularFile")) {
      visitor.found(told(path, about, null));
    } else {
      special++;
    }
  }

  private static MediaFile told(
      String path, Map<String, Object> about, @org.jspecify.annotations.Nullable String link) {
    boolean file = is(about, "isRegularFile");
    return new MediaFile(
        path,
        file ? (Long) about.get("size") : 0,
        ((FileTime) about.get("lastModifiedTime")).toInstant(),
        (Long) about.get("ino"),
        (Integer) about.get("mode") & PERMISSIONS,
        file ? "" : null,
        link);
  }

  private static boolean is(Map<String, Object> about, String what) {
    return Boolean.TRUE.equals(about.get(what));
  }
}
