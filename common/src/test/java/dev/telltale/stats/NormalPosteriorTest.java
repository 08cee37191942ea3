package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class NormalPosteriorTest {
  @ParameterizedTest
  @CsvFileSource(resources = "normal-posteriors.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfTheIntegrals(
      double estimate,
      double standardError,
      double priorMean,
      double priorDeviation,
      double mean,
      double deviation,
      double low,
      double high,
      double above,
      double lossBelow,
      double lossAbove) {
    NormalPosterior posterior =
        NormalPosterior.of(estimate, standardError, priorMean, priorDeviation);
    assertThat(posterior.mean()).isCloseTo(mean, within(1e-13 * Math.abs(mean)));
    assertThat(posterior.deviation()).isCloseTo(deviation, within(1e-13 * deviation));
    assertThat(posterior.interval(0.9).low()).isCloseTo(low, within(1e-12 * deviation));
    assertThat(posterior.interval(0.9).high()).isCloseTo(high, within(1e-12 * deviation));
    assertThat(posterior.interval(0.9).level()).isEqualTo(0.9);
    assertThat(posterior.chanceToWin(true)).isCloseTo(above, within(1e-12 * above));
    assertThat(posterior.chanceToWin(false)).isCloseTo(1 - above, within(1e-12));
    assertThat(posterior.lossOfVariant(true)).isCloseTo(lossBelow, within(1e-9 * lossBelow));
    assertThat(posterior.lossOfControl(true)).isCloseTo(lossAbove, within(1e-9 * lossAbove));
    assertThat(posterior.lossOfVariant(false)).isEqualTo(posterior.lossOfControl(true));
    assertThat(posterior.lossOfControl(false)).isEqualTo(posterior.lossOfVariant(true));
  }

  /** Effects drawn from the prior are inside, won and lost as often and as much as said. */
  @Test
  void itIsCalibrated() {
    SplittableRandom random = new SplittableRandom(2);
    int trials = 100_000;
    double inside = 0;
    double wins = 0;
    double saidWins = 0;
    double loss = 0;
    double saidLoss = 0;
    for (int trial = 0; trial < trials; trial++) {
      double effect = 0.1 + 0.5 * random.nextGaussian();
      NormalPosterior posterior =
          NormalPosterior.of(effect + 0.7 * random.nextGaussian(), 0.7, 0.1, 0.5);
      inside += posterior.interval(0.8).contains(effect) ? 1 : 0;
      wins += effect > 0 ? 1 : 0;
      saidWins += posterior.chanceToWin(true);
      loss += Math.max(0, -effect);
      saidLoss += posterior.lossOfVariant(true);
    }
    assertThat(inside / trials).isCloseTo(0.8, within(0.004));
    assertThat(saidWins / trials).isCloseTo(wins / trials, within(0.004));
    assertThat(saidLoss / trials).isCloseTo(loss / trials, within(0.003));
  }

  @Test
  void aWidePriorLeavesTheEstimateAndANarrowOneThePrior() {
    NormalPosterior wide = NormalPosterior.of(3, 2, 0, 1e200);
    assertThat(wide).isEqualTo(new NormalPosterior(3, 2));
    NormalPosterior narrow = NormalPosterior.of(3, 1e200, 1, 0.5);
    assertThat(narrow).isEqualTo(new NormalPosterior(1, 0.5));
    NormalPosterior equal = NormalPosterior.of(3, 1e-200, 1, 1e-200);
    assertThat(equal.mean()).isCloseTo(2, within(1e-12));
  }

  @Test
  void farOutLossesStayPositiveAndTheirDifferenceIsTheMean() {
    NormalPosterior far = new NormalPosterior(-30, 1);
    assertThat(far.lossOfControl(true)).isPositive().isLessThan(1e-190);
    assertThat(far.lossOfVariant(true)).isEqualTo(30);
    assertThat(far.chanceToWin(false)).isOne();
    NormalPosterior near = new NormalPosterior(0.4, 1.3);
    assertThat(near.lossOfControl(true) - near.lossOfVariant(true)).isCloseTo(0.4, within(1e-14));
    assertThat(new NormalPosterior(0, 2).chanceToWin(true)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 1", "Infinity, 1", "0, 0", "0, -1", "0, NaN", "0, Infinity"})
  void whatIsNoNormalDistributionIsRefused(double mean, double deviation) {
    String message = "No normal distribution: mean " + mean + ", deviation " + deviation;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NormalPosterior(mean, deviation))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NormalPosterior.of(mean, deviation, 0, 1))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NormalPosterior.of(0, 1, mean, deviation))
        .withMessage(message);
    assertThatIllegalArgumentException().isThrownBy(() -> new NormalPosterior(0, 1).interval(1));
  }
}
