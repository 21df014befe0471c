/** What is told to whom when a hub's state changes: what is news, its texts, and its sending. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.notify;
