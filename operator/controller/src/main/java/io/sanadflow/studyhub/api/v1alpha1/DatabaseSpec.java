package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hub's PostgreSQL: one that the operator runs, or one that is elsewhere. */
@ValidationRule(
    value =
        "!has(oldSelf.storageClassName) || (has(self.storageClassName) && self.storageClassName == oldSelf.storageClassName)",
    messageExpression =
        "'a volume cannot change its class: put ' + oldSelf.storageClassName + ' back, or make a new hub'",
    reason = "FieldValueForbidden",
    fieldPath = ".storageClassName")
public record DatabaseSpec(
    @Default("postgres:16")
        @Pattern("^[^\\s]+$")
        @Size(max = 800)
        @JsonPropertyDescription("An image with the contract of the official postgres image.")
        String image,
    @Default("3Gi") @JsonPropertyDescription("The volume's size; it can grow only.")
        Quantity storage,
    @Size(max = 253)
        @JsonPropertyDescription("The volume's storage class; the cluster's default unless given.")
        @Nullable String storageClassName,
    @Default("{\"requests\": {\"cpu\": \"50m\"}, \"limits\": {\"memory\": \"256Mi\"}}")
        @JsonPropertyDescription(
            "CPU and memory; the settings of PostgreSQL are sized from the limit.")
        ResourceRequirements resources,
    @JsonPropertyDescription(
            "Settings of postgresql.conf; those that the operator needs are refused by name.")
        @Nullable Map<String, String> parameters,
    @JsonPropertyDescription("Extensions to create in the hub's database.")
        @Nullable List<@Pattern("^[a-z_][a-z0-9_-]*$") String> extensions,
    @JsonPropertyDescription("A database elsewhere; then the operator runs none.")
        @Nullable External external,
    @JsonPropertyDescription("Where the data come from when the volume is new.")
        @Nullable Bootstrap bootstrap) {

  /** A database that somebody else runs. */
  @ValidationRule(
      value = "has(self.host) != has(self.cloudNativePG)",
      message =
          "give either host with credentialsSecret, or cloudNativePG with the name of a Cluster")
  @ValidationRule(
      value = "!has(self.host) || has(self.credentialsSecret)",
      message = "name a Secret with the keys username and password",
      reason = "FieldValueRequired",
      fieldPath = ".credentialsSecret")
  public record External(
      @Pattern("^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$")
          @JsonPropertyDescription("Host name of the server, as in its certificate.")
          @Nullable String host,
      @Default("5432") @Min(1) @Max(65535) @JsonPropertyDescription("Port of the server.") int port,
      @Size(min = 1, max = 63) @JsonPropertyDescription("The database; app unless given.")
          @Nullable String database,
      @JsonPropertyDescription("A Secret with the keys username and password.")
          @Nullable NameRef credentialsSecret,
      @JsonPropertyDescription("A Secret with the key ca.crt that signs the server's certificate.")
          @Nullable NameRef caSecret,
      @JsonPropertyDescription("A CloudNativePG Cluster of the hub's namespace.")
          @Nullable NameRef cloudNativePG) {}

  /** How a new database is filled. */
  public record Bootstrap(
      @JsonPropertyDescription("Restores a backup into the new volume.")
          @Nullable RestoreFrom restoreFrom) {}

  /** A backup to start from. */
  public record RestoreFrom(
      @JsonPropertyDescription("The prefix of the hub whose backups to read.")
          @Nullable String prefix,
      @JsonPropertyDescription("The newest backup.") @Nullable Boolean latest,
      @JsonPropertyDescription("The point in time, RFC 3339.") @Nullable String at,
      @JsonPropertyDescription("The bucket; the hub's own unless given.")
          @Nullable ObjectStoreSpec objectStore) {}
}
