package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.StoreException;
import io.sanadflow.studyhub.usage.Book;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The object in the bucket that is the hub's book, which several runs write. */
final class BookObject {

  private static final int MOST = 256 * 1024;

  private final AgentContext context;
  private final ConditionalStore store;
  private final String key;

  BookObject(AgentContext context, ConditionalStore store, String key) {
    this.context = context;
    this.store = store;
    this.key = key;
  }

  /** The book, and the tag of its object; empty if there is none yet. */
  record Found(Book book, Optional<String> etag) {}

  /** The book; empty if it is another hub's. */
  Optional<Found> read() throws IOException {
    AgentConfig config = context.config();
    boolean adopt = config.bucket() != null && config.bucket().adopt();
    Optional<Described> head = store.describe(key);
    Book none = Book.empty(config.hub(), config.namespace());
    if (head.isEmpty()) {
      // A new book in an archive that is another's would be another's.
      return adopt || OwnerCheck.mayBegin(context) ? found(none, head) : Optional.empty();
    }
    Book book = none;
    try (InputStream in = store.get(key)) {
      Book read = ReportCodec.read(in.readNBytes(MOST), Book.class);
      book = read == null || !read.isWhole() ? none : read;
    } catch (StoreException failed) {
      throw failed;
    } catch (IOException damaged) {
      context.step("%s is damaged and begins anew: %s", key, damaged.getMessage());
    }
    boolean ours = config.hub().equals(book.hub()) && config.namespace().equals(book.namespace());
    return ours || adopt
        ? found(book.of(config.hub(), config.namespace()), head)
        : Optional.empty();
  }

  private static Optional<Found> found(Book book, Optional<Described> head) {
    return Optional.of(new Found(book, head.map(Described::etag)));
  }

  /**
   * Writes it, if it is what it was when it was read.
   *
   * @return whether it was
   */
  boolean write(Book book, Optional<String> etag) throws IOException {
    Content content = Content.of(ReportCodec.json(book).getBytes(StandardCharsets.UTF_8));
    Condition condition = etag.map(Condition::matches).orElse(Condition.ABSENT);
    return store.store(key, content, "application/json", condition).isPresent();
  }
}
