package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentDistributionTest {
  @ParameterizedTest
  @CsvFileSource(resources = "student.csv", useHeadersInDisplayName = true)
  void tailsAreThoseOfSciPy(double degrees, double t, double tail) {
    assertThat(StudentDistribution.upperTail(t, degrees)).isCloseTo(tail, within(1e-10 * tail));
    assertThat(StudentDistribution.pValue(t, degrees, Alternative.GREATER))
        .isCloseTo(tail, within(1e-10 * tail));
    assertThat(StudentDistribution.pValue(-t, degrees, Alternative.LESS))
        .isCloseTo(tail, within(1e-10 * tail));
    double both = 2 * Math.min(tail, 1 - tail);
    assertThat(StudentDistribution.pValue(t, degrees, Alternative.TWO_SIDED))
        .isCloseTo(both, within(1e-9 * both));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "student-quantiles.csv", useHeadersInDisplayName = true)
  void quantilesAreThoseOfSciPy(double degrees, double p, double t) {
    assertThat(StudentDistribution.upperQuantile(p, degrees))
        .isCloseTo(t, within(1e-10 * t + 1e-14));
    assertThat(StudentDistribution.upperTail(t, degrees)).isCloseTo(p, within(1e-10 * p));
  }

  /** On both sides of the change of method, and at the limit. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 2, 7, 20})
  void methodsMeet(double t) {
    double below = StudentDistribution.upperTail(t, 1e4);
    double above = StudentDistribution.upperTail(t, Math.nextUp(1e4));
    assertThat(above).isCloseTo(below, within(2e-11 * below));
    double normal = StandardNormal.upperTail(t);
    assertThat(StudentDistribution.upperTail(t, 1e15)).isCloseTo(normal, within(1e-9 * normal));
    assertThat(StudentDistribution.upperTail(t, Double.POSITIVE_INFINITY)).isEqualTo(normal);
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertThat(StudentDistribution.upperTail(Double.NaN, 3)).isNaN();
    assertThat(StudentDistribution.upperTail(1, Double.NaN)).isNaN();
    assertThat(StudentDistribution.upperTail(Double.POSITIVE_INFINITY, 3)).isZero();
    assertThat(StudentDistribution.upperTail(Double.POSITIVE_INFINITY, 1e6)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StudentDistribution.upperQuantile(0.6, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> StudentDistribution.upperQuantile(0, 3));
  }
}
