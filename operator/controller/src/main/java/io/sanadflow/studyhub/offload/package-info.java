/** Media move from a volume to a bucket and back: what the agent does of it, and its ledger. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.offload;
