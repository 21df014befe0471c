package io.sanadflow.studyhub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one direction in which the operator is read, and the size of its files. */
@AnalyzeClasses(
    packages = "io.sanadflow.studyhub",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final Path SOURCES = Path.of("src/main/java");

  private static final int MOST_LINES = 300;

  @ArchTest
  static final ArchRule PURE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sanadflow.studyhub.backup..",
              "io.sanadflow.studyhub.model..",
              "io.sanadflow.studyhub.component..",
              "io.sanadflow.studyhub.status..",
              "io.sanadflow.studyhub.watch..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client..",
              "io.javaoperatorsdk..",
              "java.net.http..",
              "java.sql..")
          .because("what a hub wants and how it fares is told without a cluster");

  @ArchTest
  static final ArchRule AGENT_IS_SMALL =
      classes()
          .that()
          .resideInAnyPackage(
              "..studyhub.agent..",
              "..studyhub.gateway..",
              "..studyhub.logs..",
              "..studyhub.offload..",
              "..studyhub.usage..",
              "..studyhub.store..",
              "..studyhub.backup..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax..",
              "com.sun.net.httpserver..",
              "io.sanadflow.studyhub.agent..",
              "io.sanadflow.studyhub.gateway..",
              "io.sanadflow.studyhub.logs..",
              "io.sanadflow.studyhub.offload..",
              "io.sanadflow.studyhub.usage..",
              "io.sanadflow.studyhub.store..",
              "io.sanadflow.studyhub.backup..",
              "com.fasterxml.jackson.core..",
              "org.jspecify..",
              "org.postgresql..",
              "software.amazon.awssdk..")
          .because("the class path of its containers, in pom.xml, has no other libraries");

  @ArchTest
  static final ArchRule ONE_DIRECTION =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.sanadflow.studyhub..")
          .layer("api")
          .definedBy("..studyhub.api..")
          .layer("backup")
          .definedBy("..studyhub.backup..")
          .optionalLayer("store")
          .definedBy("..studyhub.store..")
          .optionalLayer("offload")
          .definedBy("..studyhub.offload..")
          .optionalLayer("usage")
          .definedBy("..studyhub.usage..")
          .optionalLayer("gateway")
          .definedBy("..studyhub.gateway..")
          .optionalLayer("logs")
          .definedBy("..studyhub.logs..")
          .optionalLayer("agent")
          .definedBy("..studyhub.agent..")
          .layer("pki")
          .definedBy("..studyhub.pki..")
          .layer("probe")
          .definedBy("..studyhub.probe..")
          .layer("model")
          .definedBy("..studyhub.model..")
          .layer("notify")
          .definedBy("..studyhub.notify..")
          .layer("schema")
          .definedBy("..studyhub.schema..")
          .layer("component")
          .definedBy("..studyhub.component..")
          .layer("status")
          .definedBy("..studyhub.status..")
          .layer("watch")
          .definedBy("..studyhub.watch..")
          .layer("reconcile")
          .definedBy("..studyhub.reconcile..")
          .layer("runtime")
          .definedBy("..studyhub.runtime..")
          .layer("cli")
          .definedBy("..studyhub.cli..")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("backup")
          .mayNotAccessAnyLayer()
          .whereLayer("store")
          .mayOnlyAccessLayers("backup")
          .whereLayer("offload")
          .mayOnlyAccessLayers("backup", "store")
          .whereLayer("usage")
          .mayOnlyAccessLayers("backup")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("backup", "store")
          .whereLayer("logs")
          .mayOnlyAccessLayers("backup")
          .whereLayer("agent")
          .mayOnlyAccessLayers("backup", "store", "offload", "usage")
          .whereLayer("pki")
          .mayNotAccessAnyLayer()
          .whereLayer("probe")
          .mayOnlyAccessLayers("pki")
          .whereLayer("model")
          .mayOnlyAccessLayers("api", "backup", "pki")
          .whereLayer("notify")
          .mayOnlyAccessLayers("api", "probe")
          .whereLayer("schema")
          .mayOnlyAccessLayers("api", "model")
          .whereLayer("component")
          .mayOnlyAccessLayers("api", "backup", "model", "pki", "probe")
          .whereLayer("status")
          .mayOnlyAccessLayers("api", "backup", "model", "pki", "probe", "component")
          .whereLayer("watch")
          .mayOnlyAccessLayers("api", "backup", "model", "pki", "probe", "component", "status")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers(
              "api", "backup", "model", "pki", "probe", "component", "status", "watch", "notify")
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("runtime");

  @ArchTest
  static void everyPackageHasNoNulls(JavaClasses classes) {
    TreeSet<String> packages = new TreeSet<>();
    classes.forEach(it -> packages.add(it.getPackageName()));
    assertThat(packages)
        .allSatisfy(
            it ->
                assertThat(SOURCES.resolve(it.replace('.', '/')).resolve("package-info.java"))
                    .exists()
                    .content()
                    .contains("@org.jspecify.annotations.NullMarked"));
  }

  @Test
  void filesAreShort() throws IOException {
    Map<String, Integer> longer = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES) {
          longer.put(file.getParent().getFileName() + "/" + file.getFileName(), lines);
        }
      }
    }
    assertThat(longer).as("files of more than %d lines", MOST_LINES).isEmpty();
  }
}
