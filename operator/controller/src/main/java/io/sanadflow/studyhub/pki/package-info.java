/**
 * The hub's own certificate authority: makes, reads and checks certificates; touches no network.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.pki;
