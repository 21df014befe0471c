/** Asks the parts of a hub whether they serve, as a client of theirs would. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.probe;
