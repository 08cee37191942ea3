package dev.telltale.quality;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics of several classes: of all of them together, averaged over classes (macro) or over rows
 * (weighted), and of each class against the rest.
 *
 * <p>Standard errors are by the delta method: each metric is a function of the weights of the pairs
 * of true and predicted class, and its gradient g in them gives the variance Σw²g², since the
 * metric does not change with the scale of the weights. As in scikit-learn a class without the rows
 * that a metric needs counts as 0 in the averages; balanced accuracy averages the classes that
 * occur.
 */
final class MulticlassMetrics {
  /** More classes are not told apart in the table: their metrics would drown the rest. */
  private static final int MOST_CLASSES_SHOWN = 50;

  private final String[] classes;
  private final Mass[][] masses;
  private final double[] actual;
  private final double[] predicted;
  private final Map<String, Estimate> metrics = new LinkedHashMap<>();
  private long rows;
  private double total;

  private MulticlassMetrics(MulticlassState state) {
    classes = state.classes().toArray(new String[0]);
    int k = classes.length;
    masses = new Mass[k][k];
    actual = new double[k];
    predicted = new double[k];
    for (int i = 0; i < k; i++) {
      Map<String, MassSum> row = state.outcomes().getOrDefault(classes[i], Map.of());
      for (int j = 0; j < k; j++) {
        MassSum sum = row.get(classes[j]);
        masses[i][j] = sum == null ? Mass.NONE : sum.mass();
        actual[i] += masses[i][j].weight();
        predicted[j] += masses[i][j].weight();
        total += masses[i][j].weight();
        rows += masses[i][j].rows();
      }
    }
  }

  static Map<String, Estimate> of(MulticlassState state) {
    return new MulticlassMetrics(state).all(state);
  }

  private Map<String, Estimate> all(MulticlassState state) {
    if (!(total > 0)) {
      return metrics;
    }
    Estimate accuracy = ConfusionMetrics.of(rightAgainstWrong()).get("accuracy");
    metrics.put("accuracy", accuracy);
    macro("balanced_accuracy", this::recall, true);
    macro("precision_macro", this::precision, false);
    macro("f1_macro", this::f1, false);
    weighted("f1_weighted", this::f1);
    correlation();
    Map<String, Estimate> confidence = state.topLabel().metrics(MetricOptions.DEFAULTS);
    for (String name : new String[] {"roc_auc", "brier", "ece"}) {
      Estimate estimate = confidence.get(name);
      if (estimate != null) {
        metrics.put("top_label_" + name, estimate);
      }
    }
    for (int c = 0; c < classes.length && classes.length <= MOST_CLASSES_SHOWN; c++) {
      Map<String, Estimate> one = ConfusionMetrics.of(oneAgainstRest(c));
      for (String name : new String[] {"precision", "recall", "f1"}) {
        if (one.containsKey(name)) {
          metrics.put(name + ":" + classes[c], one.get(name));
        }
      }
    }
    return metrics;
  }

  private Confusion rightAgainstWrong() {
    Mass right = Mass.NONE;
    Mass wrong = Mass.NONE;
    for (int i = 0; i < classes.length; i++) {
      for (int j = 0; j < classes.length; j++) {
        right = i == j ? right.plus(masses[i][j]) : right;
        wrong = i == j ? wrong : wrong.plus(masses[i][j]);
      }
    }
    return new Confusion(right, wrong, Mass.NONE, Mass.NONE);
  }

  private Confusion oneAgainstRest(int c) {
    Mass[] sums = {Mass.NONE, Mass.NONE, Mass.NONE, Mass.NONE};
    for (int i = 0; i < classes.length; i++) {
      for (int j = 0; j < classes.length; j++) {
        int outcome = (i == c ? 2 : 0) + (j == c ? 1 : 0);
        sums[outcome] = sums[outcome].plus(masses[i][j]);
      }
    }
    return new Confusion(sums[3], sums[1], sums[2], sums[0]);
  }

