/** Commands for people. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.cli;
