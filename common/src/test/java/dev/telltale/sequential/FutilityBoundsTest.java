package dev.telltale.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FutilityBoundsTest {
  private static final int TRIALS = 20_000;

  /** Stops of 28 nights: beta with the planned effect, below alpha errors without. */
  @ParameterizedTest
  @CsvSource({"obf, obf", "pocock, power:2", "power:2, pocock"})
  void twentyEightNightsKeepAlphaAndBeta(String forAlpha, String forBeta) {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            SequentialPowerTest.design(0.05, Sides.ONE, forAlpha),
            GroupSequentialBoundsTest.nights(28));
    FutilityBounds futility = FutilityBounds.planned(bounds, 0.2, Spending.of(forBeta));
    assertThat(futility.power()).isCloseTo(0.8, within(1e-6));
    assertThat(futility.lower().get(27)).isCloseTo(bounds.latest().bound(), within(1e-3));
    assertThat(futility.inflation()).isGreaterThan(SequentialPower.inflation(bounds, 0.8));
    double scatter = 3 * Math.sqrt(0.2 * 0.8 / TRIALS);
    int[] planned = stops(futility, futility.drift());
    assertThat((double) planned[0] / TRIALS).isCloseTo(0.8, within(scatter));
    assertThat((double) planned[1] / TRIALS).isCloseTo(0.2, within(scatter));
    int[] none = stops(futility, 0);
    assertThat((double) none[0] / TRIALS).isBetween(0.02, 0.05 + scatter);
    assertThat(none[1]).isGreaterThan(TRIALS * 9 / 10);
    for (Look look : bounds.looks()) {
      assertThat(futility.lower().get(look.number() - 1)).isLessThanOrEqualTo(look.bound());
    }
  }

  /** What is spent up to each look is what the spending function says. */
  @Test
  void betaIsSpentAsSaid() {
    GroupSequentialBounds bounds = two("power:2");
    FutilityBounds futility = FutilityBounds.of(bounds, 3, 0.1, new Spending.Power(1));
    // At the first look the probability is that of one normal variable: 0.04 below, mean 3√0.4.
    assertThat(futility.lower().get(0)).isCloseTo(3 * Math.sqrt(0.4) - 1.750686, within(1e-5));
    assertThat(futility.beta()).isEqualTo(0.1);
  }

  @Test
  void aSmallEffectLeavesAGapAndALargeOneIsCapped() {
    double bound = two("obf").latest().bound();
    FutilityBounds small = FutilityBounds.of(two("obf"), 0.5, 0.3, new Spending.Power(1));
    assertThat(small.lower().get(1)).isLessThan(bound - 0.5).isGreaterThan(-2);
    assertThat(small.power()).isLessThan(0.7);
    FutilityBounds large = FutilityBounds.of(two("obf"), 6, 0.1, new Spending.Power(1));
    assertThat(large.lower().get(1)).isEqualTo(bound);
    assertThat(large.power()).isGreaterThan(0.9);
    FutilityBounds hopeless = FutilityBounds.of(two("pocock"), 1e-3, 0.999, new Spending.Pocock());
    assertThat(hopeless.lower().get(1)).isEqualTo(two("pocock").latest().bound());
  }

  @Test
  void nothingSpentIsNoBound() {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            SequentialPowerTest.design(0.05, Sides.ONE, "obf"), 0.001, 0.5, 0.5, 1);
    FutilityBounds futility = FutilityBounds.of(bounds, 2.5, 0.2, new Spending.ObrienFleming());
    assertThat(futility.lower().get(0)).isInfinite().isNegative();
    assertThat(futility.lower().get(2)).isInfinite().isNegative();
    assertThat(futility.lower().get(1)).isFinite();
    GroupSequentialBounds early =
        GroupSequentialBounds.start(SequentialPowerTest.design(0.05, Sides.ONE, "obf"))
            .next(0.3)
            .last(0.6);
    FutilityBounds ended = FutilityBounds.planned(early, 0.2, new Spending.Pocock());
    assertThat(ended.lower().get(1)).isCloseTo(early.latest().bound(), within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoPlanIsRefused(double wrong) {
    Spending spending = new Spending.Pocock();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FutilityBounds.of(two("obf"), wrong, 0.2, spending))
        .withMessage("A drift of " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FutilityBounds.of(two("obf"), 3, wrong, spending))
        .withMessage("A beta of " + wrong);
    GroupSequentialBounds both =
        GroupSequentialBounds.of(SequentialPowerTest.design(0.05, Sides.TWO, "obf"), 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FutilityBounds.of(both, 3, 0.2, spending));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FutilityBounds.planned(two("obf"), 0.97, spending));
  }

  private static GroupSequentialBounds two(String spending) {
    return GroupSequentialBounds.of(SequentialPowerTest.design(0.05, Sides.ONE, spending), 0.4, 1);
  }

  /** How many experiments of information 1 find something, and how many are futile. */
  private static int[] stops(FutilityBounds futility, double drift) {
    SplittableRandom random = new SplittableRandom(8);
    int[] counts = new int[2];
    for (int trial = 0; trial < TRIALS; trial++) {
      double at = 0;
      double known = 0;
      for (Look look : futility.bounds().looks()) {
        double step = look.information() - known;
        known = look.information();
        at += drift * step + Math.sqrt(step) * random.nextGaussian();
        double z = at / Math.sqrt(known);
        if (z >= look.bound()) {
          counts[0]++;
          break;
        }
        if (z < futility.lower().get(look.number() - 1)) {
          counts[1]++;
          break;
        }
      }
    }
    return counts;
  }
}
