package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.util.List;

/** The kinds of objects that a hub is made of. */
final class SandboxKinds {

  /** In the order in which they are shown. */
  static final List<Class<? extends HasMetadata>> ALL =
      List.of(
          StudyHub.class,
          Deployment.class,
          StatefulSet.class,
          Job.class,
          Pod.class,
          Service.class,
          Ingress.class,
          PersistentVolumeClaim.class,
          ConfigMap.class,
          Secret.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          ServiceAccount.class);

  private SandboxKinds() {}
}
