package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class PredictionTestTest {
  private static final int RUNS = 20_000;

  /** 3 -+ t * sqrt(2.5 * 1.2) by Python 3.11, with t(4) = 2.776445 from a printed table. */
  @Test
  void theNextNumberIsWithinTheInterval() {
    PredictionInterval interval =
        new PredictionTest(new double[] {1, 2, 4, 3, 5}, 0).interval(0.05);
    assertThat(interval.low()).isCloseTo(-1.8089, within(1e-4));
    assertThat(interval.high()).isCloseTo(7.8089, within(1e-4));
    Random random = new Random(3);
    int outside = 0;
    for (int run = 0; run < RUNS; run++) {
      double[] days = DoubleStream.generate(random::nextGaussian).limit(8).toArray();
      PredictionInterval next = new PredictionTest(days, 0).interval(0.01);
      double value = random.nextGaussian();
      outside += value < next.low() || value > next.high() ? 1 : 0;
    }
    assertThat((double) outside / RUNS).isCloseTo(0.01, within(0.003));
  }
}
