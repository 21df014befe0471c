/** The reconciler: what is watched, applied, pruned and asked. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.reconcile;
