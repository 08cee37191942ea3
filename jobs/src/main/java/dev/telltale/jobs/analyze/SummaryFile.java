package dev.telltale.jobs.analyze;

import dev.telltale.error.Errors;
import dev.telltale.error.ExperimentErrors;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import dev.telltale.jobs.lake.DataPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A summary of the arms: a line per variant and metric with {@code n}, and moments of the metric's
 * column, of the denominator of a ratio ({@code denominator_…}) and of one covariate ({@code
 * covariate_…}). Each is a mean, a variance and covariances, or a sum, a sum of squares and sums of
 * products.
 */
final class SummaryFile {
  private final AnalyzeSpec spec;
  private final List<String> names;
  private final List<Row> lines;

  private SummaryFile(AnalyzeSpec spec, List<String> names, List<Row> lines) {
    this.spec = spec;
    this.names = names;
    this.lines = lines;
  }

  /** The summary of a specification. */
  static SummaryFile read(SparkSession spark, AnalyzeSpec spec) {
    Dataset<Row> data = DataPath.read(spark, spec.path());
    List<String> names = Arrays.asList(data.columns());
    for (String required : List.of(spec.variantColumn(), "metric", "n")) {
      if (!names.contains(required)) {
        throw ExperimentErrors.summaryColumns(spec.path(), required, names);
      }
    }
    // A line per variant and metric: what a person writes by hand.
    return new SummaryFile(spec, names, data.collectAsList());
  }

  Arms arms() {
    Map<String, Map<String, Comparison.Side>> sides = new TreeMap<>();
    Map<String, Estimand> estimands = new LinkedHashMap<>();
    Map<String, Long> units = new TreeMap<>();
    for (Row line : lines) {
      String metric = text(line, "metric");
      String variant = text(line, spec.variantColumn());
      if (!spec.metrics().isEmpty() && !spec.metrics().contains(metric)) {
        continue;
      }
      List<String> prefixes = prefixes(line);
      CrossMoments moments = moments(line, metric, variant, prefixes);
      int covariate = prefixes.indexOf("covariate_");
      Estimand estimand =
          new Estimand(
              0,
              prefixes.contains("denominator_") ? 1 : Estimand.NONE,
              covariate < 0 ? List.of() : List.of(covariate));
      if (!estimands.computeIfAbsent(metric, any -> estimand).equals(estimand)) {
        throw ExperimentErrors.summaryLine(
            spec.path(), metric, variant, "Other variants have other moments of the metric");
      }
      Comparison.Side before =
          sides
              .computeIfAbsent(variant, any -> new LinkedHashMap<>())
              .put(metric, new Comparison.Side(variant, moments, 0, 0));
      if (before != null) {
        throw ExperimentErrors.summaryLine(spec.path(), metric, variant, "There are two lines");
      }
      units.merge(variant, moments.n(), Math::max);
    }
    check(sides, estimands);
    List<Arms.Metric> metrics = new ArrayList<>();
    estimands.forEach((name, estimand) -> metrics.add(new Arms.Metric(name, estimand)));
    return new Arms(units, metrics, sides, List.of(), List.of());
  }

  private void check(
      Map<String, Map<String, Comparison.Side>> sides, Map<String, Estimand> estimands) {
    if (sides.isEmpty()) {
      throw Errors.noData(spec.path(), "No line is of a metric that was asked for.");
    }
    if (!sides.containsKey(spec.control())) {
      throw ExperimentErrors.noControl(
          spec.control(), spec.variantColumn(), List.copyOf(sides.keySet()));
    }
    if (sides.size() == 1) {
      throw ExperimentErrors.singleVariant(spec.control(), spec.variantColumn());
    }
    sides.forEach(
        (variant, byMetric) ->
            estimands.keySet().stream()
                .filter(metric -> !byMetric.containsKey(metric))
                .findFirst()
                .ifPresent(
                    metric -> {
                      throw ExperimentErrors.summaryLine(
                          spec.path(), metric, variant, "There is no such line");
                    }));
  }

  /** The columns that a line has moments of, by the prefix of their names. */
  private List<String> prefixes(Row line) {
    List<String> prefixes = new ArrayList<>(List.of(""));
    for (String prefix : List.of("denominator_", "covariate_")) {
      if (has(line, prefix + "mean") || has(line, prefix + "sum")) {
        prefixes.add(prefix);
      }
    }
    return prefixes;
  }

  private CrossMoments moments(Row line, String metric, String variant, List<String> prefixes) {
    double n = number(line, "n");
    int size = prefixes.size();
    double[] means = new double[size];
    double[][] covariances = new double[size][size];
    try {
      if (n != Math.rint(n) || n < 1) {
        throw new IllegalArgumentException("n is " + n + ", must be a whole number above 0");
      }
      for (int i = 0; i < size; i++) {
        means[i] =
            has(line, prefixes.get(i) + "mean")
                ? number(line, prefixes.get(i) + "mean")
                : number(line, prefixes.get(i) + "sum") / n;
      }
      for (int i = 0; i < size; i++) {
        for (int j = i; j < size; j++) {
          covariances[i][j] = covariance(line, prefixes, means, n, i, j);
          covariances[j][i] = covariances[i][j];
        }
      }
      return CrossMoments.of((long) n, means, covariances);
    } catch (IllegalArgumentException e) {
      throw ExperimentErrors.summaryLine(spec.path(), metric, variant, e.getMessage());
    }
  }

  private double covariance(
      Row line, List<String> prefixes, double[] means, double n, int i, int j) {
    // Named by what is joined: covariance of metric and denominator, covariate_covariance of metric
    // and covariate, denominator_covariate_covariance of the other two.
    String pair =
        i == 0
            ? (j == 1 && prefixes.get(1).equals("denominator_") ? "" : "covariate_")
            : "denominator_covariate_";
    String direct = i == j ? prefixes.get(i) + "variance" : pair + "covariance";
    if (has(line, direct)) {
      return number(line, direct);
    }
    String products = i == j ? prefixes.get(i) + "sum_squares" : pair + "sum_products";
    if (!has(line, products)) {
      throw ExperimentErrors.summaryColumns(spec.path(), direct + " and no " + products, names);
    }
    if (n < 2) {
      return 0;
    }
    return (number(line, products) - n * means[i] * means[j]) / (n - 1);
  }

  private boolean has(Row line, String name) {
    return names.contains(name) && !line.isNullAt(line.fieldIndex(name));
  }

  private String text(Row line, String name) {
    if (!has(line, name)) {
      throw ExperimentErrors.summaryLine(spec.path(), "a metric", "a variant", name + " is empty");
    }
    return line.get(line.fieldIndex(name)).toString();
  }

  private double number(Row line, String name) {
    if (!has(line, name)) {
      throw ExperimentErrors.summaryColumns(spec.path(), name, names);
    }
    Object value = line.get(line.fieldIndex(name));
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(name + " is " + value + ", no number");
  }
}
