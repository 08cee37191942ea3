package dev.telltale.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupSequentialBoundsTest {
  /**
   * The bounds of a table to four digits; its last of Pocock, 2.38600, is 2.385985 by Simpson's
   * rule with 4001 points in NumPy 2.4.6 and SciPy 1.17.1, too.
   */
  @ParameterizedTest
  @CsvSource({
    "2, obf, .2 .4 .6 .8 1, 4.87688 3.35701 2.68028 2.28982 2.03103",
    "2, pocock, .2 .4 .6 .8 1, 2.43798 2.42681 2.41019 2.39665 2.38600",
    "2, power:1, .2 .4 .6 .8 1, 2.57583 2.49197 2.41083 2.33914 2.27552",
    "2, power:2, .2 .4 .6 .8 1, 3.09023 2.71411 2.47278 2.27986 2.11403",
    "2, power:3, .2 .4 .6 .8 1, 3.54008 2.97431 2.60451 2.30636 2.04548",
    "1, power:2, .2 .4 .6 .8 1, 2.87816 2.47023 2.20095 1.98182 1.79024",
    "2, power:2, .5 1, 2.49771 2.01831"
  })
  void boundsAreThoseOfTheTables(int sides, String spending, String looks, String expected) {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(
            new SequentialDesign(0.05, Sides.of(sides), Spending.of(spending)), numbers(looks));
    assertThat(bounds.looks().stream().mapToDouble(Look::bound).toArray())
        .containsExactly(numbers(expected), within(1e-4));
    assertThat(bounds.latest().alphaSpent()).isEqualTo(0.05);
  }

  @ParameterizedTest
  @ValueSource(strings = {"obf", "pocock", "power:2"})
  void twentyEightNightsKeepAlpha(String spending) {
    for (Sides sides : Sides.values()) {
      GroupSequentialBounds bounds =
          GroupSequentialBounds.of(
              new SequentialDesign(0.05, sides, Spending.of(spending)), nights(28));
      assertCrossed(bounds, 40_000, 0.05);
    }
  }

  @Test
  void unequalInformationAndMoreThanPlannedKeepAlpha() {
    assertCrossed(
        GroupSequentialBounds.of(design("pocock"), 0.01, 0.3, 0.31, 0.3, 0.7, 1.3), 40_000, 0.05);
    GroupSequentialBounds less = GroupSequentialBounds.of(design("obf"), 0.3, 0.5).last(0.7);
    assertCrossed(less, 40_000, 0.05);
    assertThat(less.latest().alphaSpent()).isEqualTo(0.05);
    assertThat(less.isComplete()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> less.next(0.8));
  }

  private static void assertCrossed(GroupSequentialBounds bounds, int trials, double share) {
    SplittableRandom random = new SplittableRandom(7);
    int crossed = 0;
    for (int trial = 0; trial < trials; trial++) {
      double at = 0;
      double known = 0;
      boolean found = false;
      for (Look look : bounds.looks()) {
        double now = Math.max(known, look.information());
        at += Math.sqrt(now - known) * random.nextGaussian();
        known = now;
        double z = at / Math.sqrt(known);
        found |= bounds.design().sides().size(z) >= look.bound();
      }
      crossed += found ? 1 : 0;
    }
    double scatter = Math.sqrt(share * (1 - share) / trials);
    assertThat((double) crossed / trials).isCloseTo(share, within(2.576 * scatter));
  }

  @Test
  void aBoundDoesNotChangeWithLaterLooks() {
    GroupSequentialBounds bounds = GroupSequentialBounds.start(design("obf"));
    for (double night : nights(28)) {
      GroupSequentialBounds more = bounds.next(night);
      assertThat(more.looks().subList(0, bounds.looks().size())).isEqualTo(bounds.looks());
      bounds = more;
    }
    assertThat(bounds.looks())
        .isEqualTo(GroupSequentialBounds.of(design("obf"), nights(28)).looks());
  }

  @Test
  void aLookWithoutNewInformationSpendsNothing() {
    GroupSequentialBounds bounds = GroupSequentialBounds.of(design("power:1"), 0.3, 0.3, 0.2, 0.6);
    assertThat(bounds.looks().get(1).bound()).isInfinite();
    assertThat(bounds.looks().get(2).bound()).isInfinite();
    assertThat(bounds.looks().get(2).alphaSpent()).isEqualTo(0.015);
    assertThat(bounds.latest().bound())
        .isEqualTo(GroupSequentialBounds.of(design("power:1"), 0.3, 0.6).latest().bound());
    assertThat(GroupSequentialBounds.of(design("obf"), 1, 1.1).latest().bound()).isInfinite();
    assertThat(GroupSequentialBounds.of(design("obf"), 0.001).latest().bound()).isInfinite();
  }

  /** All of alpha at one place is the fixed test, whatever came before at that place. */
  @Test
  void aLastLookWithoutNewInformationSpendsTheRest() {
    double bound = GroupSequentialBounds.of(design("power:1"), 0.5).last(0.5).latest().bound();
    assertThat(bound).isCloseTo(1.959964, within(1e-3));
    assertThat(GroupSequentialBounds.start(design("obf")).last(0.4).latest().bound())
        .isCloseTo(1.959963984540054, within(1e-9));
  }

  @Test
  void tinySteps() {
    GroupSequentialBounds bounds =
        GroupSequentialBounds.of(design("power:1"), 0.5, 0.50002, 0.50004, 1);
    GroupSequentialBounds without = GroupSequentialBounds.of(design("power:1"), 0.50004, 1);
    assertThat(bounds.latest().bound()).isCloseTo(without.latest().bound(), within(1e-3));
  }

  @Test
  void aYearOfNightsIsFast() {
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> GroupSequentialBounds.of(design("pocock"), nights(365)));
  }

  @Test
  void whatIsNoLookIsRefused() {
    GroupSequentialBounds none = GroupSequentialBounds.start(design("obf"));
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> none.next(wrong));
    }
    assertThatIllegalStateException().isThrownBy(none::latest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SequentialDesign(1, Sides.ONE, new Spending.Pocock()))
        .withMessage("An alpha of 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sides.of(3))
        .withMessage("3 sides; allowed are 1 and 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OBF", "power", "power:", "power:0", "power:NaN", "power:x"})
  void aSpendingFunctionThatIsNoneIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spending.of(text))
        .withMessage(
            "No spending function '%s'; allowed are obf, pocock and power:R with R above 0, such"
                + " as power:2",
            text);
  }

  private static SequentialDesign design(String spending) {
    return new SequentialDesign(0.05, Sides.TWO, Spending.of(spending));
  }

  static double[] nights(int count) {
    return IntStream.rangeClosed(1, count).mapToDouble(k -> (double) k / count).toArray();
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
