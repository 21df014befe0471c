package io.sanadflow.studyhub.probe;

import static io.sanadflow.studyhub.probe.SqlConnection.identifier;
import static io.sanadflow.studyhub.probe.SqlConnection.literal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.postgresql.util.PasswordUtil;

/** Roles, database, rights and extensions of a hub, each written only where it is missing. */
final class DatabasePreparation {

  private static final int ITERATIONS = 4096;

  private static final int SALT_BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  /** Roles and the database, as superuser in the database {@code postgres}. */
  void server(SqlConnection sql, DatabasePlan plan) throws ProbeException {
    // Verifiers are in the statements: nothing of this session goes to the log.
    sql.run("SET log_statement = 'none'");
    sql.run("SET log_min_duration_statement = -1");
    sql.run("SET log_min_error_statement = 'panic'");
    for (RolePlan role : plan.roles()) {
      role(sql, role);
    }
    String database = identifier(plan.database());
    boolean exists =
        sql.value("SELECT 1 FROM pg_database WHERE datname = " + literal(plan.database()))
            .isPresent();
    if (!exists) {
      sql.run(
          "CREATE DATABASE "
              + database
              + " OWNER "
              + identifier(plan.owner())
              // The superuser is not counted.
              + (plan.awaitsRestore() ? " CONNECTION LIMIT 0" : ""));
    } else if (!plan.awaitsRestore() && closed(sql, plan.database())) {
      sql.run("ALTER DATABASE " + database + " CONNECTION LIMIT -1");
    }
    sql.run("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
    if (plan.app().isPresent()) {
      sql.run("GRANT CONNECT ON DATABASE " + database + " TO " + identifier(plan.app().get()));
    }
    if (plan.monitor().isPresent()) {
      String monitor = identifier(plan.monitor().get());
      sql.run("GRANT CONNECT ON DATABASE " + database + " TO " + monitor);
      sql.run("GRANT pg_monitor TO " + monitor);
    }
  }

  private static boolean closed(SqlConnection sql, String database) throws ProbeException {
    return sql.value(
            "SELECT 1 FROM pg_database WHERE datconnlimit = 0 AND datname = " + literal(database))
        .isPresent();
  }

  private void role(SqlConnection sql, RolePlan role) throws ProbeException {
    String name = identifier(role.name());
    Optional<String> there =
        sql.value(
            "SELECT coalesce(rolpassword, '') FROM pg_authid WHERE rolname = "
                + literal(role.name()));
    if (there.isEmpty()) {
      sql.run("CREATE ROLE " + name + " LOGIN");
    }
    if (there.isEmpty() || !matches(there.get(), role.password())) {
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      String verifier =
          PasswordUtil.encodeScramSha256(role.password().toCharArray(), ITERATIONS, salt);
      sql.run("ALTER ROLE " + name + " LOGIN PASSWORD " + literal(verifier));
    }
  }

  /** Whether a stored verifier is of this password. */
  static boolean matches(String verifier, String password) {
    String[] parts = verifier.split("[$:]");
    if (parts.length != 5 || !parts[0].equals("SCRAM-SHA-256")) {
      return false;
    }
    try {
      byte[] salt = Base64.getDecoder().decode(parts[2]);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(password.toCharArray(), salt, Integer.parseInt(parts[1]), 256))
              .getEncoded();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salted, "HmacSHA256"));
      byte[] clientKey = mac.doFinal("Client Key".getBytes(StandardCharsets.US_ASCII));
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      return MessageDigest.isEqual(storedKey, Base64.getDecoder().decode(parts[3]));
    } catch (GeneralSecurityException | IllegalArgumentException damaged) {
      return false;
    }
  }

  /** Rights in the hub's database, as superuser in it. */
  void rights(SqlConnection sql, DatabasePlan plan) throws ProbeException {
    String owner = identifier(plan.owner());
    sql.run("ALTER SCHEMA public OWNER TO " + owner);
    if (plan.app().isEmpty()) {
      return;
    }
    String app = identifier(plan.app().get());
    sql.run("GRANT USAGE ON SCHEMA public TO " + app);
    Map<String, String> rights =
        new TreeMap<>(
            Map.of(
                "TABLES", "SELECT, INSERT, UPDATE, DELETE",
                "SEQUENCES", "USAGE, SELECT, UPDATE",
                "FUNCTIONS", "EXECUTE"));
    for (Map.Entry<String, String> right : rights.entrySet()) {
      sql.run(
          "GRANT "
              + right.getValue()
              + " ON ALL "
              + right.getKey()
              + " IN SCHEMA public TO "
              + app);
      sql.run(
          "ALTER DEFAULT PRIVILEGES FOR ROLE "
              + owner
              + " GRANT "
              + right.getValue()
              + " ON "
              + right.getKey()
              + " TO "
              + app);
    }
  }

  /** Creates the extensions; what cannot be created is told with what there is. */
  Map<String, String> extensions(SqlConnection sql, DatabasePlan plan) throws ProbeException {
    Map<String, String> failed = new TreeMap<>();
    for (String extension : plan.extensions()) {
      if (sql.value("SELECT 1 FROM pg_extension WHERE extname = " + literal(extension))
          .isPresent()) {
        continue;
      }
      if (sql.value("SELECT 1 FROM pg_available_extensions WHERE name = " + literal(extension))
          .isEmpty()) {
        failed.put(
            extension,
            "the database's image has no such extension; it has "
                + sql.value(
                        "SELECT string_agg(name, ', ' ORDER BY name) FROM pg_available_extensions")
                    .orElse("none"));
        continue;
      }
      try {
        sql.run("CREATE EXTENSION " + identifier(extension));
      } catch (ProbeException refused) {
        failed.put(extension, String.valueOf(refused.getMessage()));
      }
    }
    return failed;
  }
}
