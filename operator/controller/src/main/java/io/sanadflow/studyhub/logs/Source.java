package io.sanadflow.studyhub.logs;

/**
 * A container whose lines are read.
 *
 * @param uid of the pod: the next pod of a StatefulSet has the same name and another uid
 * @param component the part of the hub, such as app or database
 */
record Source(String pod, String uid, String component, String container) {}
