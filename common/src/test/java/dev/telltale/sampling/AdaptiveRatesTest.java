package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdaptiveRatesTest {
  private static final int[] ROWS = {100_000, 30_000, 10_000, 3_000, 1_000};
  private static final double[] WRONG = {0.05, 0.1, 0.15, 0.3, 0.4};
  private static final int BUDGET = 3_000;
  private static final int DRAWS = 1_000;

  private static List<AdaptiveRates.Stratum> strata(int... reasons) {
    List<AdaptiveRates.Stratum> strata = new ArrayList<>();
    for (int h = 0; h < ROWS.length; h++) {
      double labels = ROWS[h] / 50.0;
      int why = h < reasons.length ? reasons[h] : 0;
      strata.add(new AdaptiveRates.Stratum(ROWS[h], labels, labels * WRONG[h], why));
    }
    return strata;
  }

  private static double errorRate() {
    double wrong = 0;
    double all = 0;
    for (int h = 0; h < ROWS.length; h++) {
      wrong += ROWS[h] * WRONG[h];
      all += ROWS[h];
    }
    return wrong / all;
  }

  @Test
  void theBudgetIsKeptAndNothingIsLeftOut() {
    double[] rates = AdaptiveRates.of(strata(0, 1, 0, 2, 3), errorRate(), BUDGET);
    double expected = 0;
    for (int h = 0; h < rates.length; h++) {
      expected += rates[h] * ROWS[h];
      assertThat(rates[h])
          .isGreaterThanOrEqualTo(StratumRates.ALIKE * BUDGET / 144_000 - 1e-15)
          .isLessThanOrEqualTo(1);
    }
    assertThat(expected).isCloseTo(BUDGET, within(1e-6));
  }

  @Test
  void attentionDoublesWhatAStratumGetsBesidesTheEvenPart() {
    double floor = StratumRates.ALIKE * BUDGET / 144_000;
    double[] quiet = AdaptiveRates.of(strata(), errorRate(), BUDGET);
    double[] alerted = AdaptiveRates.of(strata(0, 1), errorRate(), BUDGET);
    // The budget is the same, so that the others get less, in the same proportion.
    double others = (alerted[0] - floor) / (quiet[0] - floor);
    assertThat(others).isLessThan(1);
    assertThat((alerted[1] - floor) / (quiet[1] - floor)).isCloseTo(2 * others, within(1e-9));
  }

  @Test
  void withoutKnownMistakesSizeAloneCounts() {
    List<AdaptiveRates.Stratum> two =
        List.of(
            new AdaptiveRates.Stratum(40_000, 0, 0, 0), new AdaptiveRates.Stratum(10_000, 0, 0, 0));
    double[] rates = AdaptiveRates.of(two, Double.NaN, 1_000);
    double floor = StratumRates.ALIKE * 1_000 / 50_000;
    // n_h ~ sqrt(N_h): a quarter of the rows at twice the rate.
    assertThat((rates[1] - floor) / (rates[0] - floor)).isCloseTo(2, within(1e-9));
  }

  @Test
  void aStratumWithoutLabelsIsTakenForAnAverageOne() {
    AdaptiveRates.Stratum none = new AdaptiveRates.Stratum(10, 0, 0, 0);
    assertThat(AdaptiveRates.errorRate(none, 0.2)).isCloseTo(0.2, within(1e-15));
    AdaptiveRates.Stratum right = new AdaptiveRates.Stratum(10, 1e9, 0, 0);
    assertThat(AdaptiveRates.deviation(right, 0.2)).isEqualTo(0.05);
  }

  /**
   * The error of each stratum's error rate, and of all, as they are estimated from the same number
   * of rows: {@code docs/sample.md} shows what {@code -Dtelltale.print=true} prints.
   */
  @Test
  void atEqualCostTheErrorIsSmallerThanThatOfAnEvenSample() {
    double[] even = new double[ROWS.length];
    java.util.Arrays.fill(even, BUDGET / 144_000.0);
    double[] uniform = errors(even);
    double[] planned = errors(AdaptiveRates.of(strata(0, 0, 0, 0, 1), errorRate(), BUDGET));
    if (Boolean.getBoolean("telltale.print")) {
      System.out.println("rms error of a stratum, even " + uniform[0] + ", planned " + planned[0]);
      System.out.println(
          "rms error of the weakest, even " + uniform[1] + ", planned " + planned[1]);
      System.out.println("rms error of all, even " + uniform[2] + ", planned " + planned[2]);
    }
    assertThat(planned[0]).isLessThan(0.5 * uniform[0]);
    assertThat(planned[1]).isLessThan(0.4 * uniform[1]);
    assertThat(planned[2]).isLessThan(1.25 * uniform[2]);
  }

  /** Root mean squared errors: over strata, of the last one, and of all rows together. */
  private static double[] errors(double[] rates) {
    SplittableRandom random = new SplittableRandom(3);
    double strata = 0;
    double weakest = 0;
    double all = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double wrong = 0;
      double weight = 0;
      for (int h = 0; h < rates.length; h++) {
        int n = 0;
        int mistakes = 0;
        int rows = ROWS[h];
        for (int i = 0; i < rows; i++) {
          if (random.nextDouble() < rates[h]) {
            n++;
            mistakes += random.nextDouble() < WRONG[h] ? 1 : 0;
          }
        }
        // Without a row nothing is known: as bad as the error rate of all.
        double estimate = n == 0 ? errorRate() : (double) mistakes / n;
        double error = (estimate - WRONG[h]) * (estimate - WRONG[h]);
        strata += error / rates.length / DRAWS;
        weakest += h == rates.length - 1 ? error / DRAWS : 0;
        wrong += mistakes / rates[h];
        weight += n / rates[h];
      }
      double error = wrong / weight - errorRate();
      all += error * error / DRAWS;
    }
    return new double[] {Math.sqrt(strata), Math.sqrt(weakest), Math.sqrt(all)};
  }
}
