/** The object store: R2, any S3, or a directory. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.store;
