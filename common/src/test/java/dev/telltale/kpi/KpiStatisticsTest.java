package dev.telltale.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.quality.Estimate;
import dev.telltale.quality.KpiState;
import dev.telltale.stats.MultipleTesting;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Reference values are those of SciPy 1.17.1; the calls stand beside them. */
class KpiStatisticsTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  // numpy.random.default_rng(11), normal(size=28).cumsum(), rounded; the second is 0.8 times it two
  // windows later, with noise.
  private static final double[] QUALITY = {
    0.03, 1.39, 2.62, 2.11, 1.81, 1.28, 1.85, 1.8, 2.54, 0.7, 2.26, 2.17, 2.85, 2.71, 2.33, 2.79,
    3.62, 3.42, 3.26, 3.95, 3.08, 1.56, 1.96, 1.29, -0.63, -1.45, -1.91, -3.11
  };
  private static final double[] GOAL = {
    -1.49, 0.04, 0.38, 1.02, 1.8, 1.84, 1.73, 0.9, 1.7, 1.86, 1.95, 0.23, 1.95, 1.84, 2.72, 1.65,
    1.6, 1.9, 2.2, 2.79, 2.82, 2.86, 3.02, 1.58, 1.82, 1.19, -0.12, -1.69
  };

  @Test
  void correlationsOfChangesAreThoseOfSciPy() {
    // a, b = numpy.diff(QUALITY), numpy.diff(GOAL); scipy.stats.spearmanr(a[:-lag], b[lag:])
    // m = n / max(1, 1 + 2 sum((n-j)/n acf(a, j) acf(b, j) for j in 1..7))
    // 2 * scipy.stats.t.sf(abs(r) * sqrt((m - 2) / (1 - r**2)), m - 2)
    expect(-7, 20, 18.02056739190875, 0.19849624060150375, 0.42945916440806237);
    expect(-1, 26, 23.304889780455873, -0.0061559511124005635, 0.977595894879008);
    expect(0, 27, 24.18570140205447, 0.28732825766928566, 0.17154814263970464);
    expect(2, 25, 22.42409891588835, 0.7976145261432983, 6.996928842391147e-06);
    expect(7, 20, 18.02056739190875, 0.1504325040569469, 0.5510327185051918);
    // scipy.stats.spearmanr(...).pvalue, with all pairs.
    assertThat(LagCorrelation.pValue(0.7976145261432983, 25))
        .isCloseTo(1.7996014654271113e-06, within(1e-14));
  }

  private static void expect(int lag, int n, double effective, double r, double p) {
    LagCorrelation one = LagCorrelation.of(QUALITY, GOAL, 7).get(lag + 7);
    assertThat(one.lag()).isEqualTo(lag);
    assertThat(one.pairs()).isEqualTo(n);
    assertThat(one.effectivePairs()).isCloseTo(effective, CLOSE);
    assertThat(one.correlation().orElseThrow()).isCloseTo(r, CLOSE);
    assertThat(one.pValue()).isCloseTo(p, CLOSE);
  }

  @Test
  void windowsThatAreMissingAreLeftOut() {
    double[] gaps = GOAL.clone();
    gaps[10] = Double.NaN;
    assertThat(LagCorrelation.of(QUALITY, gaps, 0).get(0).pairs()).isEqualTo(25);
    Arrays.fill(gaps, 0, 14, Double.NaN);
    assertThat(LagCorrelation.of(QUALITY, gaps, 0).get(0).correlation()).isEmpty();
    assertThat(LagCorrelation.of(QUALITY, new double[28], 0).get(0).correlation()).isEmpty();
  }

  /** Weekdays and noise in both, and nothing between them; all lags of a pair are a family. */
  @Test
  void unrelatedSeriesAreSeldomRelated() {
    for (double weekly : new double[] {0, 2}) {
      Random random = new Random(7);
      int found = 0;
      int draws = 400;
      for (int draw = 0; draw < draws; draw++) {
        double[] x = series(random, weekly);
        double[] y = series(random, weekly);
        double[] p =
            LagCorrelation.of(x, y, 7).stream().mapToDouble(LagCorrelation::pValue).toArray();
        found +=
            Arrays.stream(MultipleTesting.BENJAMINI_HOCHBERG.adjust(p)).min().orElse(1) <= 0.05
                ? 1
                : 0;
      }
      if (Boolean.getBoolean("telltale.print")) {
        System.out.println("weekly " + weekly + ": " + found + " of " + draws);
      }
      assertThat(found).as("weekly %s", weekly).isLessThanOrEqualTo(draws / 12);
    }
  }

  private static double[] series(Random random, double weekly) {
    double[] days = random.doubles(7).map(day -> weekly * day).toArray();
    double[] series = new double[28];
    for (int i = 0; i < series.length; i++) {
      series[i] = days[i % 7] + random.nextGaussian();
    }
    return series;
  }

  @Test
  void periodsAreComparedByWelchsTest() {
    Period current = period(0, 0.81, 0.79, 0.83, 0.80, 0.82, 0.78, 0.84);
    PeriodComparison change =
        PeriodComparison.of(current, period(0, 0.75, 0.77, 0.74, 0.76, 0.73, 0.78));
    // scipy.stats.ttest_ind(x, y, equal_var=False), .confidence_interval(0.95)
    assertThat(change.pValue()).isCloseTo(0.00045813112492997876, CLOSE);
    assertThat(change.low()).isCloseTo(0.030390458565793893, CLOSE);
    assertThat(change.high()).isCloseTo(0.07960954143420665, CLOSE);
    // numpy.std(x, ddof=1) / 7**0.5
    assertThat(current.stdError()).isCloseTo(0.008164965809277247, CLOSE);
    // Windows that are by chance alike know no more than their rows do.
    assertThat(period(0.1, 0.5, 0.5, 0.5, 0.5).stdError()).isCloseTo(0.05, CLOSE);
  }

  @Test
  void theSameWindowsAreComparedInPairs() {
    PeriodComparison change =
        PeriodComparison.paired(
            windows(0, 0.81, 0.79, 0.83, 0.80, 0.82, 0.78),
            windows(0, 0.75, 0.77, 0.74, 0.76, 0.73, 0.78));
    // scipy.stats.ttest_rel(x, y), .confidence_interval(0.95)
    assertThat(change.pValue()).isCloseTo(0.020983920541072787, CLOSE);
    assertThat(change.low()).isCloseTo(0.011298725851645479, CLOSE);
    assertThat(change.high()).isCloseTo(0.08870127414835455, CLOSE);
  }

  private static Period period(double stdError, double... values) {
    return Period.of(windows(stdError, values));
  }

  private static List<Estimate> windows(double stdError, double... values) {
    return Arrays.stream(values)
        .mapToObj(
            value ->
                new Estimate(
                    value,
                    OptionalDouble.of(stdError),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    100,
                    0))
        .toList();
  }

  @Test
  void aCountHasTheExactPoissonInterval() {
    // scipy.stats.chi2.ppf(0.025, 2 * k) / 2, scipy.stats.chi2.ppf(0.975, 2 * k + 2) / 2
    interval(0, 0, 3.6888794541139354);
    interval(7, 2.8143630515198654, 14.422675361702376);
    interval(250, 219.9679956309373, 282.98770504231607);
  }

  private static void interval(int count, double low, double high) {
    KpiState state = new KpiState();
    for (int i = 0; i < count; i++) {
      state.add(1, 1);
    }
    Estimate estimate = state.count();
    assertThat(estimate.value()).isEqualTo(count);
    assertThat(estimate.low().orElseThrow()).isCloseTo(low, within(1e-6));
    assertThat(estimate.high().orElseThrow()).isCloseTo(high, within(1e-6));
  }

  @Test
  void aMeanHasTheIntervalOfStudentsTInWhateverPartsItWasSummed() {
    List<Double> values = List.of(0.0, 0.0, 2.5, 0.0, 1.0, 4.0, 0.0, 0.5);
    KpiState state = new KpiState();
    for (double value : values) {
      KpiState one = new KpiState();
      one.add(value, 1);
      one.add(Double.NaN, 1);
      state.merge(KpiState.read(one.toBytes()));
    }
    assertThat(state.rows()).isEqualTo(8);
    Estimate estimate = state.mean().orElseThrow();
    assertThat(estimate.value()).isEqualTo(1);
    // scipy.stats.sem(v); scipy.stats.t.interval(0.95, 7, 1, sem)
    assertThat(estimate.stdError().orElseThrow()).isCloseTo(0.5261042808091512, CLOSE);
    assertThat(estimate.low().orElseThrow()).isCloseTo(-0.244038941268099, CLOSE);
    assertThat(new KpiState().mean()).isEmpty();
  }
}
