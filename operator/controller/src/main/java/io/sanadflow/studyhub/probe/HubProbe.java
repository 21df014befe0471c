package io.sanadflow.studyhub.probe;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Asks the parts of a hub whether they serve, as a client would, and tells them to read their
 * configuration again. Every call opens its connections and closes them before it returns.
 */
public interface HubProbe {

  /**
   * Connects to PostgreSQL, makes it what the plan says (writing only what differs), and reports.
   *
   * @throws ProbeException if it does not serve, or the plan cannot be applied
   */
  DatabaseFacts database(DatabaseTarget target, DatabasePlan plan) throws ProbeException;

  /**
   * Has PostgreSQL read its configuration and certificates again.
   *
   * @throws ProbeException if it does not serve
   */
  void reloadDatabase(DatabaseTarget target) throws ProbeException;

  /**
   * Asks PostgreSQL for a row through PgBouncer, then PgBouncer for its settings.
   *
   * @throws ProbeException if either does not serve
   */
  PoolerFacts pooler(PoolerTarget target) throws ProbeException;

  /**
   * Has PgBouncer read its configuration, users and certificates again.
   *
   * @throws ProbeException if it does not serve
   */
  void reloadPooler(PoolerTarget target) throws ProbeException;

  /**
   * Sends Redis a PING and asks for settings.
   *
   * @param configNames the settings to ask for, by their exact names
   * @throws ProbeException if it does not serve
   */
  RedisFacts redis(RedisTarget target, List<String> configNames) throws ProbeException;

  /**
   * Sets all settings of Redis or none; setting the certificate files, even to the same paths, has
   * it read them again.
   *
   * @throws ProbeException if it does not serve, or refuses one
   */
  void configureRedis(RedisTarget target, Map<String, String> settings) throws ProbeException;

  /**
   * Gets a page within five seconds; an answer of 400 or above is an answer.
   *
   * @throws ProbeException if nothing answers
   */
  HttpFacts http(URI uri) throws ProbeException;
}
