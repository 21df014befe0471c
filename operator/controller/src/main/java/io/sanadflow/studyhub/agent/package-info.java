/** Sub-commands that run in Jobs: thin commands over the store, without the Kubernetes client. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.agent;
