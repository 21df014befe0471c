/**
 * What a backup is, without the means to make one: its keys, its manifest, what is kept of many,
 * and what an agent reports. Pure.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.backup;
