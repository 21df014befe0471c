package io.sanadflow.studyhub.probe;

import java.util.List;
import java.util.Optional;

/**
 * What a hub's database must hold.
 *
 * @param database the database of the hub
 * @param roles the roles to make, with their passwords
 * @param owner the role that owns the database and its schema public
 * @param app the role that reads and writes rows
 * @param monitor the role that only watches
 * @param extensions the extensions to create in the database
 * @param managed whether the server is the hub's own; at a server of someone else, only the
 *     extensions are asked for
 * @param awaitsRestore whether the hub's database, if it is made now, lets nobody but the superuser
 *     in until a restore has taken its place
 */
public record DatabasePlan(
    String database,
    List<RolePlan> roles,
    String owner,
    Optional<String> app,
    Optional<String> monitor,
    List<String> extensions,
    boolean managed,
    boolean awaitsRestore) {

  /** Copies the lists. */
  public DatabasePlan {
    roles = List.copyOf(roles);
    extensions = List.copyOf(extensions);
  }

  /** The same for a database that is to take the hub's place: nobody has to wait for that. */
  DatabasePlan of(String side) {
    return new DatabasePlan(side, roles, owner, app, monitor, extensions, managed, false);
  }
}
