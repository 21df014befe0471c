/**
 * The reader of a hub's logs, a program of its own: it follows the containers of the hub's pods by
 * the API server and writes their lines to files, which a collector sends on.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.logs;
