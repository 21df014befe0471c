package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When and how media move to the object store. */
public record OffloadSpec(
    @Default("2560Mi")
        @JsonPropertyDescription("What the hub's volumes may hold before media move.")
        Quantity threshold,
    @Default("CutOver")
        @Pattern("^(CutOver|Mirror|Restore)$")
        @JsonPropertyDescription(
            "CutOver moves media and the app, Mirror copies media, Restore brings both back.")
        String mode,
    @Size(min = 3, max = 63)
        @JsonPropertyDescription(
            "The bucket, at the endpoint of the object store; its own bucket unless given.")
        @Nullable String bucket,
    @JsonPropertyDescription(
            "A Secret with the keys accessKeyId and secretAccessKey; the object store's unless"
                + " given. The app gets it.")
        @Nullable NameRef credentialsSecret,
    @Default("7d")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("How long local copies stay after the cut-over.")
        String gracePeriod,
    @JsonPropertyDescription(
            "The app's variables for the bucket, such as STORAGE_BUCKET: \"{bucket}\"; {endpoint},"
                + " {region}, {bucket}, {prefix}, {accessKeyId} and {secretAccessKey} are filled"
                + " in. Unless given: S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_PREFIX,"
                + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        @Nullable Map<String, String> env,
    @Default("20Mi")
        @JsonPropertyDescription(
            "How many bytes a second are copied at most, either way, so that the app keeps"
                + " answering; 0 for as many as there can be.")
        Quantity bandwidth,
    @JsonPropertyDescription(
            "A server for an app that knows no S3: it gives media out that are on the volume or in"
                + " the bucket, and the app keeps writing to the volume.")
        @Nullable Gateway gateway) {

  /** The read gateway. */
  public record Gateway(
      @Default("Signed")
          @Pattern("^(Signed|Public)$")
          @JsonPropertyDescription(
              "Signed wants each request signed by the app, with an end; Public serves whoever"
                  + " reaches it.")
          String access,
      @Default("1h")
          @Pattern(Durations.PATTERN)
          @Size(max = Durations.MOST_CHARACTERS)
          @JsonPropertyDescription(
              "How long clients and caches may keep an answer without asking again.")
          String maxAge) {}
}
