package io.sanadflow.studyhub.gateway;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.RangeStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Media of the bucket. */
final class BucketMedia {

  private final RangeStore store;
  private final OffloadLayout layout;

  BucketMedia(RangeStore store, OffloadLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /**
   * An object of the bucket; empty if there is none of this path.
   *
   * @param whole whether all of it will most likely be read: then one request is enough
   */
  Optional<Medium> find(MediaPath path, boolean whole) throws StoreException {
    String key = layout.file(path.text());
    return whole
        ? store.open(key).map(it -> new OfObject(store, it.about(), it.content()))
        : store.describe(key).map(it -> new OfObject(store, it, null));
  }

  /** An object, whose content may have begun to come. */
  private static final class OfObject implements Medium {

    private final RangeStore store;
    private final Described about;
    private final Optional<Instant> written;
    private @Nullable InputStream content;

    OfObject(RangeStore store, Described about, @Nullable InputStream content) {
      this.store = store;
      this.about = about;
      this.content = content;
      this.written = about.modified();
    }

    @Override
    public long bytes() {
      return about.bytes();
    }

    @Override
    public Instant modified() {
      return written.orElse(about.time());
    }

    @Override
    public String etag() {
      // What somebody else has stored tells no time of its own.
      return written
          .map(it -> Medium.etag(it, about.bytes()))
          .orElseGet(() -> '"' + about.etag() + '"');
    }

    @Override
    public String place() {
      return "bucket";
    }

    @Override
    public Optional<String> sha256() {
      return Optional.ofNullable(about.metadata().get(ConditionalStore.SHA256));
    }

    @Override
    public InputStream content(long from, long length) throws IOException {
      InputStream begun = content;
      if (begun == null || from > 0 || length < about.bytes()) {
        close();
        begun = length == 0 ? InputStream.nullInputStream() : store.range(about, from, length);
        content = begun;
      }
      return begun;
    }

    @Override
    public void close() throws IOException {
      InputStream begun = content;
      content = null;
      if (begun != null) {
        begun.close();
      }
    }
  }
}
