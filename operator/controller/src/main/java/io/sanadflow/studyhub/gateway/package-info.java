/**
 * The read gateway: a small server that gives media out from the volume or else from the bucket, to
 * those who know no S3.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.gateway;
