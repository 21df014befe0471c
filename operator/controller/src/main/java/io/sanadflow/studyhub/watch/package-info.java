/** What the operator shows of the hubs and of itself to those who watch: no cluster is asked. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.watch;