  /** A metric of one class with its gradient in the weight of a pair. */
  private record OfClass(double value, int of, double onPair, double onActual, double onPredicted) {
    double gradient(int i, int j) {
      return (i == of && j == of ? onPair : 0)
          + (i == of ? onActual : 0)
          + (j == of ? onPredicted : 0);
    }
  }

  private interface ClassMetric {
    OfClass of(int c);
  }

  private OfClass recall(int c) {
    double n = actual[c];
    double value = n == 0 ? 0 : masses[c][c].weight() / n;
    return n == 0 ? new OfClass(0, c, 0, 0, 0) : new OfClass(value, c, 1 / n, -value / n, 0);
  }

  private OfClass precision(int c) {
    double n = predicted[c];
    double value = n == 0 ? 0 : masses[c][c].weight() / n;
    return n == 0 ? new OfClass(0, c, 0, 0, 0) : new OfClass(value, c, 1 / n, 0, -value / n);
  }

  private OfClass f1(int c) {
    double n = actual[c] + predicted[c];
    double value = n == 0 ? 0 : 2 * masses[c][c].weight() / n;
    return n == 0
        ? new OfClass(0, c, 0, 0, 0)
        : new OfClass(value, c, 2 / n, -value / n, -value / n);
  }

  private void macro(String name, ClassMetric metric, boolean onlyActual) {
    int k = classes.length;
    double mean = 0;
    double[][] gradient = new double[k][k];
    int counted = 0;
    for (int c = 0; c < k; c++) {
      counted += onlyActual && actual[c] == 0 ? 0 : 1;
    }
    for (int c = 0; c < k; c++) {
      if (onlyActual && actual[c] == 0) {
        continue;
      }
      OfClass one = metric.of(c);
      mean += one.value() / counted;
      addGradient(gradient, one, 1.0 / counted);
    }
    put(name, mean, gradient, 0);
  }

  private void weighted(String name, ClassMetric metric) {
    int k = classes.length;
    double mean = 0;
    double[] values = new double[k];
    double[][] gradient = new double[k][k];
    for (int c = 0; c < k; c++) {
      OfClass one = metric.of(c);
      values[c] = one.value();
      mean += one.value() * actual[c] / total;
      addGradient(gradient, one, actual[c] / total);
    }
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        gradient[i][j] += (values[i] - mean) / total;
      }
    }
    put(name, mean, gradient, 0);
  }

  /** Only the row and the column of a class move its metric. */
  private void addGradient(double[][] gradient, OfClass one, double share) {
    for (int other = 0; other < classes.length; other++) {
      gradient[one.of()][other] += share * one.gradient(one.of(), other);
      if (other != one.of()) {
        gradient[other][one.of()] += share * one.gradient(other, one.of());
      }
    }
  }

  /**
   * Matthews correlation of several classes, Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006.
   */
  private void correlation() {
    int k = classes.length;
    double right = 0;
    double product = 0;
    double ofActual = total * total;
    double ofPredicted = total * total;
    for (int c = 0; c < k; c++) {
      right += masses[c][c].weight();
      product += actual[c] * predicted[c];
      ofActual -= actual[c] * actual[c];
      ofPredicted -= predicted[c] * predicted[c];
    }
    double root = Math.sqrt(ofActual * ofPredicted);
    if (!(root > 0)) {
      return;
    }
    double value = (right * total - product) / root;
    double[][] gradient = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double numerator = (i == j ? total : 0) + right - actual[j] - predicted[i];
        gradient[i][j] =
            numerator / root
                - value * ((total - predicted[j]) / ofPredicted + (total - actual[i]) / ofActual);
      }
    }
    put("mcc", value, gradient, -1);
  }

  private void put(String name, double value, double[][] gradient, double least) {
    double variance = 0;
    for (int i = 0; i < classes.length; i++) {
      for (int j = 0; j < classes.length; j++) {
        variance += gradient[i][j] * gradient[i][j] * masses[i][j].squaredWeight();
      }
    }
    metrics.put(name, Means.within(Means.normal(value, Math.sqrt(variance), rows), least, 1));
  }
}
