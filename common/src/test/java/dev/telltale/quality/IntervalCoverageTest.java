package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.analysis.integration.SimpsonIntegrator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often the 95 % intervals hold the truth. Scores of both classes are normal (of the positives
 * shifted, so that the area under the ROC curve is 0.75 or 0.9), the number of positives is random
 * as in production, an answer is yes from a score on that takes as many rows as there are
 * positives. {@code docs/quality.md} shows the table that {@code -Dtelltale.print=true} prints.
 */
class IntervalCoverageTest {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
  private static final boolean PRINT = Boolean.getBoolean("telltale.print");

  @ParameterizedTest
  @CsvSource({
    "200, 0.1, 0.75, 4000",
    "200, 0.3, 0.75, 4000",
    "200, 0.5, 0.9, 4000",
    "200, 0.3, 0.9, 4000",
    "2000, 0.02, 0.75, 4000",
    "2000, 0.1, 0.9, 4000",
    "2000, 0.5, 0.75, 4000",
    "2000, 0.02, 0.9, 4000",
    "20000, 0.02, 0.75, 1000",
    "20000, 0.5, 0.9, 500",
    "200, 0.02, 0.75, 4000",
    "200, 0.02, 0.9, 4000",
    "20000, 0.1, 0.9, 1000"
  })
  void intervalsCover(int n, double share, double auc, int trials) {
    Population population = new Population(share, auc);
    Map<String, Integer> covered = new LinkedHashMap<>();
    Map<String, Integer> defined = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(n + Math.round(1000 * share + 10_000 * auc));
    for (int trial = 0; trial < trials; trial++) {
      population
          .draw(n, random)
          .forEach(
              (name, estimate) -> {
                Double truth = population.truth.get(name);
                if (truth != null) {
                  boolean holds =
                      estimate.low().orElseThrow() <= truth
                          && truth <= estimate.high().orElseThrow();
                  covered.merge(name, holds ? 1 : 0, Integer::sum);
                  defined.merge(name, 1, Integer::sum);
                }
              });
    }
    if (PRINT) {
      System.out.printf("| %,d | %s | %s |", n, share, auc);
      population
          .truth
          .keySet()
          .forEach(
              name -> System.out.printf(" %.1f |", 100.0 * covered.get(name) / defined.get(name)));
      System.out.println();
    }
    boolean fewPositives = n * share < 20;
    population
        .truth
        .keySet()
        .forEach(
            name -> {
              double coverage = (double) covered.get(name) / defined.get(name);
              double noise = 3 * Math.sqrt(0.95 * 0.05 / defined.get(name));
              assertThat(coverage)
                  .as(name + " n " + n + " share " + share + " AUC " + auc)
                  .isBetween(
                      (fewPositives ? 0.90 : 0.94) - noise, (fewPositives ? 0.995 : 0.96) + noise);
            });
  }

  /** Rows of a model with normal scores, and what is true of infinitely many of them. */
  private static final class Population {
    private final double share;
    private final double shift;
    private final double threshold;
    private final Map<String, Double> truth = new LinkedHashMap<>();

    Population(double share, double auc) {
      this.share = share;
      this.shift = Math.sqrt(2) * NORMAL.inverseCumulativeProbability(auc);
      double low = -10;
      double high = 10;
      for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (predicted(middle) > share) {
          low = middle;
        } else {
          high = middle;
        }
      }
      this.threshold = low;
      double recall = above(threshold - shift);
      double fallout = above(threshold);
      double precision = share * recall / predicted(threshold);
      truth.put("accuracy", share * recall + (1 - share) * (1 - fallout));
      truth.put("precision", precision);
      truth.put("recall", recall);
      truth.put("f1", 2 * precision * recall / (precision + recall));
      truth.put("roc_auc", auc);
      truth.put(
          "average_precision",
          new SimpsonIntegrator(1e-9, 1e-12, 5, 30)
              .integrate(
                  2_000_000,
                  x -> NORMAL.density(x - shift) * share * above(x - shift) / predicted(x),
                  -8,
                  8 + shift));
    }

    private static double above(double x) {
      return NORMAL.cumulativeProbability(-x);
    }

    private double predicted(double x) {
      return share * above(x - shift) + (1 - share) * above(x);
    }

    Map<String, Estimate> draw(int n, SplittableRandom random) {
      double[] negatives = new double[n];
      double[] positives = new double[n];
      int p = 0;
      int q = 0;
      long[] outcomes = new long[4];
      for (int i = 0; i < n; i++) {
        boolean positive = random.nextDouble() < share;
        double score = random.nextGaussian() + (positive ? shift : 0);
        if (positive) {
          positives[p++] = score;
        } else {
          negatives[q++] = score;
        }
        outcomes[(positive ? 2 : 0) + (score >= threshold ? 1 : 0)]++;
      }
      Map<String, Estimate> metrics =
          new LinkedHashMap<>(
              ConfusionMetrics.of(
                  new Confusion(
                      Mass.of(outcomes[3]),
                      Mass.of(outcomes[1]),
                      Mass.of(outcomes[2]),
                      Mass.of(outcomes[0]))));
      ScoreCells cells = cells(negatives, q, positives, p);
      RocAuc.of(cells, n).ifPresent(estimate -> metrics.put("roc_auc", estimate));
      AveragePrecision.of(cells, n)
          .ifPresent(estimate -> metrics.put("average_precision", estimate));
      return metrics;
    }

    private static ScoreCells cells(double[] negatives, int q, double[] positives, int p) {
      Arrays.sort(negatives, 0, q);
      Arrays.sort(positives, 0, p);
      double[] scores = new double[p + q];
      double[] ofNegatives = new double[p + q];
      double[] ofPositives = new double[p + q];
      int i = 0;
      int j = 0;
      while (i < q || j < p) {
        boolean negative = j == p || (i < q && negatives[i] < positives[j]);
        scores[i + j] = negative ? negatives[i] : positives[j];
        (negative ? ofNegatives : ofPositives)[i + j] = 1;
        i += negative ? 1 : 0;
        j += negative ? 0 : 1;
      }
      return new ScoreCells(scores, ofNegatives, ofPositives, ofNegatives, ofPositives, true);
    }
  }
}
