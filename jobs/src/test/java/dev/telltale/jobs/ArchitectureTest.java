package dev.telltale.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.telltale.jobs");

  @Test
  void packagesHaveNoCycles() {
    ArchRule rule = slices().matching("dev.telltale.jobs.(*)..").should().beFreeOfCycles();
    rule.check(CLASSES);
  }

  @Test
  void theCommandLineIsOnePlace() {
    ArchRule rule = only("cli", "picocli..");
    rule.check(CLASSES);
  }

  @Test
  void kernelIsAMatterOfTheLake() {
    ArchRule rule = only("lake", "io.delta.kernel..");
    rule.check(CLASSES);
  }

  @Test
  void deequChecksAndIsMeasured() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.telltale.jobs.check..", "dev.telltale.jobs.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.amazon.deequ..");
    rule.check(CLASSES);
  }

  /** A job knows the lake and not who calls it: a scheduler, a person, the demo. */
  @Test
  void jobsDoNotKnowWhoRunsThem() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAnyPackage(
                "..jobs.lake..",
                "..jobs.engine..",
                "..jobs.profile..",
                "..jobs.drift..",
                "..jobs.alerts..",
                "..jobs.check..",
                "..jobs.report..",
                "..jobs.analyze..",
                "..jobs.compare..",
                "..jobs.suggest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "..jobs.night..", "..jobs.cli..", "..jobs.demo..", "..jobs.bench..");
    rule.check(CLASSES);
  }

  private static ArchRule only(String owner, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.telltale.jobs." + owner + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }
}
