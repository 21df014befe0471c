package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.fixture.Hubs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where media move, and what is told of a spec that cannot be followed. */
class OffloadSettingsTest {

  private static final String STORE =
      "objectStore: {endpoint: 'https://r2', bucket: hub-backups, prefix: school/pilot,"
          + " credentialsSecret: {name: r2}}\n";

  private static List<String> problems(String spec) {
    return Resolver.resolve(Hubs.withSpec(spec), Facts.NONE).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void theObjectStoresBucketIsTakenUnlessAnotherIsNamed() {
    Offload same =
        Hubs.resolved(Hubs.withSpec("app: {image: hub}\n" + STORE + "offload: {}"))
            .offload()
            .orElseThrow();
    Offload other =
        Hubs.resolved(
                Hubs.withSpec(
                    "app: {image: hub}\n"
                        + STORE
                        + "offload: {bucket: hub-media, credentialsSecret: {name: r2-media},"
                        + " threshold: 1Gi, mode: Mirror, gracePeriod: 2d}"))
            .offload()
            .orElseThrow();

    assertThat(same.store().bucket()).isEqualTo("hub-backups");
    assertThat(same.own()).isFalse();
    assertThat(same.threshold()).isEqualTo(2560L << 20);
    assertThat(same.mode()).isEqualTo(OffloadMode.CUT_OVER);
    assertThat(same.filesPrefix()).isEqualTo("school/pilot/files/");
    assertThat(other.store().bucket()).isEqualTo("hub-media");
    assertThat(other.store().credentialsSecret()).isEqualTo("r2-media");
    assertThat(other.own()).isTrue();
    assertThat(other.threshold()).isEqualTo(1L << 30);
    assertThat(other.mode()).isEqualTo(OffloadMode.MIRROR);
    assertThat(other.grace()).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void theAppLooksWhereTheAgentPutsFilesWithoutAPrefixToo() {
    Offload offload =
        Hubs.resolved(
                Hubs.withSpec(
                    "app: {image: hub}\n" + STORE.replace("school/pilot", "/") + "offload: {}"))
            .offload()
            .orElseThrow();

    assertThat(offload.filesPrefix()).isEqualTo("files/");
  }

  @Test
  void itCannotBeLeftOutWhileTheMediaAreInTheBucket() {
    Facts moved =
        new Facts() {
          @Override
          public Optional<Set<String>> secretKeys(String secret) {
            return Optional.of(Set.of("accessKeyId", "secretAccessKey"));
          }

          @Override
          public Optional<Volume> volume(String claim) {
            return Optional.of(
                new Volume(
                    1L << 30,
                    Optional.empty(),
                    Optional.of(Labels.IN_BUCKET).filter(it -> claim.endsWith("-media"))));
          }
        };

    assertThat(Resolver.resolve(Hubs.withSpec("app: {image: hub}\n" + STORE), moved).problems())
        .extracting(Problem::toString)
        .anySatisfy(
            it ->
                assertThat(it)
                    .startsWith("spec.offload: is missing, but the hub's media are in a bucket"));
    assertThat(
            Resolver.resolve(Hubs.withSpec("app: {image: hub}\n" + STORE + "offload: {}"), moved)
                .problems())
        .extracting(Problem::field)
        .doesNotContain("spec.offload");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app: {image: hub}%noffload: {} | spec.offload: there is no store to take media to;",
        "app: {image: hub, media: {enabled: false}}%n%soffload: {}"
            + "| spec.offload: the hub has no media volume",
        "app: {image: hub}%n%soffload: {env: {S3: '{buckt}'}}"
            + "| spec.offload.env.S3: \"{buckt}\" has {buckt}, which is nothing that can be filled",
        "app: {image: hub}%n%soffload: {env: {S3: 'key={secretAccessKey}'}}"
            + "| spec.offload.env.S3: {secretAccessKey} comes from a Secret, so it must be all",
        "app: {image: hub}%n%soffload: {env: {a-b: x}}"
            + "| spec.offload.env.a-b: cannot be a variable's name; S3_BUCKET is one",
        "app: {image: hub}%n%soffload: {bandwidth: 1Ki}"
            + "| spec.offload.bandwidth: is too little",
        "app: {image: hub}%n%soffload: {gateway: {maxAge: 1000d}}"
            + "| spec.offload.gateway.maxAge: 1000d is too long",
        "app: {image: hub}%n%soffload: {gateway: {}}%nbudget: {memory: 600Mi}"
            + "| spec.budget.memory: the limits add up to 716Mi"
      })
  void whatCannotBeFollowedIsTold(String spec, String problem) {
    assertThat(problems(spec.formatted(STORE))).singleElement().asString().startsWith(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, 'offload: {gateway: {}}', the app uses the bucket itself",
    "gateway, 'offload: {}', is missing",
    "gateway, 'offload: {gateway: {}}', ''",
    "volume, 'offload: {gateway: {}}', ''",
    "volume, 'offload: {}', ''",
  })
  void theGatewayComesAndGoesWhenMediaAreOnTheVolume(String media, String offload, String says) {
    Facts moved =
        new Facts() {
          @Override
          public Optional<Set<String>> secretKeys(String secret) {
            return Optional.of(Set.of("accessKeyId", "secretAccessKey"));
          }

          @Override
          public Optional<Volume> volume(String claim) {
            return Optional.of(
                new Volume(
                    1L << 30,
                    Optional.empty(),
                    Optional.of(media).filter(it -> claim.endsWith("-media"))));
          }
        };

    assertThat(
            Resolver.resolve(Hubs.withSpec("app: {image: hub}\n" + STORE + offload), moved)
                .problems())
        .filteredOn(it -> it.field().startsWith("spec.offload"))
        .extracting(Problem::toString)
        .allMatch(it -> it.startsWith("spec.offload.gateway: " + says))
        .hasSize(says.isEmpty() ? 0 : 1);
  }
}
