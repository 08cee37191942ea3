package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Sampling.Allocation;
import dev.telltale.quality.Confusion;
import dev.telltale.quality.ConfusionMetrics;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.Mass;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How often the 95 % intervals of a weighted sample, one row in a hundred, hold what all 200,000
 * rows say. Strata differ in size, in how often they are true and in how often the model is right.
 * {@code docs/sample.md} shows the table that {@code -Dtelltale.print=true} prints.
 */
class SampledCoverageTest {
  private static final int DRAWS = 4_000;
  private static final int[] ROWS = {120_000, 60_000, 16_000, 4_000};
  private static final double[] TRUE = {0.05, 0.2, 0.5, 0.7};
  private static final double[] RIGHT = {0.95, 0.85, 0.7, 0.6};
  private static final int CELLS = 4;

  /**
   * Rows of each stratum by outcome: true negative, false positive, false negative, true positive.
   */
  private static long[][] population() {
    SplittableRandom random = new SplittableRandom(1);
    long[][] counts = new long[ROWS.length][CELLS];
    for (int h = 0; h < ROWS.length; h++) {
      for (int i = 0; i < ROWS[h]; i++) {
        boolean truth = random.nextDouble() < TRUE[h];
        boolean answer = (random.nextDouble() < RIGHT[h]) == truth;
        counts[h][(truth ? 2 : 0) + (answer ? 1 : 0)]++;
      }
    }
    return counts;
  }

  private static Map<String, Estimate> metrics(Mass[] cells) {
    return ConfusionMetrics.of(new Confusion(cells[3], cells[1], cells[2], cells[0]));
  }

  @ParameterizedTest
  @EnumSource(Allocation.class)
  void intervalsHoldWhatAllRowsSay(Allocation allocation) {
    long[][] population = population();
    Mass[] all = new Mass[CELLS];
    double[] deviations = new double[ROWS.length];
    Arrays.fill(all, Mass.NONE);
    for (int h = 0; h < ROWS.length; h++) {
      for (int c = 0; c < CELLS; c++) {
        all[c] = all[c].plus(Mass.of(population[h][c]));
      }
      deviations[h] = Math.sqrt(TRUE[h] * (1 - TRUE[h]));
    }
    long[] counts = Arrays.stream(ROWS).asLongStream().toArray();
    double[] rates = StratumRates.of(allocation, counts, deviations, 2_000);
    Map<String, Estimate> truth = metrics(all);
    Map<String, Integer> covered = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(2);
    for (int draw = 0; draw < DRAWS; draw++) {
      metrics(drawn(population, rates, random))
          .forEach(
              (name, estimate) -> {
                double value = truth.get(name).value();
                boolean holds =
                    estimate.low().orElseThrow() <= value && value <= estimate.high().orElseThrow();
                covered.merge(name, holds ? 1 : 0, Integer::sum);
              });
    }
    if (Boolean.getBoolean("telltale.print")) {
      covered.forEach(
          (name, held) ->
              System.out.printf("| %s | %s | %.1f |%n", allocation, name, 100.0 * held / DRAWS));
    }
    // 94 to 96 %, and three standard deviations of 4,000 draws.
    double noise = 3 * Math.sqrt(0.95 * 0.05 / DRAWS);
    for (String name : covered.keySet()) {
      assertThat(covered.get(name) / (double) DRAWS)
          .as(allocation + " " + name)
          .isBetween(0.94 - noise, 0.96 + noise);
    }
  }

  private static Mass[] drawn(long[][] population, double[] rates, SplittableRandom random) {
    Mass[] cells = new Mass[CELLS];
    Arrays.fill(cells, Mass.NONE);
    for (int h = 0; h < population.length; h++) {
      double weight = 1 / rates[h];
      for (int c = 0; c < CELLS; c++) {
        long kept = kept(population[h][c], rates[h], random);
        cells[c] = cells[c].plus(new Mass(kept, kept * weight, kept * weight * weight));
      }
    }
    return cells;
  }

  /** Binomial, by the geometric gaps between rows that are kept. */
  private static long kept(long rows, double rate, SplittableRandom random) {
    long kept = -1;
    double at = 0;
    while (at <= rows) {
      at += Math.floor(Math.log(1 - random.nextDouble()) / Math.log1p(-rate)) + 1;
      kept++;
    }
    return kept;
  }
}
