package io.sanadflow.studyhub.probe;

/**
 * Two databases that change their names: {@code side} becomes the hub's, and the hub's becomes
 * {@code previous}.
 *
 * @param ontoEmpty whether it is refused where the hub's has tables
 */
public record DatabaseSwap(String side, String previous, boolean ontoEmpty) {}
