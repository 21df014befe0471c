package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.store.ObjectStore;

/**
 * Where backups are.
 *
 * @param name for people: the bucket's, or that of the local volume
 * @param store opened, and closed with the context
 * @param layout the keys in it
 */
record Archive(String name, ObjectStore store, Layout layout) {}
