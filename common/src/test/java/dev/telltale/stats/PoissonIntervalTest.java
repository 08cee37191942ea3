package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.PoissonDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class PoissonIntervalTest {
  @ParameterizedTest
  @CsvFileSource(resources = "poisson-intervals.csv", useHeadersInDisplayName = true)
  void endsAreTheChiSquaredQuantilesOfSciPy(long events, double low, double high) {
    PoissonInterval interval = PoissonInterval.of(events);
    // The inverse of the distribution function stops at an absolute distance of 1e-9.
    assertThat(interval.low()).isCloseTo(low, within(1e-9 * Math.max(1, low)));
    assertThat(interval.high()).isCloseTo(high, within(1e-9 * Math.max(1, high)));
  }

  /** Not by simulation: the probability of all counts whose interval holds the mean. */
  @Test
  void atLeast95OfAHundredIntervalsHoldTheMean() {
    for (double mean : new double[] {0.05, 0.5, 1, 2.3, 3.7, 5, 10, 22.5, 60, 200}) {
      PoissonDistribution counts = new PoissonDistribution(mean);
      double held = 0;
      for (int events = 0; events < 2 * mean + 60; events++) {
        PoissonInterval interval = PoissonInterval.of(events);
        held += interval.low() <= mean && mean <= interval.high() ? counts.probability(events) : 0;
      }
      assertThat(held).as("mean %s", mean).isBetween(0.95, 1 + 1e-9);
    }
  }

  @Test
  void aNegativeCountIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoissonInterval.of(-1))
        .withMessage("-1 events");
  }
}
