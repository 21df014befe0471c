package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.MediaFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of the media volume in the order in which a bucket lists them, so that both are
 * compared line by line. Symbolic links are not followed.
 */
final class LocalTree {

  /** What a byte that is no UTF-8 is read as: such a name cannot be opened again. */
  private static final char UNKNOWN = '\ufffd';

  private final Path root;
  private final Named links = new Named();
  private final Named unread;
  private long special;

  /**
   * A tree.
   *
   * @param unread takes what cannot be read: directories, and names that are no UTF-8
   */
  LocalTree(Path root, Named unread) {
    this.root = root;
    this.unread = unread;
  }

  /** Takes what is found. */
  interface Visitor {
    void found(LocalFile file) throws IOException;
  }

  /** Walks through all. */
  void walk(Visitor visitor) throws IOException {
    walk("", visitor);
  }

  /** Symbolic links. */
  Named links() {
    return links;
  }

  /** How many sockets, pipes and devices there were. */
  long special() {
    return special;
  }

  private void walk(String under, Visitor visitor) throws IOException {
    for (String name : names(under)) {
      String path = under + name;
      if (name.endsWith("/")) {
        walk(path, visitor);
      } else {
        visit(path, visitor);
      }
    }
  }

  /** What is in a directory, with a slash behind each directory. */
  private List<String> names(String under) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(under))) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        boolean own = under.isEmpty() && MediaFile.isOwn(name);
        if (!own) {
          names.add(Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) ? name + "/" : name);
        }
      }
    } catch (NoSuchFileException gone) {
      return List.of();
    } catch (IOException | DirectoryIteratorException unreadable) {
      unread.add(under.isEmpty() ? "/" : under);
      return List.of();
    }
    names.sort(LocalFile.ORDER);
    return names;
  }

  private void visit(String path, Visitor visitor) throws IOException {
    BasicFileAttributes about;
    try {
      about =
          Files.readAttributes(
              root.resolve(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException gone) {
      if (path.indexOf(UNKNOWN) >= 0 || !(gone instanceof NoSuchFileException)) {
        unread.add(path);
      }
      return;
    }
    if (about.isSymbolicLink()) {
      links.add(path);
    } else if (about.isRegularFile()) {
      visitor.found(new LocalFile(path, about.size(), about.lastModifiedTime().toInstant()));
    } else if (!about.isDirectory()) {
      special++;
    }
  }
}
