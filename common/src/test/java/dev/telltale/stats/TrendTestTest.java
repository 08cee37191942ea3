package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TrendTestTest {
  /**
   * The correlation is 0.8, so that t = 0.8 sqrt(3 / 0.36), and with three degrees of freedom p = 1
   * - 2/pi (atan(4/3) + 0.48) = 0.104088.
   */
  @Test
  void thePValueIsThatOfTheSlope() {
    assertThat(TrendTest.pValue(new double[] {1, 3, 2, 5, 4})).isCloseTo(0.104088, within(1e-6));
  }

  @Test
  void aTrendIsSeen() {
    assertThat(TrendTest.pValue(new double[] {1, 2.1, 2.9, 4.2, 5})).isLessThan(0.001);
    assertThat(TrendTest.pValue(new double[] {1, 3, 2, 1, 3, 2})).isGreaterThan(0.2);
    assertThat(TrendTest.pValue(new double[] {2, 2, 2, 2})).isOne();
  }

  @Test
  void numbersWithoutATrendHaveOneAsOftenAsNominal() {
    Random random = new Random(6);
    int moving = 0;
    int runs = 5_000;
    for (int run = 0; run < runs; run++) {
      double[] days = DoubleStream.generate(random::nextGaussian).limit(20).toArray();
      moving += TrendTest.pValue(days) < 0.05 ? 1 : 0;
    }
    assertThat((double) moving / runs).isCloseTo(0.05, within(0.01));
  }
}
