package dev.telltale;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

@AnalyzeClasses(packages = "dev.telltale", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** What is not named here is not used: Spark, Hadoop, Delta, Scala and all the rest. */
  @ArchTest
  static final ArchRule COMMON_USES_THE_JDK_AND_THREE_LIBRARIES =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.telltale..",
              "java..",
              "org.apache.commons.math3..",
              "org.apache.datasketches..",
              "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.telltale.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule STATS = uses("stats", "org.apache.commons.math3..");

  @ArchTest static final ArchRule ERROR = uses("error");

  @ArchTest static final ArchRule CONFIG = uses("config", "dev.telltale.error..");

  @ArchTest
  static final ArchRule PROFILE =
      uses("profile", "dev.telltale.stats..", "dev.telltale.error..", "org.apache.datasketches..");

  @ArchTest
  static final ArchRule FINDING = uses("finding", "dev.telltale.config..", "dev.telltale.error..");

  /** Which states there are is all that drift knows of how they are stored. */
  @ArchTest
  static final ArchRule DRIFT =
      uses(
          "drift",
          "dev.telltale.config..",
          "dev.telltale.finding..",
          "dev.telltale.profile..",
          "dev.telltale.stats..");

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
