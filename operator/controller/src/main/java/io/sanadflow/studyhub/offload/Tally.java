package io.sanadflow.studyhub.offload;

import java.util.ArrayList;
import java.util.List;

/** What a run found and did; for several threads. */
final class Tally {

  /** Files that cannot be read. */
  final Named unread = new Named();

  /** Files that changed at every attempt to copy them. */
  final Named changing = new Named();

  /** Files whose names are too long for a bucket. */
  final Named tooLong = new Named();

  /** Files that the app has not finished. */
  final Named unfinished = new Named();

  /** Files whose objects are not what they should be. */
  final Named unverified = new Named();

  /** Files whose objects were deleted since. */
  final Named absent = new Named();

  /** Objects that cannot be put on the volume: their names are no paths, or the place is taken. */
  final Named unplaced = new Named();

  /** Files that differ from their objects and are later than those. */
  final Named kept = new Named();

  private long files;
  private long bytes;
  private long moved;
  private long movedBytes;
  private long left;
  private long removed;
  private long links;
  private long special;

  /** For another pass of the same run over the same files: what was moved stays counted. */
  synchronized Tally another() {
    Tally other = new Tally();
    other.moved = moved;
    other.movedBytes = movedBytes;
    other.left = left;
    return other;
  }

  /** A file on the volume. */
  synchronized void found(long length) {
    files++;
    bytes += length;
  }

  /** A file that was copied. */
  synchronized void moved(long length) {
    moved++;
    movedBytes += length;
  }

  /** A file that came to the volume, in the place of another of a length, or of none. */
  synchronized void fetched(long length, long instead) {
    moved(length);
    files += instead < 0 ? 1 : 0;
    bytes += length - Math.max(instead, 0);
  }

  /** A file that is for the next run. */
  synchronized void left() {
    left++;
  }

  /** A file that was deleted, since the bucket has it. */
  synchronized void removed(long length) {
    removed++;
    files--;
    bytes -= length;
  }

  /** What the walk saw beside files. */
  synchronized void tree(LocalTree tree) {
    links = tree.links().count();
    special = tree.special();
  }

  synchronized long files() {
    return files;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long moved() {
    return moved;
  }

  synchronized long movedBytes() {
    return movedBytes;
  }

  /** Files that are for the next run. */
  synchronized long leftover() {
    return left;
  }

  synchronized long removed() {
    return removed;
  }

  /** What people should know though it is no failure, as sentences. */
  synchronized List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (links > 0) {
      notes.add(links + " symbolic links stay on the volume");
    }
    if (special > 0) {
      notes.add(special + " sockets, pipes or devices stay on the volume");
    }
    note(notes, tooLong, "have names that are too long for a bucket, and stay on the volume");
    note(notes, unfinished, "end in .part, so the app has not finished them: they wait");
    note(notes, changing, "changed while they were copied: the next run copies them");
    note(notes, absent, "are not in the bucket any more, so their local copies stay");
    note(notes, kept, "are later on the volume than in the bucket, so those of the volume stay");
    return notes;
  }

  private static void note(List<String> notes, Named files, String what) {
    if (files.count() > 0) {
      notes.add(files.count() + " files " + what + ": " + files);
    }
  }
}
