package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.sanadflow.studyhub.api.v1alpha1.AppSpec;
import io.sanadflow.studyhub.api.v1alpha1.DatabaseSpec;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.SecretKeyRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The user's Secrets that a spec names: each must be there, with its keys, before it is used. */
public final class References {

  /**
   * One Secret that is named.
   *
   * @param field where in the spec
   * @param keys the keys that must be in it
   * @param restarts whether pods read it at their start, so that a change of it starts them anew
   * @param readOnly whether the app's environment alone reads it, so that it may be one of the
   *     hub's own
   */
  public record Reference(
      String field, String secret, List<String> keys, boolean restarts, boolean readOnly) {}

  private final List<Reference> found = new ArrayList<>();

  private References() {}

  /** All Secrets that the spec names. */
  public static List<Reference> of(StudyHubSpec spec) {
    References references = new References();
    references.app(spec.app());
    references.database(spec.database());
    references.store(spec);
    return List.copyOf(references.found);
  }

  private void app(AppSpec app) {
    for (EnvVar variable : Optional.ofNullable(app.env()).orElse(List.of())) {
      var source = variable.getValueFrom();
      if (source != null
          && source.getSecretKeyRef() != null
          && !Boolean.TRUE.equals(source.getSecretKeyRef().getOptional())) {
        read(
            "spec.app.env[" + variable.getName() + "].valueFrom.secretKeyRef",
            source.getSecretKeyRef().getName(),
            Stream.ofNullable(source.getSecretKeyRef().getKey()).toList());
      }
    }
    for (EnvFromSource source : Optional.ofNullable(app.envFrom()).orElse(List.of())) {
      if (source.getSecretRef() != null
          && !Boolean.TRUE.equals(source.getSecretRef().getOptional())) {
        read("spec.app.envFrom.secretRef", source.getSecretRef().getName(), List.of());
      }
    }
    for (LocalObjectReference secret :
        Optional.ofNullable(app.imagePullSecrets()).orElse(List.of())) {
      add("spec.app.imagePullSecrets", secret.getName(), List.of(), false);
    }
    if (app.ingress() != null
        && app.ingress().tls() != null
        && app.ingress().tls().issuerRef() == null) {
      add(
          "spec.app.ingress.tls.secretName",
          app.ingress().tls().secretName(),
          List.of("tls.crt", "tls.key"),
          false);
    }
  }

  private void database(DatabaseSpec database) {
    DatabaseSpec.External external = database.external();
    if (external == null) {
      return;
    }
    String field = "spec.database.external";
    if (external.cloudNativePG() != null) {
      String cluster = external.cloudNativePG().name();
      add(field + ".cloudNativePG", cluster + "-app", List.of("username", "password"), true);
      add(field + ".cloudNativePG", cluster + "-ca", List.of("ca.crt"), false);
      return;
    }
    add(
        field + ".credentialsSecret",
        external.credentialsSecret(),
        List.of("username", "password"),
        true);
    add(field + ".caSecret", external.caSecret(), List.of("ca.crt"), false);
  }

  private void store(StudyHubSpec spec) {
    if (spec.objectStore() != null) {
      var keys = List.of("accessKeyId", "secretAccessKey");
      // Agents read them at their start, and each is a pod of its own.
      add(
          "spec.objectStore.credentialsSecret",
          spec.objectStore().credentialsSecret(),
          keys,
          false);
      add("spec.objectStore.caSecret", spec.objectStore().caSecret(), List.of("ca.crt"), false);
    }
    if (spec.offload() != null) {
      add(
          "spec.offload.credentialsSecret",
          spec.offload().credentialsSecret(),
          List.of("accessKeyId", "secretAccessKey"),
          true);
    }
    if (spec.backup() != null && spec.backup().encryption() != null) {
      add("spec.backup.encryption.keySecret", spec.backup().encryption().keySecret());
    }
    if (spec.notifications() != null) {
      var told = spec.notifications();
      if (told.slack() != null) {
        add("spec.notifications.slack.webhookSecret", told.slack().webhookSecret());
      }
      if (told.webhook() != null) {
        add("spec.notifications.webhook.urlSecret", told.webhook().urlSecret());
      }
      if (told.heartbeat() != null) {
        add("spec.notifications.heartbeat.urlSecret", told.heartbeat().urlSecret());
      }
      add("spec.notifications.caSecret", told.caSecret(), List.of("ca.crt"), false);
    }
    if (spec.monitoring() != null && spec.monitoring().health() != null) {
      add("spec.monitoring.health.tokenSecret", spec.monitoring().health().tokenSecret());
    }
    if (spec.monitoring() != null && spec.monitoring().logs() != null) {
      add("spec.monitoring.logs.tokenSecret", spec.monitoring().logs().tokenSecret());
      add(
          "spec.monitoring.logs.caSecret",
          spec.monitoring().logs().caSecret(),
          List.of("ca.crt"),
          false);
    }
  }

  private void add(String field, @Nullable SecretKeyRef reference) {
    if (reference != null) {
      add(field, reference.name(), List.of(reference.key()), false);
    }
  }

  private void add(String field, @Nullable NameRef reference, List<String> keys, boolean restarts) {
    if (reference != null) {
      add(field, reference.name(), keys, restarts);
    }
  }

  private void add(String field, @Nullable String secret, List<String> keys, boolean restarts) {
    add(field, secret, keys, restarts, false);
  }

  private void read(String field, @Nullable String secret, List<String> keys) {
    add(field, secret, keys, true, true);
  }

  private void add(
      String field,
      @Nullable String secret,
      List<String> keys,
      boolean restarts,
      boolean readOnly) {
    if (secret != null && !secret.isEmpty()) {
      List<String> known = keys.stream().filter(Objects::nonNull).toList();
      found.add(new Reference(field, secret, known, restarts, readOnly));
    }
  }
}
