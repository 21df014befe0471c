package io.sanadflow.studyhub.model;

/** What a message proposes: it must be accepted when the user writes it. */
final class Proposals {

  private static final long MIB = 1024 * 1024;

  private Proposals() {}

  /** Bytes in MiB, rounded up: what is proposed must have room for all of them. */
  static long mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  /** What a proposal of more memory says of the budget: nothing where it fits already. */
  static String budget(Hub hub, long moreBytes) {
    long sum = hub.memory() + moreBytes;
    return sum <= hub.budget().memory()
        ? ""
        : " with spec.budget.memory of " + mebibytes(sum) + "Mi";
  }
}
