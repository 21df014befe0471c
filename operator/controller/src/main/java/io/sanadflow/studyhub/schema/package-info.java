/**
 * A StudyHub without a cluster: YAML is read, filled with defaults and checked by the schema that
 * is shipped, as an API server would.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.schema;
