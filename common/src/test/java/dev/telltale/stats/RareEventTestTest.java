package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RareEventTestTest {
  /**
   * Of a million, the exponents of the functions are 1e7, of which a double has nine digits left.
   */
  private static final Percentage ROUNDING = Percentage.withPercentage(1e-6);

  /** Reference: {@code scipy.stats.binom.sf(events - 1, trials, rate)} of SciPy 1.17.1. */
  @Test
  void binomialTails() {
    assertThat(RareEventTest.binomial(1, 1_000_000, 1e-6)).isCloseTo(0.632120742768355, ROUNDING);
    assertThat(RareEventTest.binomial(7, 1_000_000, 1e-6))
        .isCloseTo(8.323987193509007e-05, ROUNDING);
    assertThat(RareEventTest.binomial(30, 200, 0.1)).isCloseTo(0.016326565931766502, ROUNDING);
    assertThat(RareEventTest.binomial(5000, 1_000_000, 0.0049))
        .isCloseTo(0.0774375473678729, ROUNDING);
    assertThat(RareEventTest.binomial(0, 0, 0.1)).isEqualTo(1);
    assertThat(RareEventTest.binomial(3, 3, 1)).isEqualTo(1);
    assertThat(RareEventTest.binomial(1, 3, 0)).isEqualTo(0);
    assertThat(RareEventTest.binomial(3, 3, 0.5)).isCloseTo(0.125, ROUNDING);
  }

  /** Reference: {@code scipy.stats.poisson.sf(events - 1, mean)} of SciPy 1.17.1. */
  @Test
  void poissonTails() {
    assertThat(RareEventTest.poisson(1, 1)).isCloseTo(0.6321205588285577, ROUNDING);
    assertThat(RareEventTest.poisson(6, 1)).isCloseTo(0.000594184817581693, ROUNDING);
    assertThat(RareEventTest.poisson(120, 100)).isCloseTo(0.02823039396486565, ROUNDING);
    assertThat(RareEventTest.poisson(1_000_300, 1_000_000)).isCloseTo(0.3822214182374106, ROUNDING);
    assertThat(RareEventTest.poisson(0, 0)).isEqualTo(1);
    assertThat(RareEventTest.poisson(1, 0)).isEqualTo(0);
  }

  @Test
  void impossibleCountsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> RareEventTest.binomial(4, 3, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> RareEventTest.binomial(1, 3, 1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> RareEventTest.poisson(-1, 1));
  }

  /** Reference: {@code scipy.stats.t} of SciPy 1.17.1 on the same statistic with NumPy 2.4.6. */
  @Test
  void aNewValueBesideEarlierOnes() {
    PredictionTest test = new PredictionTest(new double[] {3.1, 2.9, 3.4, 3.0, 2.7}, 0);
    assertThat(test.statistic(3.9)).isCloseTo(3.1035207097778312, ROUNDING);
    assertThat(test.pValue(3.9)).isCloseTo(0.036097707984895214, ROUNDING);
    PredictionTest flat = new PredictionTest(new double[] {1, 1}, 0);
    assertThat(flat.pValue(1)).isEqualTo(1);
    assertThat(flat.pValue(2)).isEqualTo(0);
    assertThat(new PredictionTest(new double[] {1, 1}, 1).pValue(2)).isBetween(0.4, 0.7);
  }

  /** Of a value from the distribution of the earlier ones p-values are uniform. */
  @Test
  void pValuesAreUniformWithoutChange() {
    Random random = new Random(5);
    int below = 0;
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      double[] earlier = random.doubles(5).map(absent -> random.nextGaussian()).toArray();
      below += new PredictionTest(earlier, 0).pValue(random.nextGaussian()) < 0.05 ? 1 : 0;
    }
    // Four standard errors of 20,000 draws.
    assertThat((double) below / draws).isCloseTo(0.05, within(0.0062));
  }
}
