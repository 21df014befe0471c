package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.PoolerSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The [pgbouncer] section: TLS 1.3 on both legs, SCRAM, and the pool sizes of the spec. */
public final class PoolerSettings {

  /** Where the container finds its certificate, key and authority. */
  public static final String TLS_DIRECTORY = "/etc/studyhub/tls";

  /** Where the pooler's container finds its settings and users. */
  public static final String DIRECTORY = "/etc/studyhub/pooler";

  /** The file there with the authorities of the database, where its authority is a private one. */
  public static final String AUTHORITY = "database-ca.crt";

  /** The public authorities that a Debian or Alpine image brings. */
  public static final String PUBLIC_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

  /** The port in the pod, on loopback for the app and on the pod's address for the operator. */
  public static final int PORT = 6432;

  /** Names that the operator needs as they are, and those that the spec has a field for. */
  private static final Set<String> RESERVED =
      Set.of(
          "listen_addr",
          "listen_port",
          "unix_socket_dir",
          "auth_type",
          "auth_file",
          "auth_hba_file",
          "auth_query",
          "auth_user",
          "auth_dbname",
          "admin_users",
          "stats_users",
          "syslog_ident",
          "logfile",
          "pidfile",
          "user",
          "job_name",
          "service_name",
          "syslog",
          "peer_id",
          "so_reuseport",
          "resolv_conf",
          "conffile");

  private static final Set<String> FIXED_AT_START =
      Set.of(
          // PgBouncer would reload these, but clients that are connected lose the statements that
          // they have prepared: "prepared statement does not exist", in either direction (seen with
          // 1.24.1).
          "pool_mode",
          "max_prepared_statements",
          // These it reads at its start alone (CF_NO_RELOAD in its main.c).
          "pkt_buf",
          "listen_backlog",
          "disable_pqexec",
          "track_extra_parameters");

  private static final Map<String, String> FIELDS =
      Map.of(
          "pool_mode", "spec.pooler.mode",
          "max_client_conn", "spec.pooler.maxClientConnections",
          "default_pool_size", "spec.pooler.defaultPoolSize",
          "min_pool_size", "spec.pooler.minPoolSize",
          "reserve_pool_size", "spec.pooler.reservePoolSize",
          "max_db_connections", "spec.pooler.maxDbConnections",
          "server_idle_timeout", "spec.pooler.serverIdleTimeout",
          "server_lifetime", "spec.pooler.serverLifetime");

  private PoolerSettings() {}

  /** Whether the operator alone sets this. */
  public static boolean reserved(String name) {
    return RESERVED.contains(name)
        || name.startsWith("client_tls_")
        || name.startsWith("server_tls_")
        || name.startsWith("%");
  }

  /** The field of the spec that sets this, or an empty string. */
  public static String fieldFor(String name) {
    return FIELDS.getOrDefault(name, "");
  }

  /** The settings that a running PgBouncer takes over without harm to its clients. */
  public static SortedMap<String, String> reloadable(SortedMap<String, String> settings) {
    SortedMap<String, String> some = new TreeMap<>(settings);
    some.keySet().removeAll(FIXED_AT_START);
    return some;
  }

  /** The settings that a pod keeps for its life: a change of them rolls the pods. */
  public static SortedMap<String, String> fixedAtStart(SortedMap<String, String> settings) {
    SortedMap<String, String> some = new TreeMap<>(settings);
    some.keySet().retainAll(FIXED_AT_START);
    return some;
  }

  /**
   * All settings but listen_addr, which is only known in the pod. PgBouncer takes times in whole
   * seconds.
   *
   * @param privateAuthority whether the database's authority is given, or else a public one
   */
  public static SortedMap<String, String> of(
      PoolerSpec spec,
      int clients,
      Duration serverIdleTimeout,
      Duration serverLifetime,
      Map<String, String> user,
      boolean privateAuthority) {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put("max_prepared_statements", "200");
    settings.put("ignore_startup_parameters", "extra_float_digits,search_path,options");
    // Clients wait out a restart of the database, and notice its end within a second.
    settings.put("query_wait_timeout", "60");
    settings.put("server_login_retry", "1");
    settings.put("server_connect_timeout", "5");
    settings.put("server_fast_close", "1");
    settings.put("log_connections", "0");
    settings.put("log_disconnections", "0");
    settings.put("log_stats", "0");
    settings.putAll(user);
    settings.put("listen_port", String.valueOf(PORT));
    settings.put("unix_socket_dir", "");
    settings.put("auth_type", "scram-sha-256");
    settings.put("auth_file", DIRECTORY + "/userlist.txt");
    settings.put("admin_users", Credentials.POOLER_ADMIN);
    settings.put("stats_users", Credentials.POOLER_ADMIN);
    settings.put("pool_mode", spec.mode() == PoolerSpec.Mode.SESSION ? "session" : "transaction");
    settings.put("max_client_conn", String.valueOf(clients));
    settings.put("default_pool_size", String.valueOf(spec.defaultPoolSize()));
    settings.put("min_pool_size", String.valueOf(spec.minPoolSize()));
    settings.put("reserve_pool_size", String.valueOf(spec.reservePoolSize()));
    settings.put("max_db_connections", String.valueOf(spec.maxDbConnections()));
    settings.put("server_idle_timeout", String.valueOf(serverIdleTimeout.toSeconds()));
    settings.put("server_lifetime", String.valueOf(serverLifetime.toSeconds()));
    settings.put("client_tls_sslmode", "require");
    settings.put("client_tls_protocols", "tlsv1.3");
    settings.put("client_tls_cert_file", TLS_DIRECTORY + "/tls.crt");
    settings.put("client_tls_key_file", TLS_DIRECTORY + "/tls.key");
    settings.put("server_tls_protocols", "tlsv1.3");
    settings.put("server_tls_sslmode", "verify-full");
    settings.put(
        "server_tls_ca_file", privateAuthority ? DIRECTORY + "/" + AUTHORITY : PUBLIC_AUTHORITIES);
    return settings;
  }
}
