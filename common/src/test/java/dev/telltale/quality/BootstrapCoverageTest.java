package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often the 95 % intervals hold the truth on real scores, whose distribution nobody chose:
 * 30,000 flights with the answer, score and label that {@code telltale demo} has of them, drawn
 * from with replacement. For other shares of positives, positives and negatives are drawn from
 * apart; an answer stays as it is. {@code docs/quality.md} shows the table that {@code
 * -Dtelltale.print=true} prints.
 */
class BootstrapCoverageTest {
  private static final boolean PRINT = Boolean.getBoolean("telltale.print");
  private static final List<String> METRICS =
      List.of("accuracy", "precision", "recall", "f1", "roc_auc", "average_precision");

  /** Of negatives and positives: score and answer. */
  private static final List<List<double[]>> FLIGHTS = List.of(new ArrayList<>(), new ArrayList<>());

  @BeforeAll
  static void read() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    BootstrapCoverageTest.class.getResourceAsStream("flight_scores.csv.gz")),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .skip(1)
          .forEach(
              line -> {
                List<String> parts = List.of(line.split(",", -1));
                FLIGHTS
                    .get(Integer.parseInt(parts.get(2)))
                    .add(
                        new double[] {
                          Double.parseDouble(parts.get(1)), Double.parseDouble(parts.get(0))
                        });
              });
    }
  }

  /** Weighted counts of what was drawn, or of what is true. */
  private static final class Sample {
    private final TreeMap<Double, double[]> cells = new TreeMap<>();
    private final double[] outcomes = new double[4];
    private final long[] rowsOf = new long[4];
    private long rows;

    void add(double[] flight, int label, double weight) {
      cells.computeIfAbsent(flight[0], absent -> new double[2])[label] += weight;
      outcomes[2 * label + (int) flight[1]] += weight;
      rowsOf[2 * label + (int) flight[1]]++;
      rows++;
    }

    Map<String, Estimate> metrics() {
      Map<String, Estimate> metrics =
          new LinkedHashMap<>(
              ConfusionMetrics.of(new Confusion(mass(3), mass(1), mass(2), mass(0))));
      double[] scores = new double[cells.size()];
      double[] negatives = new double[scores.length];
      double[] positives = new double[scores.length];
      int i = 0;
      for (Map.Entry<Double, double[]> cell : cells.entrySet()) {
        scores[i] = cell.getKey();
        negatives[i] = cell.getValue()[0];
        positives[i++] = cell.getValue()[1];
      }
      ScoreCells all = new ScoreCells(scores, negatives, positives, negatives, positives, true);
      RocAuc.of(all, rows).ifPresent(estimate -> metrics.put("roc_auc", estimate));
      AveragePrecision.of(all, rows)
          .ifPresent(estimate -> metrics.put("average_precision", estimate));
      return metrics;
    }

    private Mass mass(int outcome) {
      return new Mass(rowsOf[outcome], outcomes[outcome], outcomes[outcome]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, 0.19, 4000",
    "200, 0.5, 4000",
    "2000, 0.02, 2000",
    "2000, 0.19, 2000",
    "2000, 0.5, 2000",
    "20000, 0.02, 2000",
    "20000, 0.19, 2000"
  })
  void intervalsCoverOnRealScores(int n, double share, int trials) {
    Sample population = new Sample();
    for (int label = 0; label < 2; label++) {
      double weight = 1000 * (label == 1 ? share : 1 - share) / FLIGHTS.get(label).size();
      for (double[] flight : FLIGHTS.get(label)) {
        population.add(flight, label, weight);
      }
    }
    Map<String, Estimate> truth = population.metrics();
    Map<String, Integer> covered = new LinkedHashMap<>();
    Map<String, Integer> defined = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(n + Math.round(1000 * share));
    for (int trial = 0; trial < trials; trial++) {
      Sample sample = new Sample();
      for (int i = 0; i < n; i++) {
        int label = random.nextDouble() < share ? 1 : 0;
        List<double[]> flights = FLIGHTS.get(label);
        sample.add(flights.get(random.nextInt(flights.size())), label, 1);
      }
      Map<String, Estimate> metrics = sample.metrics();
      for (String name : METRICS) {
        Estimate estimate = metrics.get(name);
        if (estimate != null) {
          double value = truth.get(name).value();
          boolean holds =
              estimate.low().orElseThrow() <= value && value <= estimate.high().orElseThrow();
          covered.merge(name, holds ? 1 : 0, Integer::sum);
          defined.merge(name, 1, Integer::sum);
        }
      }
    }
    if (PRINT) {
      System.out.printf("| %,d | %s |", n, share);
      METRICS.forEach(
          name -> System.out.printf(" %.1f |", 100.0 * covered.get(name) / defined.get(name)));
      System.out.println();
    }
    for (String name : METRICS) {
      double coverage = (double) covered.get(name) / defined.get(name);
      double noise = 3 * Math.sqrt(0.95 * 0.05 / defined.get(name));
      assertThat(coverage)
          .as(name + " n " + n + " share " + share)
          .isBetween(0.94 - noise, 0.96 + noise);
    }
  }
}
