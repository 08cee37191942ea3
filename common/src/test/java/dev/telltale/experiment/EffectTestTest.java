package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.experiment.EffectTest.Distribution;
import dev.telltale.experiment.Inference.Effect;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.Numbers;
import dev.telltale.stats.StudentDistribution;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectTestTest {
  private static final Hypothesis TWO_SIDED = Hypothesis.superiority(Alternative.TWO_SIDED);

  @ParameterizedTest(name = "{0} {index}")
  @CsvFileSource(
      resources = "differences.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void differencesAreThoseOfSciPyAndStatsmodels(
      String test,
      double alpha,
      String control,
      String variant,
      double statistic,
      double degrees,
      String p,
      String low,
      String high) {
    ArmPair pair = pair(test.equals("paired"), Numbers.doubles(control), Numbers.doubles(variant));
    Distribution distribution = test.equals("z") ? Distribution.NORMAL : Distribution.T;
    for (Alternative alternative : Alternative.values()) {
      Inference inference =
          EffectTest.of(Hypothesis.superiority(alternative), alpha, distribution).test(pair);
      assertThat(inference.test()).isEqualTo(test);
      assertNear(inference.statistic(), statistic);
      assertNear(inference.degreesOfFreedom(), degrees);
      Effect effect = inference.absolute();
      assertNear(effect.pValue(), Numbers.of(p, alternative));
      switch (alternative) {
        case TWO_SIDED -> {
          assertNear(effect.low(), Numbers.doubles(low)[0]);
          assertNear(effect.high(), Numbers.doubles(high)[0]);
        }
        case GREATER -> {
          assertNear(effect.low(), Numbers.doubles(low)[1]);
          assertThat(effect.high()).isInfinite().isPositive();
        }
        case LESS -> {
          assertThat(effect.low()).isInfinite().isNegative();
          assertNear(effect.high(), Numbers.doubles(high)[1]);
        }
      }
    }
  }

  private static ArmPair pair(boolean isPaired, double[] control, double[] variant) {
    if (!isPaired) {
      return Estimator.unadjusted(
          Samples.moments(1, control), Samples.moments(1, variant), Estimand.mean(0, List.of()));
    }
    CrossMoments pairs = new CrossMoments(2);
    for (int i = 0; i < control.length; i++) {
      pairs.add(new double[] {control[i], variant[i]});
    }
    return Estimator.paired(pairs, 0, 1);
  }

  private static void assertNear(double value, double expected) {
    if (Double.isInfinite(expected)) {
      assertThat(value).isEqualTo(expected);
    } else {
      assertThat(value).isCloseTo(expected, within(1e-10 * Math.abs(expected) + 1e-14));
    }
  }

  @ParameterizedTest(name = "{index}")
  @CsvFileSource(
      resources = "margins.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void marginsAreThoseOfStatsmodels(
      boolean isRelative,
      double margin,
      String control,
      String variant,
      double equivalent,
      double notBelow,
      double notAbove) {
    ArmPair pair = pair(false, Numbers.doubles(control), Numbers.doubles(variant));
    assertNear(pValue(Hypothesis.equivalence(margin, isRelative), pair), equivalent);
    assertNear(
        pValue(Hypothesis.nonInferiority(Alternative.GREATER, margin, isRelative), pair), notBelow);
    assertNear(
        pValue(Hypothesis.nonInferiority(Alternative.LESS, margin, isRelative), pair), notAbove);
    // What is shown is that the interval stays within the margin.
    for (double alpha : new double[] {0.01, 0.05, 0.2, 0.5}) {
      Inference both = test(Hypothesis.equivalence(margin, isRelative), alpha, pair);
      Ends ends = ends(both, isRelative);
      assertThat(ends.low > -margin && ends.high < margin).isEqualTo(equivalent < alpha);
      Inference one =
          test(Hypothesis.nonInferiority(Alternative.GREATER, margin, isRelative), alpha, pair);
      assertThat(ends(one, isRelative).low > -margin).isEqualTo(notBelow < alpha);
      Inference other =
          test(Hypothesis.nonInferiority(Alternative.LESS, margin, isRelative), alpha, pair);
      assertThat(ends(other, isRelative).high < margin).isEqualTo(notAbove < alpha);
    }
  }

  /** Of an interval; none where the level is not clear of zero. */
  private record Ends(double low, double high) {}

  private static Ends ends(Inference inference, boolean isRelative) {
    return isRelative
        ? inference
            .relative()
            .map(lift -> new Ends(lift.low(), lift.high()))
            .orElse(new Ends(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
        : new Ends(inference.absolute().low(), inference.absolute().high());
  }

  private static double pValue(Hypothesis hypothesis, ArmPair pair) {
    return test(hypothesis, 0.05, pair).absolute().pValue();
  }

  private static Inference test(Hypothesis hypothesis, double alpha, ArmPair pair) {
    return EffectTest.of(hypothesis, alpha, Distribution.T).test(pair);
  }

  /**
   * A known printout: t = 1.9988, df = 95.801, p-value = 0.04846, 90 percent interval 0.3464 to
   * 3.7521, means 51.42307 and 49.37384. With 49 units an arm the variances that give these t and
   * df are the roots of a quadratic.
   */
  @Test
  void aKnownPrintoutIsReproduced() {
    double difference = 51.42307 - 49.37384;
    double total = Math.pow(difference / 1.9988, 2);
    double degrees = 95.801;
    double share = (1 + Math.sqrt(2 * 48 / degrees - 1)) / 2;
    CrossMoments variant = Samples.summary(49, 51.42307, share * total * 49);
    CrossMoments control = Samples.summary(49, 49.37384, (1 - share) * total * 49);
    Inference inference =
        test(TWO_SIDED, 0.1, Estimator.unadjusted(control, variant, Estimand.mean(0, List.of())));
    assertThat(inference.statistic()).isCloseTo(1.9988, within(5e-5));
    assertThat(inference.degreesOfFreedom()).isCloseTo(95.801, within(5e-4));
    Effect effect = inference.absolute();
    assertThat(String.format(Locale.ROOT, "%.5f", effect.pValue())).isEqualTo("0.04846");
    assertThat(String.format(Locale.ROOT, "%.4f", effect.low())).isEqualTo("0.3464");
    assertThat(String.format(Locale.ROOT, "%.4f", effect.high())).isEqualTo("3.7521");
  }

  @ParameterizedTest
  @EnumSource(Alternative.class)
  void theLiftExcludesZeroWhereTheTestRejects(Alternative alternative) {
    int rejected = 0;
    int empty = 0;
    for (RandomPair random : RandomPair.many(5_000)) {
      ArmPair pair = random.pair();
      for (Distribution distribution : Distribution.values()) {
        EffectTest test =
            EffectTest.of(Hypothesis.superiority(alternative), random.alpha(), distribution);
        Inference inference = test.test(pair);
        boolean rejects = inference.absolute().pValue() < random.alpha();
        Effect effect = inference.absolute();
        assertThat(effect.low() > 0 || effect.high() < 0).as("%s", random).isEqualTo(rejects);
        if (inference.relative().isEmpty()) {
          empty++;
          continue;
        }
        Inference.Lift lift = inference.relative().get();
        assertThat(lift.low() > 0 || lift.high() < 0).as("%s %s", random, lift).isEqualTo(rejects);
        assertThat(lift.effect()).isBetween(lift.low(), lift.high());
        assertThat(Math.signum(lift.effect())).isEqualTo(Math.signum(effect.effect()));
        rejected += rejects ? 1 : 0;
      }
    }
    assertThat(rejected).isGreaterThan(500);
    assertThat(empty).isGreaterThan(500);
  }

  /** The lift is empty where zero is in the control's own interval. */
  @Test
  void aLevelThatMayBeZeroHasNoLift() {
    for (RandomPair random : RandomPair.many(2_000)) {
      ArmPair pair = random.pair();
      double alpha = random.alpha();
      double critical = StudentDistribution.upperQuantile(alpha / 2, pair.degreesOfFreedom(1));
      boolean isClear = Math.abs(pair.control()) > critical * Math.sqrt(pair.controlVariance());
      assertThat(test(TWO_SIDED, alpha, pair).relative().isPresent()).isEqualTo(isClear);
    }
  }

  /** The ends are where the test of variant = (1 + lift |control|) just rejects, by halving. */
  @Test
  void theLiftsAreThoseThatTheTestDoesNotReject() {
    int compared = 0;
    for (RandomPair random : RandomPair.many(300)) {
      ArmPair pair = random.pair();
      Inference inference = test(TWO_SIDED, random.alpha(), pair);
      if (inference.relative().isEmpty()) {
        continue;
      }
      Inference.Lift lift = inference.relative().get();
      double degrees = inference.degreesOfFreedom();
      double scale = lift.high() - lift.low();
      double far = 1e6 * scale;
      double low = edge(pair, random.alpha(), degrees, lift.effect(), lift.effect() - far);
      double high = edge(pair, random.alpha(), degrees, lift.effect(), lift.effect() + far);
      assertThat(lift.low()).as("%s", random).isCloseTo(low, within(1e-7 * scale));
      assertThat(lift.high()).as("%s", random).isCloseTo(high, within(1e-7 * scale));
      compared++;
    }
    assertThat(compared).isGreaterThan(100);
  }

  private static double edge(
      ArmPair pair, double alpha, double degrees, double inside, double outside) {
    double in = inside;
    double out = outside;
    for (int step = 0; step < 100; step++) {
      double middle = (in + out) / 2;
      double factor = 1 + middle * Math.signum(pair.control());
      double statistic = (pair.variant() - factor * pair.control()) / pair.standardError(factor);
      if (StudentDistribution.pValue(statistic, degrees, Alternative.TWO_SIDED) < alpha) {
        out = middle;
      } else {
        in = middle;
      }
    }
    return in;
  }

  /** In the ratio of the arms the digits of a lift of 1e-10 would be lost. */
  @ParameterizedTest
  @ValueSource(doubles = {1e3, 1e6, 1e9, -1e9})
  void theLiftKeepsItsDigitsFarFromZero(double level) {
    ArmPair pair =
        Estimator.unadjusted(
            Samples.summary(100, level, 25),
            Samples.summary(120, level + 2, 25),
            Estimand.mean(0, List.of()));
    Inference inference = test(TWO_SIDED, 0.05, pair);
    Inference.Lift lift = inference.relative().orElseThrow();
    Effect effect = inference.absolute();
    double size = Math.abs(level);
    assertThat(lift.low() * size).isCloseTo(effect.low(), within(0.01));
    assertThat(lift.high() * size).isCloseTo(effect.high(), within(0.01));
    assertThat(lift.low()).isPositive();
  }

  @Test
  void whatCannotBeTestedIsRefused() {
    ArmPair constant =
        Estimator.unadjusted(
            Samples.summary(5, 1, 0), Samples.summary(5, 2, 0), Estimand.mean(0, List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> test(TWO_SIDED, 0.05, constant));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EffectTest.of(TWO_SIDED, 0, Distribution.T));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EffectTest.of(TWO_SIDED, 0.6, Distribution.T));
    assertThatIllegalArgumentException().isThrownBy(() -> Hypothesis.equivalence(0, false));
    assertThatIllegalArgumentException().isThrownBy(() -> Hypothesis.equivalence(-1, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hypothesis.equivalence(Double.POSITIVE_INFINITY, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hypothesis.nonInferiority(Alternative.TWO_SIDED, 1, false));
  }

  /** One arm may be constant: all the scatter is then the other's. */
  @Test
  void oneConstantArmIsTested() {
    ArmPair pair =
        Estimator.unadjusted(
            Samples.summary(10, 5, 0), Samples.summary(7, 6, 2), Estimand.mean(0, List.of()));
    Inference inference = test(TWO_SIDED, 0.05, pair);
    assertThat(inference.degreesOfFreedom()).isEqualTo(6);
    assertThat(inference.statistic()).isCloseTo(1 / Math.sqrt(2 / 7.0), within(1e-12));
  }

  @Test
  void anotherLevelChangesTheIntervalAlone() {
    ArmPair pair =
        Estimator.unadjusted(
            Samples.summary(20, 5, 3), Samples.summary(30, 6, 2), Estimand.mean(0, List.of()));
    EffectTest test = EffectTest.of(TWO_SIDED, 0.05, Distribution.T);
    Inference wide = test.at(0.001).test(pair);
    Inference narrow = test.test(pair);
    assertThat(wide.absolute().pValue()).isEqualTo(narrow.absolute().pValue());
    assertThat(wide.absolute().low()).isLessThan(narrow.absolute().low());
    assertThat(test.at(0.001).alpha()).isEqualTo(0.001);
    assertThat(test.hypothesis()).isEqualTo(TWO_SIDED);
  }
}
