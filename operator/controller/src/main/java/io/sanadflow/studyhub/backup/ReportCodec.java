package io.sanadflow.studyhub.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reports and the agent's configuration as text. Kubernetes keeps the first 4,096 bytes of a
 * termination message, so a report that is longer is compressed, and one that is longer even then
 * loses the months before this one, and the oldest of its catalogue.
 */
public final class ReportCodec {

  /** How many bytes Kubernetes keeps of a container's termination message. */
  public static final int MOST_BYTES = 4096;

  /** How much of a message that is too long is kept. */
  private static final int MOST_MESSAGE = 1000;

  /** What a compressed report starts with. */
  private static final String COMPRESSED = "deflate:";

  private ReportCodec() {}

  /** A report as text of at most {@link #MOST_BYTES}. */
  public static String encode(Report report) {
    String json = json(report);
    if (json.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
      return json;
    }
    String text = compressed(json);
    Report.Usage usage = report.usage();
    Report.Requests requests = report.requests();
    if (text.length() > MOST_BYTES
        && usage != null
        && requests != null
        && !usage.months().isEmpty()) {
      return encode(report.withUsage(requests, usage.withoutMonths()));
    }
    List<Entry> catalogue = report.catalogue();
    if (text.length() > MOST_BYTES && catalogue != null && !catalogue.isEmpty()) {
      return encode(report.withCatalogue(catalogue.subList(0, catalogue.size() * 9 / 10)));
    }
    if (text.length() > MOST_BYTES && report.message().length() > MOST_MESSAGE) {
      return encode(report.withMessage(report.message().substring(0, MOST_MESSAGE)));
    }
    return text;
  }

  /** What {@link #encode} wrote; empty for any other text, such as the last words of a crash. */
  public static Optional<Report> decode(String text) {
    try {
      String json =
          text.startsWith(COMPRESSED) ? inflated(text.substring(COMPRESSED.length())) : text;
      return Optional.ofNullable(RecordJson.read(json, Report.class))
          .filter(it -> it.reason() != null && it.message() != null);
    } catch (IOException | IllegalArgumentException other) {
      return Optional.empty();
    }
  }

  /** Any record of backups as JSON: times as RFC 3339, nothing for null. */
  public static String json(Object value) {
    return RecordJson.write(value);
  }

  /** A constant as JSON and the API's schema have it: CutOver for CUT_OVER. */
  public static String word(Enum<?> constant) {
    return RecordJson.word(constant);
  }

  /**
   * A record of backups from its JSON; fields of later versions are passed over.
   *
   * @return null for the JSON null
   * @throws IOException if it is not JSON, or not such a record
   */
  public static <T extends Record> @Nullable T read(String json, Class<T> type) throws IOException {
    return RecordJson.read(json, type);
  }

  /** The same from UTF-8. */
  public static <T extends Record> @Nullable T read(byte[] json, Class<T> type) throws IOException {
    return RecordJson.read(new String(json, StandardCharsets.UTF_8), type);
  }

  /**
   * The configuration that the operator gives a pod of its own image.
   *
   * @throws IOException if the variable is not there, or is not such a record
   */
  public static <T extends Record> T told(
      Map<String, String> environment, String variable, Class<T> type) throws IOException {
    String json = environment.get(variable);
    T config = json == null ? null : read(json, type);
    if (config == null) {
      throw new IOException(variable + ": not set; the operator sets it in the pods that it makes");
    }
    return config;
  }

  private static String compressed(String json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return COMPRESSED + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String inflated(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var inflater = new InflaterOutputStream(bytes)) {
      inflater.write(Base64.getDecoder().decode(text));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
