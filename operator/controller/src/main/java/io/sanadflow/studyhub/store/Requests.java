package io.sanadflow.studyhub.store;

import java.util.Set;

/**
 * Counts the requests to one bucket by the class as which R2 bills them, and the bytes that they
 * stored. For several threads.
 *
 * <p>By developers.cloudflare.com/r2/pricing, of 2026: class A are the operations named here;
 * DeleteObject, DeleteBucket and AbortMultipartUpload are free (of DeleteObjects it says nothing
 * else); what is left reads, and is class B. A request that is refused for who sent it (401, 403)
 * is free, one that fails for another reason (412, 400) is billed; that those are free which the
 * store itself failed at (5xx) is taken for granted. One that was never answered is counted: it may
 * have been carried out.
 */
public final class Requests {

  private static final Set<String> CLASS_A =
      Set.of(
          "ListBuckets",
          "CreateBucket",
          "ListObjects",
          "ListObjectsV2",
          "PutObject",
          "CopyObject",
          "CompleteMultipartUpload",
          "CreateMultipartUpload",
          "ListMultipartUploads",
          "UploadPart",
          "UploadPartCopy",
          "ListParts");

  private static final Set<String> FREE =
      Set.of("DeleteObject", "DeleteObjects", "DeleteBucket", "AbortMultipartUpload");

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private long classA;
  private long classB;
  private long bytes;
  private boolean answered = true;

  /**
   * A count.
   *
   * @param bytes stored, whatever they replaced
   */
  public record Count(long classA, long classB, long bytes) {

    /** Nothing. */
    public static final Count NONE = new Count(0, 0, 0);

    /** Both together. */
    public Count and(Count other) {
      return new Count(classA + other.classA, classB + other.classB, bytes + other.bytes);
    }

    /** What is more than in a count before. */
    public Count since(Count before) {
      return new Count(classA - before.classA, classB - before.classB, bytes - before.bytes);
    }

    /** Whether nothing was billed. */
    public boolean isFree() {
      return classA == 0 && classB == 0;
    }
  }

  /** Counts a request that is sent, each attempt of its own. */
  synchronized void sent(String operation) {
    add(operation, 1);
    answered = false;
  }

  /** Takes back what is not billed, now that it is answered, and counts what is stored. */
  synchronized void answered(String operation, int status, long content) {
    if (status == UNAUTHORIZED || status == FORBIDDEN || status >= SERVER_ERROR) {
      add(operation, -1);
    } else {
      answered = status != TOO_MANY;
    }
    if (status < 300 && (operation.equals("PutObject") || operation.equals("UploadPart"))) {
      bytes += content;
    }
  }

  private void add(String operation, int more) {
    if (CLASS_A.contains(operation)) {
      classA += more;
    } else if (!FREE.contains(operation)) {
      classB += more;
    }
  }

  /** All so far. */
  public synchronized Count count() {
    return new Count(classA, classB, bytes);
  }

  /** Whether the store did what the last request asked of it, or said why not. */
  public synchronized boolean answers() {
    return answered;
  }
}
