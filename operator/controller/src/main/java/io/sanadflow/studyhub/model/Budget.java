package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.BudgetSpec;
import java.math.BigDecimal;

/**
 * What a hub may use.
 *
 * @param memory the sum of the limits of its containers, in bytes
 * @param objectStorage bytes in object stores, the mean of a month's days
 * @param classA operations a month
 * @param classB operations a month
 * @param cost dollars a month for what is beyond the free tier
 */
public record Budget(long memory, long objectStorage, long classA, long classB, BigDecimal cost) {

  static Budget of(BudgetSpec spec, Reading reading) {
    return new Budget(
        reading.bytes("spec.budget.memory", spec.memory(), Reading.MOST_BYTES),
        reading.bytes("spec.budget.objectStorage", spec.objectStorage(), Reading.MOST_BYTES),
        reading.bytes("spec.budget.classAOperations", spec.classAOperations(), Reading.MOST_BYTES),
        reading.bytes("spec.budget.classBOperations", spec.classBOperations(), Reading.MOST_BYTES),
        reading.dollars("spec.budget.cost", spec.cost()));
  }
}
