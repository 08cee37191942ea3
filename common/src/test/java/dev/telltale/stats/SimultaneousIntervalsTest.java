package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.SimultaneousIntervals.Confidence;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimultaneousIntervalsTest {
  private static final double ALPHA = 0.1;

  private static ConfidenceInterval normal(double estimate, double level) {
    double half = level < 1 ? StandardNormal.upperQuantile((1 - level) / 2) : Double.NaN;
    return new ConfidenceInterval(estimate - half, estimate + half, level);
  }

  private static double[] pValues(double[] estimates) {
    return Arrays.stream(estimates)
        .map(z -> StandardNormal.pValue(z, Alternative.TWO_SIDED))
        .toArray();
  }

  private static double[] drawn(Random random, double[] means) {
    return Arrays.stream(means).map(mean -> mean + random.nextGaussian()).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void anIntervalExcludesTheNullValueExactlyIfTheTestRejects(MultipleTesting correction) {
    Random random = new Random(1);
    for (int run = 0; run < 2000; run++) {
      double[] means = new double[1 + random.nextInt(8)];
      for (int i = 0; i < means.length; i++) {
        means[i] = random.nextBoolean() ? 0 : 3 * random.nextGaussian();
      }
      double[] estimates = drawn(random, means);
      double[] p = pValues(estimates);
      double[] adjusted = correction.adjust(p);
      List<Confidence> confidences = SimultaneousIntervals.of(correction, p, ALPHA);
      for (int i = 0; i < p.length; i++) {
        ConfidenceInterval interval = interval(confidences.get(i), estimates[i]);
        assertThat(interval.low() >= 0 || interval.high() <= 0)
            .as("%s of %s", estimates[i], Arrays.toString(p))
            .isEqualTo(adjusted[i] < ALPHA);
        assertThat(interval.contains(estimates[i])).isTrue();
      }
    }
  }

  private static ConfidenceInterval interval(Confidence confidence, double estimate) {
    return confidence.apply(normal(estimate, confidence.level()), estimate, 0);
  }

  /** All of Bonferroni, Holm and Hochberg hold at once, and of the others the share that misses. */
  @ParameterizedTest
  @EnumSource
  void theIntervalsHoldAsOftenAsTheySay(MultipleTesting correction) {
    Random random = new Random(2);
    double[] means = {0, 0, 0.5, 1, 2, 3, -4, 0};
    int runs = 5000;
    double missed = 0;
    for (int run = 0; run < runs; run++) {
      double[] estimates = drawn(random, means);
      double[] p = pValues(estimates);
      double[] adjusted = correction.adjust(p);
      List<Confidence> confidences = SimultaneousIntervals.of(correction, p, ALPHA);
      int misses = 0;
      int selected = 0;
      for (int i = 0; i < means.length; i++) {
        boolean counts = !correction.controlsFalseDiscoveryRate() || adjusted[i] < ALPHA;
        ConfidenceInterval interval = interval(confidences.get(i), estimates[i]);
        // Cut at the null value it claims a side, so that the value itself is missed.
        boolean holds =
            interval.contains(means[i]) && !(confidences.get(i).cutAtNull() && means[i] == 0);
        misses += counts && !holds ? 1 : 0;
        selected += counts ? 1 : 0;
      }
      missed +=
          correction.controlsFalseDiscoveryRate()
              ? (double) misses / Math.max(1, selected)
              : misses > 0 ? 1 : 0;
    }
    assertThat(missed / runs).isBetween(0.01, ALPHA + 4 * Math.sqrt(ALPHA / runs));
  }

  @Test
  void theLevelsAreThoseOfTheSources() {
    double[] p = {0.001, 0.02, 0.03, 0.5};
    assertThat(SimultaneousIntervals.of(MultipleTesting.BONFERRONI, p, 0.05))
        .containsOnly(new Confidence(1 - 0.05 / 4, false));
    assertThat(SimultaneousIntervals.of(MultipleTesting.HOLM, p, 0.05))
        .containsExactly(
            new Confidence(1, true),
            new Confidence(1 - 0.05 / 3, false),
            new Confidence(1 - 0.05 / 3, false),
            new Confidence(1 - 0.05 / 3, false));
    assertThat(SimultaneousIntervals.of(MultipleTesting.HOCHBERG, new double[] {0.04, 0.049}, 0.05))
        .containsOnly(new Confidence(1 - 0.05 / 2, true));
    assertThat(SimultaneousIntervals.of(MultipleTesting.BENJAMINI_HOCHBERG, p, 0.05))
        .containsOnly(new Confidence(1 - 3 * 0.05 / 4, false));
    assertThat(
            SimultaneousIntervals.of(MultipleTesting.BENJAMINI_YEKUTIELI, p, 0.05).get(0).level())
        .isCloseTo(1 - 0.05 / 4 / (25.0 / 12), within(1e-15));
  }

  @Test
  void theCutIsOnTheSideOfTheEstimate() {
    Confidence line = new Confidence(1, true);
    ConfidenceInterval any = new ConfidenceInterval(-1, 1, 0.95);
    assertThat(line.apply(any, 1.2, 1))
        .isEqualTo(new ConfidenceInterval(1, Double.POSITIVE_INFINITY, 1));
    assertThat(line.apply(any, 0.8, 1))
        .isEqualTo(new ConfidenceInterval(Double.NEGATIVE_INFINITY, 1, 1));
    assertThat(new Confidence(0.95, true).apply(any, 0.4, 0))
        .isEqualTo(new ConfidenceInterval(0, 1, 0.95));
    assertThat(new Confidence(0.95, false).apply(any, 0.4, 0)).isEqualTo(any);
  }

  @ParameterizedTest
  @EnumSource
  void aFamilyOfOneHasTheLevelOfItsTest(MultipleTesting correction) {
    for (double p : new double[] {0.01, 0.5}) {
      assertThat(SimultaneousIntervals.of(correction, new double[] {p}, 0.05).get(0).level())
          .isEqualTo(0.95);
    }
    assertThat(SimultaneousIntervals.of(correction, new double[0], 0.05)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SimultaneousIntervals.of(correction, new double[0], 0))
        .withMessage("Not an alpha: 0.0");
  }
}
