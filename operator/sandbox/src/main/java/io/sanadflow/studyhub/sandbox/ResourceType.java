package io.sanadflow.studyhub.sandbox;

import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.util.List;

/**
 * A kind of object that the API tells clients about.
 *
 * @param group of the API, empty for the core
 * @param version of the group
 * @param plural as it stands in addresses
 * @param kind as it stands in objects
 * @param namespaced whether its objects live in namespaces
 */
record ResourceType(String group, String version, String plural, String kind, boolean namespaced) {

  /** What a small cluster with Traefik serves, as far as a hub may touch it. */
  static final List<ResourceType> SERVED =
      List.of(
          new ResourceType("", "v1", "namespaces", "Namespace", false),
          core("configmaps", "ConfigMap"),
          core("secrets", "Secret"),
          core("serviceaccounts", "ServiceAccount"),
          core("services", "Service"),
          core("pods", "Pod"),
          core("persistentvolumeclaims", "PersistentVolumeClaim"),
          of("apps", "v1", "deployments", "Deployment"),
          of("apps", "v1", "replicasets", "ReplicaSet"),
          of("apps", "v1", "statefulsets", "StatefulSet"),
          of("batch", "v1", "jobs", "Job"),
          of("batch", "v1", "cronjobs", "CronJob"),
          of("networking.k8s.io", "v1", "ingresses", "Ingress"),
          of("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
          of("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
          of("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
          of("coordination.k8s.io", "v1", "leases", "Lease"),
          of("events.k8s.io", "v1", "events", "Event"),
          of("traefik.io", "v1alpha1", "tlsoptions", "TLSOption"),
          of(StudyHub.GROUP, StudyHub.VERSION, "studyhubs", "StudyHub"));

  private static ResourceType core(String plural, String kind) {
    return of("", "v1", plural, kind);
  }

  private static ResourceType of(String group, String version, String plural, String kind) {
    return new ResourceType(group, version, plural, kind, true);
  }

  /** The group and version as objects write them. */
  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
