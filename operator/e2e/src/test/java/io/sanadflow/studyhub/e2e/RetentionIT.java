package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is older than it is to be kept goes from the bucket, and can be seen before it does. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RetentionIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore backups = new Restore(cluster, "pilot");

  /** The dumps of the past by what their objects start with. */
  private static final Map<String, Instant> past = new TreeMap<>();

  /** The newest that a restore proved, older than all that is to be kept. */
  private static String proven = "";

  private static Bucket bucket;

  @BeforeAll
  static void aHubWithBackupsOfAHundredDays() {
    bucket = Bucket.open("retention").grantTo(cluster);
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, objectStore: "
                + bucket.spec("")
                + ", backup: {retention: {days: 365}}}")
        .orFail();
    hub.awaitReady(LIMIT);
    await().atMost(LIMIT).until(() -> status("lastKey").startsWith(bucket.prefix()));
    Past copies = new Past(bucket, status("lastKey"));
    for (int day = 1; day <= 99; day += day < 36 ? 1 : 3) {
      Instant time = daysAgo(day);
      past.put(copies.dump(time), time);
    }
    proven = Past.stem(daysAgo(96));
    bucket.put(
        proven + ".verified.json",
        "{\"verification\":\"Restored\"}".getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  /** An hour short of it, so that no limit is passed while the tests run. */
  private static Instant daysAgo(int days) {
    return NOW.minus(Duration.ofDays(days)).plus(Duration.ofHours(1));
  }

  private static String status(String field) {
    return hub.get().path("status").path("backup").path(field).asText();
  }

  private static Set<String> stored() {
    return bucket.keys("daily/").stream()
        .filter(it -> it.endsWith("Z.json"))
        .map(it -> it.replace(".json", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> listed() {
    return cluster
        .kubectl(
            "get",
            "studyhubbackups",
            "-o",
            "jsonpath={range .items[?(@.spec.type==\"Dump\")]}{.status.key}{\"\\n\"}{end}")
        .orFail()
        .lines()
        .filter(it -> !it.isBlank())
        .map(it -> Past.stem(bucket, it))
        .toList();
  }

  /**
   * Of the past: 30 days, then the last of each of two weeks and the first of each of two months.
   */
  private static Set<String> kept() {
    Instant cutoff = NOW.minus(Duration.ofDays(30));
    Set<String> kept = new TreeSet<>(Set.of(proven));
    Map<String, Instant> weeks = new TreeMap<>();
    Map<String, Instant> months = new TreeMap<>();
    for (Instant time : past.values()) {
      ZonedDateTime day = time.atZone(ZoneOffset.UTC);
      weeks.merge(
          day.get(IsoFields.WEEK_BASED_YEAR) + "-" + day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
          time,
          (a, b) -> a.isAfter(b) ? a : b);
      months.merge(day.getYear() + "-" + day.getMonth(), time, (a, b) -> a.isBefore(b) ? a : b);
    }
    Instant oldestWeek = cutoff.minus(Duration.ofDays(14));
    Instant oldestMonth = cutoff.atZone(ZoneOffset.UTC).minusMonths(2).toInstant();
    past.forEach(
        (stem, time) -> {
          boolean week = weeks.containsValue(time) && !time.isBefore(oldestWeek);
          boolean month = months.containsValue(time) && !time.isBefore(oldestMonth);
          if (!time.isBefore(cutoff) || week || month) {
            kept.add(stem);
          }
        });
    return kept;
  }

  @Test
  @Order(1)
  void allThatIsInTheBucketIsListed() {
    backups.back("all");

    assertThat(stored()).containsAll(past.keySet());
    // What an agent can say is bounded: the newest come first, and more than days are kept by far.
    await().atMost(LIMIT).until(() -> listed().size() >= 45);
  }

  @Test
  @Order(2)
  void whatWouldGoCanBeSeenFirst() {
    hub.patch("{backup: {suspend: true, retention: {days: 30, weekly: 2, monthly: 2}}}").orFail();
    hub.awaitReady(LIMIT);
    Set<String> before = Set.copyOf(bucket.keys(""));

    String log = new Agents(cluster, "pilot").run("prune", "see");

    Set<String> told =
        log.lines()
            .filter(it -> it.contains("would delete ") && it.endsWith("Z.json"))
            .map(it -> it.substring(it.indexOf(bucket.prefix())))
            .map(it -> it.substring(bucket.prefix().length() + 1).replace(".json", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> going = new TreeSet<>(past.keySet());
    going.removeAll(kept());
    assertThat(told).isEqualTo(going);
    assertThat(log).contains(going.size() + " backups, ");
    assertThat(Set.copyOf(bucket.keys(""))).isEqualTo(before);
  }

  @Test
  @Order(3)
  void thenItGoesWithItsStudyHubBackups() {
    hub.patch("{backup: {suspend: false}}").orFail();
    hub.awaitReady(LIMIT);
    Set<String> gone = new TreeSet<>(past.keySet());
    gone.removeAll(kept());

    backups.back("prunes");

    Set<String> left = new TreeSet<>(past.keySet());
    left.retainAll(stored());
    assertThat(left).isEqualTo(kept());
    assertThat(bucket.keys("daily/")).noneMatch(it -> gone.stream().anyMatch(it::startsWith));
    List<String> all = new ArrayList<>(stored());
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(listed()).containsExactlyInAnyOrderElementsOf(all));
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }
}
