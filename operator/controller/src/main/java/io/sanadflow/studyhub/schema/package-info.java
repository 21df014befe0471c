/** Reads hubs without a cluster: the shipped schema's defaults and its verdicts, in plain words. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.schema;
