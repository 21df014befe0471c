package io.sanadflow.studyhub.probe;

import java.util.Set;

/**
 * The databases beside the hub's.
 *
 * @param system the identifier of the database system, another for another volume
 * @param names those that restores made
 * @param awaitsRestore whether the hub's database is new and lets nobody in before a restore
 */
public record SideDatabases(String system, Set<String> names, boolean awaitsRestore) {

  /** Copies the set. */
  public SideDatabases {
    names = Set.copyOf(names);
  }
}
