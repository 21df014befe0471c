/** Configuration, wiring, leader election and the operator's own endpoints. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.runtime;
