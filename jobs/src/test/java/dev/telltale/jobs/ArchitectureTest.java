package dev.telltale.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.telltale.jobs",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.telltale.jobs.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule THE_COMMAND_LINE_IS_ONE_PLACE = only("cli", "picocli..");

  @ArchTest
  static final ArchRule KERNEL_IS_A_MATTER_OF_THE_LAKE = only("lake", "io.delta.kernel..");

  @ArchTest
  static final ArchRule DEEQU_IS_MEASURED_AND_NOT_USED = only("bench", "com.amazon.deequ..");

  /** A job knows the lake and not who calls it: a scheduler, a person, the demo. */
  @ArchTest
  static final ArchRule JOBS_DO_NOT_KNOW_WHO_RUNS_THEM =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..jobs.lake..",
              "..jobs.engine..",
              "..jobs.profile..",
              "..jobs.drift..",
              "..jobs.alerts..",
              "..jobs.report..",
              "..jobs.compare..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..jobs.night..", "..jobs.cli..", "..jobs.demo..", "..jobs.bench..");

  private static ArchRule only(String owner, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.telltale.jobs." + owner + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }
}
