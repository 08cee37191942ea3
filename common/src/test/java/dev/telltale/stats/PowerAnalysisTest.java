package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.PowerAnalysis.Distribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class PowerAnalysisTest {
  private static final PowerAnalysis PLAIN = new PowerAnalysis(0.05, true, 1, Distribution.NORMAL);

  @ParameterizedTest
  @CsvFileSource(resources = "powers.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfStatsmodels(
      Distribution distribution,
      double alpha,
      boolean twoSided,
      double ratio,
      double effect,
      double n,
      double power,
      Double solved) {
    PowerAnalysis analysis = new PowerAnalysis(alpha, twoSided, ratio, distribution);
    assertThat(analysis.power(effect, n)).isCloseTo(power, within(1e-10));
    assertThat(analysis.power(-effect, n)).isEqualTo(analysis.power(effect, n));
    if (solved != null) {
      assertThat(analysis.controlUnits(effect, power)).isCloseTo(solved, within(1e-8 * solved));
      assertThat(analysis.detectableEffect(n, power)).isCloseTo(effect, within(1e-8 * effect));
    }
  }

  /** SciPy 1.17.1: stats.nct.sf(t, df, shift). */
  @ParameterizedTest
  @CsvSource({
    "2.0, 1.0, 1.0, 0.3771280355397183",
    "2.0, 1.5, 1.0, 0.3250913772408811",
    "3.0, 2.2, -1.0, 0.0064805108934028",
    "2.5, 7.0, 3.0, 0.6905169271875609",
    "-1.0, 30.0, 0.5, 0.9305075957958386"
  })
  void theNoncentralTailIsThatOfSciPy(double t, double freedom, double shift, double tail) {
    assertThat(NoncentralStudent.upperTail(t, freedom, shift)).isCloseTo(tail, within(1e-10));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "dunnett.csv", useHeadersInDisplayName = true)
  void dunnettsAlphaIsThatOfTheIntegral(
      double alpha, boolean twoSided, double ratio, int variants, double each) {
    PowerAnalysis analysis = new PowerAnalysis(alpha, twoSided, ratio, Distribution.NORMAL);
    assertThat(analysis.dunnett(variants).alpha()).isCloseTo(each, within(1e-10));
    assertThat(analysis.dunnett(variants).alpha())
        .isBetween(analysis.bonferroni(variants).alpha() - 1e-12, alpha);
  }

  /** The textbook formula of unpooled proportions, without the wrong side. */
  @Test
  void proportionsFollowTheFormula() {
    PowerAnalysis analysis = new PowerAnalysis(0.05, false, 2, Distribution.NORMAL);
    double effect = analysis.standardizedProportions(0.1, 0.12);
    double z = 1.6448536269514722 + 0.8416212335729143;
    double expected = z * z * (0.1 * 0.9 + 0.12 * 0.88 / 2) / (0.02 * 0.02);
    assertThat(analysis.controlUnits(effect, 0.8)).isCloseTo(expected, within(1e-8 * expected));
    double error = Math.sqrt(0.1 * 0.9 / 3000 + 0.12 * 0.88 / 6000);
    assertThat(analysis.power(effect, 3000))
        .isCloseTo(StandardNormal.upperTail(1.6448536269514722 - 0.02 / error), within(1e-12));
    assertThat(analysis.detectableProportion(0.1, true, expected, 0.8))
        .isCloseTo(0.12, within(1e-9));
    double below = analysis.detectableProportion(0.1, false, expected, 0.8);
    assertThat(analysis.power(analysis.standardizedProportions(0.1, below), expected))
        .isCloseTo(0.8, within(1e-9));
    assertThat(below).isBetween(0.08, 0.1);
  }

  @Test
  void whatNoProportionReachesIsNoNumber() {
    assertThat(PLAIN.detectableProportion(0.01, false, 20, 0.9)).isNaN();
    assertThat(PLAIN.detectableProportion(0.99, true, 20, 0.9)).isNaN();
  }

  @Test
  void variancesCountByTheUnitsThatHaveThem() {
    PowerAnalysis analysis = new PowerAnalysis(0.05, true, 4, Distribution.NORMAL);
    assertThat(analysis.standardized(3, 9, 9)).isCloseTo(1, within(1e-15));
    double effect = analysis.standardized(1, 2, 8);
    double error = Math.sqrt(2.0 / 100 + 8.0 / 400);
    assertThat(analysis.power(effect, 100))
        .isCloseTo(
            StandardNormal.upperTail(1.959963984540054 - 1 / error)
                + StandardNormal.upperTail(1.959963984540054 + 1 / error),
            within(1e-12));
  }

  @Test
  void clustersAndCovariatesMultiplyTheUnits() {
    assertThat(PowerAnalysis.designEffect(20, 0.05, 0)).isCloseTo(1.95, within(1e-15));
    assertThat(PowerAnalysis.designEffect(20, 0.05, 0.5)).isCloseTo(2.2, within(1e-15));
    assertThat(PowerAnalysis.designEffect(1, 0.9, 0)).isEqualTo(1);
    assertThat(PowerAnalysis.covariateFactor(0.6)).isCloseTo(0.64, within(1e-15));
    assertThat(PowerAnalysis.covariateFactor(-1)).isZero();
  }

  @Test
  void theEndsOfWhatIsPossible() {
    assertThat(PLAIN.controlUnits(0, 0.8)).isInfinite();
    assertThat(PLAIN.controlUnits(1e-9, 0.8)).isInfinite();
    PowerAnalysis student = new PowerAnalysis(0.05, true, 1, Distribution.STUDENT);
    assertThat(student.controlUnits(1000, 0.8)).isCloseTo(1.5, within(1e-9));
    assertThat(student.power(0, 10)).isCloseTo(0.05, within(1e-11));
    assertThat(student.power(0.001, 1e8)).isCloseTo(PLAIN.power(0.001, 1e8), within(1e-7));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerAnalysis(0, true, 1, Distribution.NORMAL))
        .withMessage("Not possible as alpha: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerAnalysis(0.05, true, 0, Distribution.NORMAL))
        .withMessage("Not possible as ratio: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.controlUnits(0.1, 0.05))
        .withMessage("Not possible as power: 0.05");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.power(0.1, 0))
        .withMessage("Not possible as number of units: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.standardizedProportions(0, 0.1))
        .withMessage("Not possible as proportion: 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerAnalysis(0.05, true, 1, Distribution.STUDENT).power(0.1, 1.2))
        .withMessageStartingWith("Not possible as degrees of freedom: 0.3");
  }
}
