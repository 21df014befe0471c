/**
 * The operator with a simulated Kubernetes around it: an API in this process, a node that only says
 * that it runs pods, and servers that only answer. For trying a StudyHub out without a cluster.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.sandbox;
