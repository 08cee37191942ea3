package dev.telltale.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequentialPowerTest {
  private static final double[] FIVE = {0.2, 0.4, 0.6, 0.8, 1};

  @ParameterizedTest
  @CsvFileSource(resources = "powers.csv", useHeadersInDisplayName = true)
  void powersAreThoseOfAnotherIntegration(
      double alpha, int sides, String spending, double drift, double power) {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(design(alpha, Sides.of(sides), spending), FIVE);
    assertThat(SequentialPower.power(bounds, drift)).isCloseTo(power, within(1e-7));
    if (sides == 2) {
      assertThat(SequentialPower.power(bounds, -drift)).isCloseTo(power, within(1e-7));
    }
    if (drift > 0) {
      assertThat(SequentialPower.driftFor(bounds, power)).isCloseTo(drift, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"obf, ONE, 2.5", "pocock, TWO, 3", "power:2, TWO, -2", "power:2, ONE, -1"})
  void twentyEightNightsFindWhatTheyShould(String spending, Sides sides, double drift) {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            design(0.05, sides, spending), GroupSequentialBoundsTest.nights(28));
    double power = SequentialPower.power(bounds, drift);
    SplittableRandom random = new SplittableRandom(4);
    int trials = 20_000;
    int found = 0;
    for (int trial = 0; trial < trials; trial++) {
      double at = 0;
      double step = 1 / 28.0;
      boolean isFound = false;
      for (Look look : bounds.looks()) {
        at += drift * step + Math.sqrt(step) * random.nextGaussian();
        isFound |= sides.size(at / Math.sqrt(look.information())) >= look.bound();
      }
      found += isFound ? 1 : 0;
    }
    double scatter = Math.sqrt(power * (1 - power) / trials);
    assertThat((double) found / trials).isCloseTo(power, within(3 * scatter + 1e-6));
  }

  /** One look is the fixed test; more cost something, O'Brien and Fleming's the least. */
  @Test
  void inflation() {
    for (Sides sides : Sides.values()) {
      GroupSequentialBounds one = GroupSequentialBounds.of(design(0.05, sides, "obf"), 1);
      assertThat(SequentialPower.inflation(one, 0.9)).isCloseTo(1, within(1e-5));
      assertThat(SequentialPower.power(one, 0)).isCloseTo(0.05, within(1e-9));
    }
    double obf = inflation("obf");
    double square = inflation("power:2");
    double pocock = inflation("pocock");
    assertThat(obf).isBetween(1.01, 1.05);
    assertThat(square).isBetween(obf, pocock);
    assertThat(pocock).isBetween(1.15, 1.3);
  }

  private static double inflation(String spending) {
    return SequentialPower.inflation(
        GroupSequentialBounds.of(design(0.05, Sides.TWO, spending), FIVE), 0.8);
  }

  @Test
  void looksWithoutABoundFindNothing() {
    GroupSequentialBounds some =
        GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.001, 0.5, 0.5, 1, 1.5);
    GroupSequentialBounds both = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.5, 1);
    assertThat(SequentialPower.power(some, 3))
        .isCloseTo(SequentialPower.power(both, 3), within(1e-6));
    assertThat(
            SequentialPower.power(
                GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.001), 3))
        .isZero();
    assertThat(SequentialPower.power(both, 100)).isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0, 1, Double.NaN})
  void aPowerThatIsNoneIsRefused(double power) {
    GroupSequentialBounds bounds = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), FIVE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SequentialPower.driftFor(bounds, power))
        .withMessage("A power of " + power + " with 5 looks that spend 0.05");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SequentialPower.power(bounds, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SequentialPower.driftFor(
                    GroupSequentialBounds.start(design(0.05, Sides.TWO, "obf")), 0.8));
  }

  static SequentialDesign design(double alpha, Sides sides, String spending) {
    return new SequentialDesign(alpha, sides, Spending.of(spending));
  }
}
