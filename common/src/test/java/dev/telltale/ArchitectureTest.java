package dev.telltale;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.telltale");

  /** What is not named here is not used: Spark, Hadoop, Delta, Scala and all the rest. */
  @Test
  void commonUsesTheJdkAndFourLibraries() {
    ArchRule rule =
        classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "dev.telltale..",
                "java..",
                "javax.crypto..",
                "org.apache.commons.math3..",
                "org.apache.datasketches..",
                "com.datadoghq.sketch..",
                "com.fasterxml.jackson..");
    rule.check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    ArchRule rule = slices().matching("dev.telltale.(*)..").should().beFreeOfCycles();
    rule.check(CLASSES);
  }

  @Test
  void statsUsesWhatItMay() {
    ArchRule rule = uses("stats", "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void sequentialUsesWhatItMay() {
    ArchRule rule = uses("sequential", "dev.telltale.stats..", "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void experimentUsesWhatItMay() {
    ArchRule rule =
        uses(
            "experiment",
            "dev.telltale.bytes..",
            "dev.telltale.error..",
            "dev.telltale.sequential..",
            "dev.telltale.stats..",
            "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void lookUsesWhatItMay() {
    ArchRule rule =
        uses(
            "look",
            "dev.telltale.config..",
            "dev.telltale.experiment..",
            "dev.telltale.sequential..",
            "dev.telltale.stats..");
    rule.check(CLASSES);
  }

  @Test
  void errorUsesWhatItMay() {
    ArchRule rule = uses("error");
    rule.check(CLASSES);
  }

  @Test
  void configUsesWhatItMay() {
    ArchRule rule = uses("config", "dev.telltale.error..");
    rule.check(CLASSES);
  }

  @Test
  void bytesUsesWhatItMay() {
    ArchRule rule = uses("bytes", "dev.telltale.error..", "com.fasterxml.jackson..");
    rule.check(CLASSES);
  }

  @Test
  void qualityUsesWhatItMay() {
    ArchRule rule =
        uses(
            "quality",
            "dev.telltale.bytes..",
            "dev.telltale.stats..",
            "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void kpiUsesWhatItMay() {
    ArchRule rule =
        uses(
            "kpi",
            "dev.telltale.config..",
            "dev.telltale.quality..",
            "dev.telltale.stats..",
            "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void systemUsesWhatItMay() {
    ArchRule rule =
        uses(
            "system",
            "dev.telltale.bytes..",
            "dev.telltale.config..",
            "dev.telltale.quality..",
            "dev.telltale.stats..",
            "com.datadoghq.sketch..",
            "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  @Test
  void checkUsesWhatItMay() {
    ArchRule rule =
        uses("check", "dev.telltale.config..", "dev.telltale.error..", "dev.telltale.stats..");
    rule.check(CLASSES);
  }

  @Test
  void samplingUsesWhatItMay() {
    ArchRule rule = uses("sampling", "dev.telltale.config..");
    rule.check(CLASSES);
  }

  @Test
  void privacyUsesWhatItMay() {
    ArchRule rule = uses("privacy", "dev.telltale.config..", "javax.crypto..");
    rule.check(CLASSES);
  }

  @Test
  void profileUsesWhatItMay() {
    ArchRule rule =
        uses(
            "profile",
            "dev.telltale.bytes..",
            "dev.telltale.stats..",
            "dev.telltale.error..",
            "org.apache.datasketches..");
    rule.check(CLASSES);
  }

  @Test
  void findingUsesWhatItMay() {
    ArchRule rule = uses("finding", "dev.telltale.config..", "dev.telltale.error..");
    rule.check(CLASSES);
  }

  /** Which states there are is all that drift knows of how they are stored. */
  @Test
  void driftUsesWhatItMay() {
    ArchRule rule =
        uses(
            "drift",
            "dev.telltale.config..",
            "dev.telltale.finding..",
            "dev.telltale.profile..",
            "dev.telltale.stats..");
    rule.check(CLASSES);
  }

  @Test
  void trustUsesWhatItMay() {
    ArchRule rule =
        uses(
            "trust",
            "dev.telltale.config..",
            "dev.telltale.experiment..",
            "dev.telltale.stats..",
            "org.apache.commons.math3..");
    rule.check(CLASSES);
  }

  private static ArchRule uses(String name, String... packages) {
    String own = "dev.telltale." + name + "..";
    String[] allowed =
        Stream.concat(Stream.of(own, "java.."), Stream.of(packages)).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }
}
