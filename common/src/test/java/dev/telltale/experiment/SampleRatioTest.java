package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class SampleRatioTest {
  @ParameterizedTest
  @CsvFileSource(resources = "sample-ratios.csv", useHeadersInDisplayName = true)
  void theNumbersAreThoseOfSciPy(
      String units, String shares, double statistic, int degrees, double p) {
    SampleRatio ratio = SampleRatio.of(Numbers.counts(units), Numbers.doubles(shares));
    assertThat(ratio.statistic()).isCloseTo(statistic, within(1e-10 * statistic));
    assertThat(ratio.degreesOfFreedom()).isEqualTo(degrees);
    assertThat(ratio.pValue()).isCloseTo(p, within(1e-10 * p));
    assertThat(ratio.isMismatch()).isEqualTo(p < 0.001);
  }

  @Test
  void variantsWithoutAShareTakeNoPart() {
    SampleRatio with = SampleRatio.of(new long[] {510, 7, 490}, new double[] {0.5, 0, 0.5});
    assertThat(with).isEqualTo(SampleRatio.of(new long[] {510, 490}, new double[] {0.5, 0.5}));
  }

  @Test
  void aSingleVariantOrNoUnitsAreNoMismatch() {
    SampleRatio one = SampleRatio.of(new long[] {510}, new double[] {1});
    assertThat(one).isEqualTo(new SampleRatio(0, 0, 1));
    assertThat(SampleRatio.of(new long[] {3, 0}, new double[] {1, 0}))
        .isEqualTo(new SampleRatio(0, 0, 1));
    assertThat(SampleRatio.of(new long[2], new double[] {0.5, 0.5}))
        .isEqualTo(new SampleRatio(0, 1, 1));
  }

  @Test
  void sharesSumToOne() {
    long[] units = {10, 10, 10};
    assertThat(SampleRatio.of(units, new double[] {0.3333333, 0.3333333, 0.3333333}).pValue())
        .isCloseTo(1, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleRatio.of(units, new double[] {0.3, 0.3, 0.3}))
        .withMessageContaining("not to 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleRatio.of(units, new double[] {1.5, -0.5, 0}))
        .withMessageContaining("at least 0, not -0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleRatio.of(units, new double[] {Double.NaN, 0.5, 0.5}));
  }
}
