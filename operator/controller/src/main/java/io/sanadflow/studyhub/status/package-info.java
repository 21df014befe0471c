/** From what was observed to the complete status. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.status;
