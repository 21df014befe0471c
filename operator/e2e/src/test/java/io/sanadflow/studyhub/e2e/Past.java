package io.sanadflow.studyhub.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Dumps of days gone by: copies of one that there is, under the names of those days. */
final class Past {

  private static final DateTimeFormatter STEM =
      DateTimeFormatter.ofPattern("'daily/'yyyy/MM/dd/yyyyMMdd'T'HHmmss'Z'")
          .withZone(ZoneOffset.UTC);

  private final Bucket bucket;
  private final String stem;
  private final String time;
  private final String manifest;
  private final List<String> others;

  /**
   * Takes a dump to copy from.
   *
   * @param key of its content, the prefix included, as in the status
   */
  Past(Bucket bucket, String key) {
    this.bucket = bucket;
    this.stem = stem(bucket, key);
    JsonNode told = bucket.json(stem + ".json");
    this.time = told.path("time").asText();
    this.manifest = new String(bucket.get(stem + ".json"), StandardCharsets.UTF_8);
    this.others = bucket.keys(stem).stream().filter(it -> !it.endsWith(".json")).toList();
  }

  /** A key of a status without prefix and ending: what all objects of that dump start with. */
  static String stem(Bucket bucket, String key) {
    return key.substring(bucket.prefix().length() + 1).replaceAll("\\.dump(\\.age)?$", "");
  }

  /** What the objects of a dump of this time start with. */
  static String stem(Instant at) {
    return STEM.format(at);
  }

  /** Makes a dump of a time, and returns what its objects start with. */
  String dump(Instant at) {
    String copy = stem(at);
    for (String key : others) {
      bucket.put(key.replace(stem, copy), bucket.get(key));
    }
    bucket.put(
        copy + ".json",
        manifest
            .replace(stem, copy)
            .replace("\"time\":\"" + time + "\"", "\"time\":\"" + at + "\"")
            .getBytes(StandardCharsets.UTF_8));
    return copy;
  }
}
