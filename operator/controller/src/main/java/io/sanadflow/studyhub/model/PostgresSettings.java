package io.sanadflow.studyhub.model;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings of postgresql.conf, sized from the memory limit.
 *
 * <p>At 256 MiB they are those that were measured to start and to survive 45 concurrent sorts:
 * shared_buffers of 64MB takes 72 MB, a sorting backend 2.8 MB at work_mem 1MB. A larger limit
 * scales them in proportion.
 */
public final class PostgresSettings {

  /** Bytes of a MiB; PostgreSQL's MB is the same. */
  private static final long MIB = 1024 * 1024;

  /** The most connections that a server may be given: each may become a process. */
  static final int MOST_CONNECTIONS = 1000;

  /** Where the container finds what the operator mounts. */
  public static final String TLS_DIRECTORY = "/etc/studyhub/tls";

  /** Settings that the operator needs as they are: who sets one is refused by name. */
  private static final Set<String> RESERVED =
      Set.of(
          "listen_addresses",
          "port",
          "hba_file",
          "ident_file",
          "data_directory",
          "config_file",
          "external_pid_file",
          "unix_socket_directories",
          "password_encryption",
          "archive_mode",
          "archive_command",
          "archive_library",
          "restore_command",
          "wal_level",
          "huge_pages",
          "shared_memory_type",
          "dynamic_shared_memory_type",
          "log_destination",
          "logging_collector",
          "log_directory",
          "log_filename",
          "cluster_name",
          "primary_conninfo",
          "primary_slot_name",
          "include",
          "include_dir",
          "include_if_exists",
          "fsync",
          "full_page_writes",
          "krb_server_keyfile",
          "allow_system_table_mods",
          "ignore_system_indexes",
          "zero_damaged_pages",
          "session_preload_libraries",
          "local_preload_libraries",
          "dynamic_library_path",
          "max_wal_senders");

  private PostgresSettings() {}

  /** Whether the operator alone sets this parameter. */
  public static boolean reserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return RESERVED.contains(lower)
        || lower.startsWith("ssl")
        || lower.startsWith("recovery_target")
        || lower.startsWith("studyhub.");
  }

  /**
   * A value as it stands in postgresql.conf, where a backslash starts an escape and a quote ends
   * the value.
   */
  public static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A setting's name as the user wrote it, or as it is where the user did not set it. */
  static String written(String name, Map<String, String> user) {
    return user.keySet().stream().filter(name::equalsIgnoreCase).sorted().findFirst().orElse(name);
  }

  /**
   * All settings, their names in lower case.
   *
   * @param memoryLimit the container's limit in bytes
   * @param user what the user set, in whatever case: to PostgreSQL the names are the same
   * @param archive whether the write-ahead log is kept for restores to a point in time
   */
  public static SortedMap<String, String> of(
      long memoryLimit, Map<String, String> user, boolean archive) {
    long mib = memoryLimit / MIB;
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("shared_buffers", mib / 4 + "MB");
    settings.put("effective_cache_size", mib / 2 + "MB");
    settings.put("work_mem", Math.max(1, mib / 256) + "MB");
    settings.put("temp_buffers", "1MB");
    settings.put("hash_mem_multiplier", "1.0");
    settings.put("maintenance_work_mem", Math.max(8, mib / 16) + "MB");
    settings.put("autovacuum_work_mem", Math.max(8, mib / 16) + "MB");
    settings.put("autovacuum_max_workers", "1");
    settings.put("max_connections", "50");
    settings.put("superuser_reserved_connections", "3");
    settings.put("max_worker_processes", "2");
    settings.put("max_parallel_workers", "0");
    settings.put("max_parallel_workers_per_gather", "0");
    settings.put("max_parallel_maintenance_workers", "0");
    settings.put("jit", "off");
    settings.put("wal_buffers", "2MB");
    settings.put("min_wal_size", "64MB");
    settings.put("max_wal_size", "256MB");
    // pglz starts in every build; zstd does not.
    settings.put("wal_compression", "on");
    settings.put("max_replication_slots", "2");
    settings.put("max_slot_wal_keep_size", "512MB");
    settings.put("log_min_duration_statement", "500");
    settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    if (archive) {
      // Less often than a segment a quarter of an hour costs the free tier of a bucket less, and
      // loses more.
      settings.put("archive_timeout", "900");
    }
    new TreeMap<>(user)
        .forEach((name, value) -> settings.put(name.toLowerCase(Locale.ROOT), value));
    settings.put("listen_addresses", "*");
    settings.put("port", "5432");
    settings.put("unix_socket_directories", "/var/run/postgresql");
    settings.put("huge_pages", "off");
    settings.put("shared_memory_type", "mmap");
    settings.put("dynamic_shared_memory_type", "posix");
    settings.put("wal_level", "replica");
    settings.put("max_wal_senders", "3");
    settings.put("archive_mode", archive ? "on" : "off");
    if (archive) {
      settings.put("archive_command", "sh /etc/studyhub/config/archive.sh %p %f");
    }
    settings.put("password_encryption", "scram-sha-256");
    settings.put("ssl", "on");
    settings.put("ssl_min_protocol_version", "TLSv1.3");
    settings.put("ssl_cert_file", TLS_DIRECTORY + "/tls.crt");
    settings.put("ssl_key_file", TLS_DIRECTORY + "/tls.key");
    settings.put("ssl_ca_file", TLS_DIRECTORY + "/ca.crt");
    return settings;
  }
}
