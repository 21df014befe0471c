package io.sanadflow.studyhub.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks of the settings that a user passes through to PostgreSQL and PgBouncer.
 *
 * <p>PgBouncer does not start with a setting that it does not know, so names and forms of values
 * are held against its own list (of 1.24). PostgreSQL's are checked by the server itself when it
 * reloads, and the last good file is kept for its next start; here only what the operator owns.
 */
final class ParameterChecks {

  private static final long MIB = 1024 * 1024;

  private static final String POSTGRES = "spec.database.parameters.";

  /** PostgreSQL's own least: 16 pages. */
  private static final BigInteger LEAST_SHARED_BUFFERS = BigInteger.valueOf(128 * 1024);

  /** Of a line of postgresql.conf and of pgbouncer.ini, with room to spare. */
  private static final int MOST_CHARACTERS = 1000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)?");

  private static final Pattern SIZE = Pattern.compile("([0-9]+)\\s*(B|kB|MB|GB|TB)?");

  private static final Set<String> POOLER_INTEGERS =
      words(
          "max_client_conn default_pool_size min_pool_size reserve_pool_size max_db_connections"
              + " max_db_client_connections max_user_connections max_user_client_connections"
              + " max_prepared_statements listen_backlog max_packet_size pkt_buf sbuf_loopcnt"
              + " tcp_defer_accept tcp_socket_buffer tcp_keepalive tcp_keepcnt tcp_keepidle"
              + " tcp_keepintvl tcp_user_timeout verbose stats_period query_wait_notify"
              + " scram_iterations");

  private static final Set<String> POOLER_TIMES =
      words(
          "server_lifetime server_idle_timeout server_connect_timeout server_login_retry"
              + " server_check_delay client_login_timeout client_idle_timeout query_timeout"
              + " query_wait_timeout cancel_wait_timeout idle_transaction_timeout"
              + " transaction_timeout suspend_timeout reserve_pool_timeout autodb_idle_timeout"
              + " dns_max_ttl dns_nxdomain_ttl dns_zone_check_period");

  private static final Set<String> POOLER_SWITCHES =
      words(
          "server_fast_close server_round_robin server_reset_query_always log_connections"
              + " log_disconnections log_pooler_errors log_stats disable_pqexec"
              + " application_name_add_host");

  private static final Set<String> POOLER_TEXTS =
      words(
          "pool_mode server_reset_query server_check_query ignore_startup_parameters"
              + " track_extra_parameters syslog_facility syslog_ident");

  private final List<Problem> problems = new ArrayList<>();

  private ParameterChecks() {}

  static List<Problem> of(Hub hub) {
    ParameterChecks checks = new ParameterChecks();
    if (hub.database().external().isEmpty()) {
      checks.postgres(hub);
    }
    new TreeMap<>(hub.pooler().userSettings()).forEach(checks::pooler);
    return checks.problems;
  }

  private void problem(String field, String message) {
    problems.add(new Problem(field, message));
  }

  private void postgres(Hub hub) {
    Hub.Database database = hub.database();
    Map<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    new TreeMap<>(database.userParameters())
        .forEach(
            (name, value) -> {
              String field = POSTGRES + name;
              if (!NAME.matcher(name).matches()) {
                problem(
                    POSTGRES + Excerpt.of(name),
                    "is not the name of a setting; one looks like work_mem");
              } else if (PostgresSettings.reserved(name)) {
                problem(field, "is set by the operator and cannot be changed; remove it");
              } else {
                line(field, value);
              }
              String other = spellings.putIfAbsent(name, name);
              if (other != null) {
                problem(field, "is the same setting as " + other + "; keep one of them");
              }
            });
    if (database.maxConnections() < 10
        || database.maxConnections() > PostgresSettings.MOST_CONNECTIONS) {
      problem(
          POSTGRES + PostgresSettings.written("max_connections", database.userParameters()),
          database.maxConnections()
              + " is not between 10 and "
              + PostgresSettings.MOST_CONNECTIONS
              + "; 50 is the default");
    }
    sharedBuffers(hub);
  }

  private void sharedBuffers(Hub hub) {
    Hub.Database database = hub.database();
    String field = POSTGRES + PostgresSettings.written("shared_buffers", database.userParameters());
    String buffers = database.parameters().get("shared_buffers").trim();
    Matcher size = SIZE.matcher(buffers);
    long limit = database.resources().memoryLimit() / MIB;
    if (buffers.length() > 30 || !size.matches()) {
      problem(field, Excerpt.of(buffers) + " is not a size such as 64MB");
      return;
    }
    BigInteger bytes = bytes(size);
    if (bytes.compareTo(LEAST_SHARED_BUFFERS) < 0) {
      problem(
          field,
          buffers
              + " is less than the 128kB without which PostgreSQL does not start; "
              + limit / 4
              + "MB would work");
    } else if (bytes.shiftLeft(1).compareTo(BigInteger.valueOf(database.resources().memoryLimit()))
        > 0) {
      problem(
          field,
          buffers
              + " is more than half of the memory limit of "
              + limit
              + "Mi, which leaves too little for the backends; at most "
              + limit / 2
              + "MB would work"
              + larger(hub, bytes.shiftLeft(1)));
    }
  }

  /** A larger limit, unless no machine has that much. */
  private static String larger(Hub hub, BigInteger limit) {
    if (limit.compareTo(BigInteger.valueOf(Reading.MOST_BYTES)) > 0) {
      return "";
    }
    long wanted = Proposals.mebibytes(limit.longValueExact());
    return ", or spec.database.resources.limits.memory of "
        + wanted
        + "Mi"
        + Proposals.budget(hub, wanted * MIB - hub.database().resources().memoryLimit());
  }

  private static BigInteger bytes(Matcher size) {
    String unit = size.group(2);
    // shared_buffers without a unit counts pages of 8 kB.
    long factor =
        unit == null
            ? 8192
            : switch (unit) {
              case "B" -> 1L;
              case "kB" -> 1024L;
              case "MB" -> MIB;
              case "GB" -> 1024 * MIB;
              default -> MIB * MIB;
            };
    return new BigInteger(size.group(1)).multiply(BigInteger.valueOf(factor));
  }

  private void pooler(String name, String value) {
    String field = "spec.pooler.parameters." + Excerpt.of(name);
    if (PoolerSettings.reserved(name)) {
      problem(field, "is set by the operator and cannot be changed; remove it");
    } else if (!PoolerSettings.fieldFor(name).isEmpty()) {
      problem(field, "has a field of its own; set " + PoolerSettings.fieldFor(name) + " instead");
    } else if (!line(field, value)) {
      return;
    } else if (POOLER_INTEGERS.contains(name)) {
      whole(field, value);
    } else if (POOLER_TIMES.contains(name)) {
      form(field, value, "[0-9]{1,9}(\\.[0-9]{1,6})?", "a number of seconds");
    } else if (POOLER_SWITCHES.contains(name)) {
      form(field, value, "0|1|yes|no|on|off|true|false", "0 or 1");
    } else if (!POOLER_TEXTS.contains(name)) {
      problem(field, "is no setting of PgBouncer" + near(name) + "; remove it");
    }
  }

  /** Whether a value can stand on a line of a file; that it cannot is a problem. */
  private boolean line(String field, String value) {
    if (value.chars().anyMatch(it -> it < ' ')) {
      problem(field, "has a line break or control character; write it on one line");
      return false;
    }
    if (value.length() > MOST_CHARACTERS) {
      problem(field, "has more than " + MOST_CHARACTERS + " characters; shorten it");
      return false;
    }
    return true;
  }

  private void whole(String field, String value) {
    boolean number = value.matches("-?[0-9]+");
    // PgBouncer counts in an int, and does not start with a number beyond it.
    if (number && new BigInteger(value).bitLength() > 31) {
      problem(
          field,
          Excerpt.of(value)
              + " is out of bounds; "
              + Integer.MAX_VALUE
              + " is the most that works");
    } else {
      form(field, value, "-?[0-9]+", "a whole number");
    }
  }

  private void form(String field, String value, String pattern, String what) {
    if (!value.matches(pattern)) {
      problem(field, "\"" + Excerpt.of(value) + "\" is not " + what);
    }
  }

  private static String near(String written) {
    String name = written.toLowerCase(Locale.ROOT);
    String stem = name.contains("_") ? name.substring(0, name.indexOf('_')) : name;
    return List.of(POOLER_INTEGERS, POOLER_TIMES, POOLER_SWITCHES, POOLER_TEXTS).stream()
        .flatMap(Set::stream)
        .filter(it -> it.startsWith(stem) || (name.length() > 3 && it.contains(name)))
        .min(Comparator.comparing((String it) -> !it.equals(name)).thenComparing(it -> it))
        .map(it -> " (there is " + it + ")")
        .orElse("");
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(" ")).collect(Collectors.toUnmodifiableSet());
  }
}
