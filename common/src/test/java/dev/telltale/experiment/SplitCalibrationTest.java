package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SplitCalibrationTest {
  private static final int SPLITS = 1_000;

  @Test
  void uniformPValuesAreCalibrated() {
    Random random = new Random(1);
    SplitCalibration found = calibration(i -> random.nextDouble());
    assertThat(found.verdict()).isEqualTo(SplitCalibration.Verdict.CALIBRATED);
    assertThat(found.uniformPValue()).isGreaterThan(0.01);
    assertThat(found.coverage()).isEqualTo(1 - found.rate());
    // SciPy 1.17.1: binom(1000, .05).ppf([.005, .995]) = 33, 69.
    assertThat(found.low()).isEqualTo(0.033);
    assertThat(found.high()).isEqualTo(0.069);
    assertThat(found.because())
        .contains("of 1,000 splits without a difference reject at 0.05: within the 3.3 to 6.9 %");
  }

  @Test
  void smallPValuesAreTooManyAndLargeOnesTooFew() {
    Random random = new Random(2);
    SplitCalibration many = calibration(i -> Math.pow(random.nextDouble(), 1.3));
    assertThat(many.verdict()).isEqualTo(SplitCalibration.Verdict.TOO_MANY);
    assertThat(many.uniformPValue()).isLessThan(0.001);
    SplitCalibration few = calibration(i -> Math.sqrt(random.nextDouble()));
    assertThat(few.verdict()).isEqualTo(SplitCalibration.Verdict.TOO_FEW);
    assertThat(few.because()).contains("below the 3.3 to 6.9 %");
  }

  @Test
  void splitsWithoutATestAreCountedAndFewAreNotJudged() {
    Random random = new Random(3);
    SplitCalibration some = calibration(i -> i % 2 == 0 ? Double.NaN : random.nextDouble());
    assertThat(some.splits()).isEqualTo(500);
    assertThat(some.untested()).isEqualTo(500);
    assertThat(some.rate()).isCloseTo((double) some.falsePositives() / 500, within(1e-12));
    SplitCalibration none = calibration(i -> i < 950 ? Double.NaN : 0.5);
    assertThat(none.verdict()).isEqualTo(SplitCalibration.Verdict.INSUFFICIENT_DATA);
    assertThat(none.because()).isEqualTo("Only 50 of 1,000 splits could be tested.");
  }

  private static SplitCalibration calibration(IntToDoubleFunction pValue) {
    double[] pValues = new double[SPLITS];
    boolean[] covered = new boolean[SPLITS];
    Arrays.setAll(pValues, pValue);
    for (int i = 0; i < SPLITS; i++) {
      covered[i] = pValues[i] >= 0.05;
    }
    return SplitCalibration.of(pValues, covered, 0.05);
  }
}
