package dev.telltale.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.StandardNormal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatedIntervalTest {
  private static final double[] FIVE = {0.2, 0.4, 0.6, 0.8, 1};

  /** The truth stays inside at all of 28 nights as often as promised, and the error is alpha. */
  @ParameterizedTest
  @CsvSource({"obf, ONE", "obf, TWO", "pocock, TWO", "power:2, ONE"})
  void twentyEightNightsCover(String spending, Sides sides) {
    double effect = -1.5;
    int trials = 20_000;
    GroupSequentialBounds[] nights = new GroupSequentialBounds[28];
    GroupSequentialBounds bounds = GroupSequentialBounds.start(design(0.05, sides, spending));
    for (int k = 0; k < 28; k++) {
      bounds = bounds.next((k + 1) / 28.0);
      nights[k] = bounds;
    }
    SplittableRandom random = new SplittableRandom(3);
    int missed = 0;
    for (int trial = 0; trial < trials; trial++) {
      double[] z = path(random, bounds, effect);
      boolean isMissed = false;
      for (int k = 0; k < 28; k++) {
        double error = Math.sqrt(28 / (k + 1.0));
        ConfidenceInterval interval = RepeatedInterval.interval(nights[k], z[k] * error, error);
        isMissed |= !interval.contains(effect);
      }
      missed += isMissed ? 1 : 0;
    }
    double scatter = Math.sqrt(0.05 * 0.95 / trials);
    assertThat((double) missed / trials).isCloseTo(0.05, within(2.576 * scatter));
  }

  /** With whatever alpha the bounds are made: they are crossed exactly if p is at most that. */
  @ParameterizedTest
  @CsvSource({"obf, ONE", "obf, TWO", "pocock, ONE", "power:1, TWO", "power:3, ONE"})
  void thePValueIsTheSmallestAlphaThatCrosses(String spending, Sides sides) {
    SplittableRandom random = new SplittableRandom(11);
    double[] alphas = {1e-6, 0.001, 0.05, 0.3, 0.8, 0.99};
    GroupSequentialBounds own = GroupSequentialBounds.of(design(0.05, sides, spending), FIVE);
    int below = 0;
    for (int trial = 0; trial < 40; trial++) {
      double[] z = path(random, own, trial % 4);
      double p = RepeatedInterval.pValue(own, z);
      below += p <= 0.05 ? 1 : 0;
      for (double alpha : alphas) {
        boolean isCrossed =
            crosses(GroupSequentialBounds.of(design(alpha, sides, spending), FIVE), z);
        assertThat(p <= alpha).as("%s of %s", p, Arrays.toString(z)).isEqualTo(isCrossed);
      }
      double other =
          RepeatedInterval.pValue(GroupSequentialBounds.of(design(0.2, sides, spending), FIVE), z);
      assertThat(other).as("whatever the design's alpha").isCloseTo(p, within(1e-8 * p));
    }
    assertThat(below).isBetween(5, 35);
  }

  @ParameterizedTest
  @CsvSource({"obf", "pocock", "power:2"})
  void intervalAndPValueDecideAsTheBound(String spending) {
    for (Sides sides : Sides.values()) {
      GroupSequentialBounds bounds = GroupSequentialBounds.start(design(0.05, sides, spending));
      double[] quiet = new double[0];
      for (double information : FIVE) {
        bounds = bounds.next(information);
        double bound = bounds.latest().bound();
        quiet = Arrays.copyOf(quiet, quiet.length + 1);
        for (double z :
            new double[] {Math.nextDown(bound), bound, Math.nextUp(bound), -bound, 1.2 * bound}) {
          ConfidenceInterval interval = RepeatedInterval.interval(bounds, z, 1);
          boolean isOutside = !(interval.low() < 0 && 0 < interval.high());
          assertThat(isOutside)
              .as("interval at %s of %s", z, bound)
              .isEqualTo(bounds.isCrossedBy(z));
          double[] all = quiet.clone();
          all[all.length - 1] = z;
          assertThat(RepeatedInterval.pValue(bounds, all) <= 0.05)
              .as("p-value at %s of %s", z, bound)
              .isEqualTo(bounds.isCrossedBy(z));
        }
      }
    }
  }

  @Test
  void thePValueNeverRisesAndTheIntervalIsOfTheLatestLook() {
    GroupSequentialBounds two = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.3, 0.6);
    RepeatedInterval found = RepeatedInterval.of(two, new double[] {3, 1}, new double[] {0.5, 0.4});
    GroupSequentialBounds one = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.3);
    assertThat(found.pValue())
        .isCloseTo(RepeatedInterval.pValue(one, 6), within(1e-9))
        .isLessThan(0.003);
    double bound = two.latest().bound();
    assertThat(found.interval().low()).isCloseTo(1 - 0.4 * bound, within(1e-12));
    assertThat(found.interval().high()).isCloseTo(1 + 0.4 * bound, within(1e-12));
    assertThat(found.interval().level()).isEqualTo(0.95);
  }

  @ParameterizedTest
  @CsvSource({"1.7, 0.05", "3.5, 0.05", "0.1, 0.05", "-1.2, 0.2", "5.5, 1e-6", "2, 0.8"})
  void oneLookIsTheFixedTest(double z, double alpha) {
    GroupSequentialBounds two = GroupSequentialBounds.of(design(alpha, Sides.TWO, "obf"), 1);
    GroupSequentialBounds one = GroupSequentialBounds.start(design(alpha, Sides.ONE, "obf"));
    assertThat(RepeatedInterval.pValue(two, z))
        .isCloseTo(StandardNormal.pValue(z, Alternative.TWO_SIDED), within(1e-8));
    assertThat(RepeatedInterval.pValue(one.last(0.7), z))
        .isCloseTo(StandardNormal.pValue(z, Alternative.GREATER), within(1e-8));
  }

  @Test
  void theEnds() {
    GroupSequentialBounds none = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.001);
    assertThat(RepeatedInterval.pValue(none, 3)).isOne();
    assertThat(RepeatedInterval.interval(none, 3, 1).contains(-1e300)).isTrue();
    GroupSequentialBounds bounds = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), FIVE);
    assertThat(RepeatedInterval.pValue(bounds, 0, 0, 0, 0, 0)).isOne();
    assertThat(RepeatedInterval.pValue(bounds, 9, 20, 30, 40, 500)).isEqualTo(1e-13);
    GroupSequentialBounds one = GroupSequentialBounds.of(design(0.05, Sides.ONE, "obf"), FIVE);
    assertThat(RepeatedInterval.pValue(one, -9, -20, -30, -40, -500)).isOne();
    assertThat(RepeatedInterval.interval(one, 2, 1).high()).isInfinite();
  }

  @Test
  void whatIsNoEstimateIsRefused() {
    GroupSequentialBounds bounds = GroupSequentialBounds.of(design(0.05, Sides.TWO, "obf"), 0.5);
    double[] one = {1};
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RepeatedInterval.of(bounds, one, new double[] {wrong}))
          .withMessage("An estimate of 1.0 with the standard error " + wrong);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RepeatedInterval.of(bounds, new double[] {Double.NaN}, one));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RepeatedInterval.of(bounds, one, new double[2]))
        .withMessage("1 estimates with 2 standard errors for 1 looks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RepeatedInterval.pValue(bounds, 1, 2))
        .withMessage("2 z for 1 looks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RepeatedInterval.pValue(bounds, Double.NaN));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                RepeatedInterval.interval(
                    GroupSequentialBounds.start(design(0.05, Sides.ONE, "obf")), 1, 1));
  }

  private static boolean crosses(GroupSequentialBounds bounds, double... z) {
    boolean found = false;
    for (Look look : bounds.looks()) {
      found |= bounds.design().sides().size(z[look.number() - 1]) >= look.bound();
    }
    return found;
  }

  private static double[] path(
      SplittableRandom random, GroupSequentialBounds bounds, double drift) {
    double at = 0;
    double known = 0;
    double[] z = new double[bounds.looks().size()];
    for (Look look : bounds.looks()) {
      double step = look.information() - known;
      at += drift * step + Math.sqrt(step) * random.nextGaussian();
      known = look.information();
      z[look.number() - 1] = at / Math.sqrt(known);
    }
    return z;
  }

  private static SequentialDesign design(double alpha, Sides sides, String spending) {
    return new SequentialDesign(alpha, sides, Spending.of(spending));
  }
}
