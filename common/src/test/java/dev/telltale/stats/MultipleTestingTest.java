package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class MultipleTestingTest {
  @ParameterizedTest
  @CsvFileSource(resources = "multiple-testing.csv", useHeadersInDisplayName = true)
  void adjustedPValuesAreThoseOfStatsmodels(
      String p,
      String benjaminiHochberg,
      String benjaminiYekutieli,
      String holm,
      String hochberg,
      String bonferroni) {
    double[] family = Numbers.doubles(p);
    assertAdjusted(MultipleTesting.BENJAMINI_HOCHBERG, family, benjaminiHochberg);
    assertAdjusted(MultipleTesting.BENJAMINI_YEKUTIELI, family, benjaminiYekutieli);
    assertAdjusted(MultipleTesting.HOLM, family, holm);
    assertAdjusted(MultipleTesting.HOCHBERG, family, hochberg);
    assertAdjusted(MultipleTesting.BONFERRONI, family, bonferroni);
  }

  private static void assertAdjusted(MultipleTesting method, double[] family, String expected) {
    // A product and a quotient, in another order.
    assertThat(method.adjust(family)).containsExactly(Numbers.doubles(expected), within(1e-14));
  }

  @Property
  void adjustedPValuesKeepTheOrderAndAreNeverSmaller(
      @ForAll MultipleTesting method,
      @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1) Double> family) {
    double[] p = family.stream().mapToDouble(Double::doubleValue).toArray();
    double[] adjusted = method.adjust(p);
    for (int i = 0; i < p.length; i++) {
      // A product that is divided again may lose its last digit.
      assertThat(adjusted[i]).isBetween(p[i] * (1 - 1e-15), 1.0);
      for (int j = 0; j < p.length; j++) {
        assertThat(p[i] < p[j] && adjusted[i] > adjusted[j]).isFalse();
      }
    }
  }

  @Property
  void theOrderOfTheFamilyDoesNotCount(
      @ForAll MultipleTesting method,
      @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1) Double> family) {
    double[] p = family.stream().mapToDouble(Double::doubleValue).toArray();
    double[] sorted = p.clone();
    Arrays.sort(sorted);
    double[] adjusted = method.adjust(p);
    Arrays.sort(adjusted);
    assertThat(adjusted).containsExactly(method.adjust(sorted));
  }

  @ParameterizedTest
  @EnumSource
  void aFamilyOfOneOrNoneStaysAsItIs(MultipleTesting method) {
    assertThat(method.adjust(new double[] {0.04})).containsExactly(0.04);
    assertThat(method.adjust(new double[0])).isEmpty();
  }

  @Test
  void theArgumentStaysAsItIs() {
    double[] p = {0.5, 0.01, 0.02};
    assertThat(MultipleTesting.BENJAMINI_HOCHBERG.adjust(p))
        .containsExactly(new double[] {0.5, 0.03, 0.03}, within(1e-15)); // one rounding
    assertThat(p).containsExactly(0.5, 0.01, 0.02);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoPValueIsRefused(MultipleTesting method) {
    assertThatThrownBy(() -> method.adjust(new double[] {0.1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a p-value: NaN");
    assertThatThrownBy(() -> method.adjust(new double[] {-0.1})).hasMessage("Not a p-value: -0.1");
    assertThatThrownBy(() -> method.adjust(new double[] {1.1})).hasMessage("Not a p-value: 1.1");
  }
}
