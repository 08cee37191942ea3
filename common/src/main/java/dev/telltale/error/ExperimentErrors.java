package dev.telltale.error;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Words the errors that a user can cause with experiments, as {@link Errors} does the others. */
public final class ExperimentErrors {
  private ExperimentErrors() {}

  /** Two files declare the same experiment. */
  public static TelltaleException duplicateExperiment(
      String experiment, String first, String second) {
    return Errors.usage(
        "The experiment "
            + experiment
            + " is declared twice: in "
            + first
            + " and in "
            + second
            + ".",
        "Rows of both would carry the same id.",
        "Give one of them another id, or remove it.");
  }

  /** No unit is in the control. */
  public static TelltaleException noControl(String control, String column, List<String> variants) {
    return Errors.usage(
        "No row of column " + column + " is " + control + ", the control.",
        "It holds " + String.join(", ", variants) + ".",
        "Name one of these with --control" + NearestName.hint(control, variants));
  }

  /** There is nothing to compare the control with. */
  public static TelltaleException singleVariant(String control, String column) {
    return Errors.usage(
        "All rows of column " + column + " are " + control + ".",
        "A comparison takes a control and at least one variant.",
        "Give data with both, or name the column that tells them apart with --variant.");
  }

  /** A column of variants that is none. */
  public static TelltaleException tooManyVariants(String column, int most) {
    return Errors.usage(
        "Column " + column + " has more than " + most + " values.",
        "A column that tells variants apart has a few.",
        "Name that column with --variant.");
  }

  /** A metric or covariate that is no number. */
  public static TelltaleException notNumeric(String column, String type) {
    return Errors.usage(
        "Column " + column + " is no number.",
        "It is of type " + type + ".",
        "Metrics and covariates are numbers or booleans, one value a unit.");
  }

  /** The same metric twice. */
  public static TelltaleException metricTwice(String metric) {
    return Errors.usage(
        "Metric " + metric + " is given twice.",
        "Each metric is one test of the family.",
        "Leave one of them out.");
  }

  /** A test that needs what a summary or a segment does not have. */
  public static TelltaleException needsValues(String test, String what) {
    return Errors.usage(
        "--test " + test + " does not go with " + what + ".",
        "It needs the values of all units together.",
        "Use welch, z, score, chi-square, fisher or poisson, or leave " + what + " out.");
  }

  /** Pairs without a column that names them. */
  public static TelltaleException noPairs(String test) {
    return Errors.usage(
        "--test " + test + " needs --pair.",
        "It compares two measurements of the same or matched units.",
        "Name the column that both rows of a pair share: --pair user_id.");
  }

  /** A pair with two rows of a variant. */
  public static TelltaleException pairTwice(String column, String pair, String variant) {
    return Errors.usage(
        "Pair " + pair + " of column " + column + " has several rows of " + variant + ".",
        "A pair is one row of the control and one of the variant.",
        "Aggregate the rows to one per pair and variant first.");
  }

  /** Too many values for a test that holds all. */
  public static TelltaleException tooManyValues(String test, long rows, long most) {
    return Errors.usage(
        String.format(Locale.ROOT, "--test %s takes up to %,d rows, not %,d.", test, most, rows),
        "It holds every value in memory.",
        "Use welch: with so many units it agrees.");
  }

  /** Options whose values cannot be. */
  public static TelltaleException wrongDesign(String problem) {
    return Errors.usage(
        problem.endsWith(".") ? problem : problem + ".",
        "No analysis can be made of it.",
        "docs/analyze.md explains every option.");
  }

  /** A summary that lacks a column. */
  public static TelltaleException summaryColumns(
      String file, String missing, Collection<String> found) {
    return Errors.usage(
        "The summary " + file + " has no " + missing + ".",
        "It has " + String.join(", ", found) + ".",
        "A line has variant, metric, n and either mean and variance or sum and sum_squares;"
            + " docs/analyze.md lists the rest.");
  }

  /** A line of a summary that no data can have. */
  public static TelltaleException summaryLine(
      String file, String metric, String variant, String why) {
    return Errors.usage(
        "The summary " + file + " cannot be, for " + metric + " of " + variant + ".",
        why.endsWith(".") ? why : why + ".",
        "Correct it. Sums of squares of large values lose the variance: give mean and variance.");
  }
}
