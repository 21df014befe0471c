package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * How far media have moved, as an object in the bucket. It is replaced only as long as it is what
 * this run saw last, so that a run which was thought to be dead cannot undo what a later one wrote.
 */
final class Ledger {

  private static final int MOST = 64 * 1024;

  private final ConditionalStore store;
  private final String key;
  private final AgentConfig config;
  private Entry entry;
  private Optional<String> etag;

  /**
   * What is written.
   *
   * @param since when the phase began
   * @param by why: what was wanted, and where the app was
   */
  record Entry(String hub, String namespace, OffloadPhase phase, Instant since, String by) {}

  private Ledger(
      ConditionalStore store, String key, AgentConfig config, Entry entry, Optional<String> etag) {
    this.store = store;
    this.key = key;
    this.config = config;
    this.entry = entry;
    this.etag = etag;
  }

  /**
   * Reads the ledger. Where there is none, all is on the volume.
   *
   * @throws OffloadException LedgerOfAnother if it is another hub's and is not to be adopted,
   *     LedgerDamaged if nobody can tell what it says
   */
  static Ledger read(ConditionalStore store, OffloadLayout layout, AgentConfig config, Instant now)
      throws IOException {
    String key = layout.ledger();
    Optional<Described> head = store.describe(key);
    if (head.isEmpty()) {
      Entry none =
          new Entry(config.hub(), config.namespace(), OffloadPhase.LOCAL, now, "nothing has moved");
      return new Ledger(store, key, config, none, Optional.empty());
    }
    Entry entry;
    try (InputStream in = store.get(key)) {
      entry = ReportCodec.read(in.readNBytes(MOST), Entry.class);
    } catch (StoreException failed) {
      throw failed;
    } catch (IOException damaged) {
      throw damaged(key, String.valueOf(damaged.getMessage()));
    }
    if (entry == null || entry.phase() == null || entry.since() == null) {
      throw damaged(key, "it names no phase");
    }
    AgentConfig.Offload offload = config.offload();
    boolean ours = config.hub().equals(entry.hub()) && config.namespace().equals(entry.namespace());
    if (!ours && (offload == null || !offload.bucket().adopt())) {
      throw new OffloadException(
          "LedgerOfAnother",
          ("%s says that these are the media of hub %s in namespace %s. Nothing was moved. Give this"
                  + " hub another prefix, or set existing: Adopt to take its media over")
              .formatted(key, entry.hub(), entry.namespace()));
    }
    return new Ledger(store, key, config, entry, Optional.of(head.get().etag()));
  }

  private static OffloadException damaged(String key, String how) {
    return new OffloadException(
        "LedgerDamaged",
        ("%s in the bucket cannot be read (%s), so nobody can tell where media are: nothing was"
                + " moved. Put back what it said, or delete it if all media are on the volume")
            .formatted(key, how));
  }

  /** What it says. */
  Entry entry() {
    return entry;
  }

  /** Its phase. */
  OffloadPhase phase() {
    return entry.phase();
  }

  /**
   * Goes to another phase, if it is another.
   *
   * @throws OffloadException LedgerTaken if somebody else wrote it since it was read
   */
  void become(OffloadPhase phase, Instant now, String by) throws IOException {
    if (phase == entry.phase()) {
      return;
    }
    Entry next = new Entry(config.hub(), config.namespace(), phase, now, by);
    Content content = Content.of(ReportCodec.json(next).getBytes(StandardCharsets.UTF_8));
    Condition condition = etag.map(Condition::matches).orElse(Condition.ABSENT);
    Optional<Described> written = store.store(key, content, "application/json", condition);
    if (written.isEmpty()) {
      // After a lost answer the ledger in the way is this one.
      written = store.describe(key).filter(it -> it.sha256().equals(Optional.of(content.sha256())));
    }
    if (written.isEmpty()) {
      throw new OffloadException(
          "LedgerTaken",
          key
              + " was written by another run in the meantime: this one stops, and the next goes on");
    }
    etag = Optional.of(written.get().etag());
    entry = next;
  }
}
