package io.sanadflow.studyhub.reconcile;

/**
 * The operator's own pod.
 *
 * @param namespace where it is
 * @param name who writes the Events
 * @param image what it runs, and agents too
 */
public record OperatorPod(String namespace, String name, String image) {}
