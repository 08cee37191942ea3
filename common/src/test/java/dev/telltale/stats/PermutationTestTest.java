package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class PermutationTestTest {
  @ParameterizedTest(name = "{index}")
  @CsvFileSource(
      resources = "permutations.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void exactPValuesAreThoseOfSciPy(String control, String variant, double difference, String p) {
    double[] first = Numbers.doubles(control);
    double[] second = Numbers.doubles(variant);
    for (Alternative alternative : Alternative.values()) {
      PermutationTest test = PermutationTest.of(first, second, alternative, 1, 0);
      assertThat(test.exact()).isTrue();
      assertThat(test.difference()).isCloseTo(difference, within(1e-9));
      assertThat(test.pValue()).isCloseTo(Numbers.of(p, alternative), within(1e-12));
      PermutationTest swapped = PermutationTest.of(second, first, alternative.reversed(), 1, 0);
      assertThat(swapped.pValue()).isCloseTo(test.pValue(), within(1e-12));
    }
  }

  /** 20 over 10 is 184,756, which is drawn; the exact p-value is counted here. */
  @ParameterizedTest
  @EnumSource
  void drawsComeNearTheExactPValue(Alternative alternative) {
    double[] all = new SplittableRandom(1).doubles(20).toArray();
    double[] control = java.util.Arrays.copyOf(all, 10);
    double[] variant = java.util.Arrays.copyOfRange(all, 10, 20);
    double observed = java.util.Arrays.stream(variant).sum();
    int greater = 0;
    int less = 0;
    int total = 0;
    for (int set = 0; set < 1 << 20; set++) {
      if (Integer.bitCount(set) == 10) {
        double sum = 0;
        for (int i = 0; i < 20; i++) {
          sum += (set >> i & 1) * all[i];
        }
        greater += sum >= observed - 1e-12 ? 1 : 0;
        less += sum <= observed + 1e-12 ? 1 : 0;
        total++;
      }
    }
    double exact =
        switch (alternative) {
          case TWO_SIDED -> 2.0 * Math.min(greater, less) / total;
          case GREATER -> (double) greater / total;
          case LESS -> (double) less / total;
        };
    PermutationTest test = PermutationTest.of(control, variant, alternative, 20_000, 5);
    assertThat(test.exact()).isFalse();
    assertThat(test.arrangements()).isEqualTo(20_000);
    // Four standard errors of a doubled tail.
    assertThat(test.pValue()).isCloseTo(exact, within(8 * 0.5 / Math.sqrt(20_000)));
    assertThat(PermutationTest.of(control, variant, alternative, 20_000, 5)).isEqualTo(test);
    assertThat(PermutationTest.of(control, variant, alternative, 20_000, 6).pValue())
        .isNotEqualTo(test.pValue());
  }

  @Test
  void aDrawnPValueIsNeverZero() {
    double[] control = new double[30];
    double[] variant = new double[30];
    for (int i = 0; i < 30; i++) {
      control[i] = i;
      variant[i] = 1000 + i;
    }
    assertThat(PermutationTest.of(control, variant, Alternative.GREATER, 99, 1).pValue())
        .isEqualTo(0.01);
    assertThat(PermutationTest.of(control, variant, Alternative.LESS, 99, 1).pValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptySampleTellsNothing(Alternative alternative) {
    PermutationTest test =
        PermutationTest.of(new double[0], new double[] {1, 2}, alternative, 10, 1);
    assertThat(test.pValue()).isEqualTo(1);
    assertThat(test.difference()).isNaN();
  }

  @Test
  void whatCannotBeIsRefused() {
    double[] good = {1, 2};
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PermutationTest.of(good, new double[] {Double.NaN}, Alternative.LESS, 10, 1))
        .withMessage("Not a finite value: NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PermutationTest.of(good, good, Alternative.LESS, 0, 1))
        .withMessage("0 draws");
  }
}
