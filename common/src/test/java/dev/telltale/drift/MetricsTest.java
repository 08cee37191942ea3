package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class MetricsTest {
  /** A few hundred rounded operations; G is a difference of sums of some hundred. */
  private static final double ROUNDING = 1e-11;

  @ParameterizedTest
  @CsvFileSource(
      resources = "numeric.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 10_000)
  void thoseOfNumbersAreThoseOfSciPy(
      String name,
      String reference,
      int missing,
      String current,
      int missingNow,
      String metric,
      double value) {
    Comparison comparison =
        NumericComparison.ofValues(doubles(reference), missing, doubles(current), missingNow);
    if (metric.equals("ks_p")) {
      MetricValue found = comparison.metric(Metrics.KS).orElseThrow();
      assertThat(found.pValue()).hasValueCloseTo(value, within(ROUNDING * value));
    } else {
      MetricValue found = comparison.metric(metric).orElseThrow();
      assertThat(found.value()).as(name).isCloseTo(value, within(ROUNDING * Math.max(1, value)));
      assertThat(found.errorBound()).isZero();
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "categorical.csv", useHeadersInDisplayName = true)
  void thoseOfCategoriesAreThoseOfSciPy(
      String name,
      String reference,
      int missing,
      String current,
      int missingNow,
      String metric,
      double value) {
    Comparison comparison =
        CategoricalComparison.ofCounts(labelled(reference), missing, labelled(current), missingNow);
    MetricValue found = comparison.metric(metric).orElseThrow();
    assertThat(found.value()).as(name).isCloseTo(value, within(ROUNDING * Math.max(1, value)));
  }

  private static Map<String, Long> labelled(String counts) {
    Map<String, Long> map = new TreeMap<>();
    for (String count : counts.split(" ")) {
      map.put("category " + map.size(), Long.parseLong(count));
    }
    return map;
  }

  private static double[] doubles(String cell) {
    return Arrays.stream(cell.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void areReportedInOneOrder() {
    Comparison numbers =
        NumericComparison.ofValues(new double[] {1, 2, 3}, 0, new double[] {2, 3, 4}, 1);
    assertThat(numbers.metrics()).extracting(MetricValue::name).isEqualTo(Metrics.ALL);
    Comparison categories = CategoricalComparison.ofCounts(Map.of("a", 3L), 0, Map.of("a", 4L), 0);
    assertThat(categories.metrics())
        .extracting(MetricValue::name)
        .isEqualTo(Metrics.ALL.subList(3, Metrics.ALL.size()));
  }
}
