/**
 * End-to-end tests on a real cluster.
 *
 * <p>{@link io.sanadflow.studyhub.e2e.Installed} puts the operator there as its manifests say,
 * {@link io.sanadflow.studyhub.e2e.Cluster} gives each test class a namespace, {@link
 * io.sanadflow.studyhub.e2e.Hub} is one hub in it. {@link io.sanadflow.studyhub.e2e.Load} and
 * {@link io.sanadflow.studyhub.e2e.Inventory} are the witnesses: whether a request failed, and
 * which objects were written.
 */
@NullMarked
package io.sanadflow.studyhub.e2e;

import org.jspecify.annotations.NullMarked;
