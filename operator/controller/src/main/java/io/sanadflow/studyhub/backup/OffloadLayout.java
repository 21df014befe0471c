package io.sanadflow.studyhub.backup;

/**
 * Where things are in the bucket for media. Beneath the prefix: {@code files/PATH}, which are the
 * app's; {@code offload/ledger.json}, {@code offload/state.jsonl.gz}, {@code offload/history.json}.
 *
 * @param prefix what all keys start with, without a slash at the end; empty for none
 */
public record OffloadLayout(String prefix) {

  /** What the app's objects are beneath, with a slash at the end. */
  public String files() {
    return under("files/");
  }

  /** A file by its path on the volume. */
  public String file(String path) {
    return files() + path;
  }

  /** How far media have moved. */
  public String ledger() {
    return under("offload/ledger.json");
  }

  /** What is known of each file that was copied. */
  public String state() {
    return under("offload/state.jsonl.gz");
  }

  /** What the volumes held, day by day. */
  public String history() {
    return under("offload/history.json");
  }

  private String under(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }
}
