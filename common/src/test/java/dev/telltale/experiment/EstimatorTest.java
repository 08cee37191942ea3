package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Numbers;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class EstimatorTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(
      resources = "estimators.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void estimatesAreThoseOfLeastSquares(
      String name,
      Adjustment adjustment,
      boolean isRatio,
      int covariates,
      String control,
      String variant,
      String plain,
      String adjusted,
      String covariance,
      String theta,
      double effect) {
    int outcomes = isRatio ? 2 : 1;
    int columns = outcomes + covariates;
    Estimand estimand =
        new Estimand(0, isRatio ? 1 : Estimand.NONE, Samples.columns(outcomes, covariates));
    CrossMoments c = Samples.moments(columns, Numbers.doubles(control));
    CrossMoments v = Samples.moments(columns, Numbers.doubles(variant));

    ArmPair raw = Estimator.unadjusted(c, v, estimand);
    double[] expected = Numbers.doubles(plain);
    assertNear(raw.control(), expected[0]);
    assertNear(raw.controlVariance(), expected[1]);
    assertNear(raw.variant(), expected[2]);
    assertNear(raw.variantVariance(), expected[3]);
    assertThat(raw.covariance()).isZero();

    ArmPair pair = Estimator.adjusted(c, v, estimand, adjustment);
    double[] values = Numbers.doubles(adjusted);
    assertNear(pair.control(), values[0]);
    assertNear(pair.variant(), values[1]);
    assertNear(pair.difference(), effect);
    double[] scatter = Numbers.doubles(covariance);
    assertNear(pair.controlVariance(), scatter[0]);
    assertNear(pair.variantVariance(), scatter[1]);
    assertNear(pair.covariance(), scatter[2]);
    assertThat(pair.standardError(1)).isLessThan(0.7 * raw.standardError(1));
    double[] coefficients = Numbers.doubles(theta);
    // Coefficients of collinear covariates depend on their scaling; the estimates do not.
    if (!name.startsWith("collinear")) {
      for (int i = 0; i < coefficients.length; i++) {
        assertNear(pair.theta().get(i), coefficients[i]);
      }
    }
    assertThat(pair.theta()).hasSize(coefficients.length);
  }

  private static void assertNear(double value, double expected) {
    assertThat(value).isCloseTo(expected, within(1e-9 * Math.abs(expected) + 1e-13));
  }

  /** A covariate that says nothing new costs nothing: not even a degree of freedom. */
  @ParameterizedTest
  @EnumSource(Adjustment.class)
  void covariatesThatSayNothingChangeNothing(Adjustment adjustment) {
    CrossMoments control = drawn(1, 40);
    CrossMoments variant = drawn(2, 30);
    ArmPair one = Estimator.adjusted(control, variant, Estimand.mean(0, List.of(1)), adjustment);
    ArmPair more =
        Estimator.adjusted(control, variant, Estimand.mean(0, List.of(1, 2, 3)), adjustment);
    assertThat(more.variant()).isCloseTo(one.variant(), within(1e-12));
    assertThat(more.standardError(1)).isCloseTo(one.standardError(1), within(1e-12));
    assertThat(more.degreesOfFreedom(1)).isCloseTo(one.degreesOfFreedom(1), within(1e-9));
  }

  /** A metric, a covariate, a constant, and twice the covariate. */
  private static CrossMoments drawn(long seed, int units) {
    SplittableRandom random = new SplittableRandom(seed);
    CrossMoments moments = new CrossMoments(4);
    for (int unit = 0; unit < units; unit++) {
      double x = Samples.normal(random);
      moments.add(new double[] {x + Samples.normal(random), x, 7, 2 * x});
    }
    return moments;
  }

  @Test
  void fewerUnitsThanCoefficientsAreRefused() {
    CrossMoments control = drawn(3, 2);
    CrossMoments variant = drawn(4, 30);
    Estimand estimand = Estimand.mean(0, List.of(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Estimator.adjusted(control, variant, estimand, Adjustment.INTERACTED))
        .withMessage("too few units to adjust for covariates");
    assertThat(Estimator.adjusted(control, variant, estimand, Adjustment.CUPED).theta()).hasSize(1);
  }

  @Test
  void ratiosWithoutADenominatorAreNoNumber() {
    CrossMoments zero = Samples.moments(2, 1, 0, 2, 0);
    assertThat(Estimand.ratio(0, 1, List.of()).value(zero)).isNaN();
  }
}
