/** The parts of a hub, one class each: the objects they want and how they fare. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.component;
