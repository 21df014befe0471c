package io.sanadflow.studyhub.probe;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * Has clients of a PgBouncer wait from now on, and ends its connections to PostgreSQL as they
   * become idle. Doing so twice is doing it once.
   *
   * @return whether none is left
   * @throws ProbeException if it does not serve
   */
  boolean pausePooler(PoolerTarget target) throws ProbeException;

  /**
   * Has clients of a paused PgBouncer go on.
   *
   * @throws ProbeException if it does not serve, or is not paused
   */
  void resumePooler(PoolerTarget target) throws ProbeException;

  /**
   * Has PostgreSQL write what is in memory only, so that it has little to write when it ends.
   *
   * @throws ProbeException if it does not serve, or takes longer than some seconds
   */
  void checkpoint(DatabaseTarget target) throws ProbeException;

  /**
   * Looks at the databases that restores made.
   *
   * @throws ProbeException if it does not serve
   */
  SideDatabases sideDatabases(DatabaseTarget target, DatabasePlan plan) throws ProbeException;

  /**
   * Puts a restored database in the place of the hub's. Doing so twice is doing it once.
   *
   * @throws ProbeException if that cannot be done; then neither has another name
   */
  void swap(DatabaseTarget target, DatabasePlan plan, DatabaseSwap swap) throws ProbeException;

  /**
   * Deletes a database that a restore made; one that is gone is no error.
   *
   * @throws ProbeException if it does not serve, or the name is none that restores give
   */
  void dropDatabase(DatabaseTarget target, String name) throws ProbeException;

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

  /**
   * Gets a page by the name that people use, within five seconds.
   *
   * @return empty where it cannot be judged from here: the name is unknown, or its certificate is
   *     of an authority that is unknown
   * @throws ProbeException if nothing answers, or with a certificate that has ended
   */
  Optional<HttpFacts> entrance(URI uri) throws ProbeException;
}
