/** What a hub uses of its object stores, day by day and month by month, and what that comes to. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.usage;
