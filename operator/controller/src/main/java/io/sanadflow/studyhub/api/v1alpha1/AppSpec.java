package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The app: a web server that speaks HTTP on one port. */
public record AppSpec(
    @Required
        @Pattern("^[^\\s]+$")
        @Size(max = 800)
        @JsonPropertyDescription("The app's image, with a tag or a digest.")
        String image,
    @Default("1") @Min(0) @Max(50) @JsonPropertyDescription("How many app pods.") int replicas,
    @Default("8080")
        @Min(1024)
        @Max(65535)
        @JsonPropertyDescription("The port that the app listens on; given to it as PORT.")
        int port,
    @JsonPropertyDescription("Replaces the image's entry point.") @Nullable List<String> command,
    @JsonPropertyDescription("Replaces the image's arguments.") @Nullable List<String> args,
    @JsonPropertyDescription(
            "Environment of the app and its migration; a name that the operator also sets wins over the operator's.")
        @Nullable List<EnvVar> env,
    @JsonPropertyDescription("Secrets and ConfigMaps whose keys become environment variables.")
        @Nullable List<EnvFromSource> envFrom,
    @JsonPropertyDescription("Secrets for pulling the images.")
        @Nullable List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(
            "Merged over the container's security context, which passes the restricted Pod Security Standard.")
        @Nullable SecurityContext securityContext,
    @Default("{\"requests\": {\"cpu\": \"50m\"}, \"limits\": {\"memory\": \"256Mi\"}}")
        @JsonPropertyDescription(
            "CPU and memory of one app pod; the memory request is the limit unless given.")
        ResourceRequirements resources,
    @Min(16)
        @Max(1048576)
        @JsonPropertyDescription(
            "Node's --max-old-space-size in MiB; 78 % of the memory limit unless given.")
        @Nullable Integer nodeHeapMiB,
    @Default("/api/health")
        @Pattern("^/[^\\s]*$")
        @JsonPropertyDescription("Where the app answers 200 when it and all it stands on are well.")
        String healthPath,
    @Default("{}") @JsonPropertyDescription("Brings the database's schema to the image's version.")
        Migration migration,
    @Default("{}") @JsonPropertyDescription("The volume for what people upload.") Media media,
    @JsonPropertyDescription("The way in from outside the cluster.") @Nullable Ingress ingress) {

  /** A Job that runs to its end before pods of a new image start. */
  public record Migration(
      @Default("[\"node\", \"migrate.mjs\"]")
          @JsonPropertyDescription(
              "Run in the app's image with DIRECT_DATABASE_URL set; [] for an app that migrates by itself, which then connects as the owner of its database.")
          List<String> command,
      @Default("10m")
          @Pattern(Durations.PATTERN)
          @Size(max = Durations.MOST_CHARACTERS)
          @JsonPropertyDescription("After this time a migration has failed.")
          String timeout) {}

  /** The media volume. */
  @ValidationRule(
      value =
          "!has(oldSelf.storageClassName) || (has(self.storageClassName) && self.storageClassName == oldSelf.storageClassName)",
      messageExpression =
          "'a volume cannot change its class: put ' + oldSelf.storageClassName + ' back, or make a new hub'",
      reason = "FieldValueForbidden",
      fieldPath = ".storageClassName")
  public record Media(
      @Default("true") @JsonPropertyDescription("false for an app that keeps nothing on disk.")
          boolean enabled,
      @Default("/data/media")
          @Pattern("^/[^\\s:]+$")
          @JsonPropertyDescription("Where the app finds the volume.")
          String mountPath,
      @Default("1Gi") @JsonPropertyDescription("The volume's size; it can grow only.")
          Quantity storage,
      @Size(max = 253)
          @JsonPropertyDescription(
              "The volume's storage class; the cluster's default unless given.")
          @Nullable String storageClassName) {}

  /** An Ingress for the app. */
  @ValidationRule(
      value = "!has(self.tls) || has(self.tls.secretName) || has(self.tls.issuerRef)",
      message = "give secretName (a TLS Secret) or issuerRef (a cert-manager issuer)",
      reason = "FieldValueRequired",
      fieldPath = ".tls")
  public record Ingress(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
          @Size(max = 253)
          @JsonPropertyDescription("The host name.")
          String host,
      @Size(min = 1, max = 253)
          @JsonPropertyDescription("The ingress class; the cluster's default unless given.")
          @Nullable String className,
      @JsonPropertyDescription("TLS at the ingress.") @Nullable IngressTls tls) {}

  /** Where the ingress's certificate comes from. */
  public record IngressTls(
      @Size(min = 1, max = 253)
          @JsonPropertyDescription(
              "A TLS Secret; with issuerRef the name that cert-manager writes to.")
          @Nullable String secretName,
      @JsonPropertyDescription("A cert-manager issuer.") @Nullable IssuerRef issuerRef) {}
}
