package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentJudgeTest {
  private static final SegmentJudge SHARES = new SegmentJudge(true, 100);

  @Test
  void agreesWithChiSquaredAndWithDerSimonianAndLaird() {
    // Errors 30, 60, 45 of 200, 250, 400 rows. SciPy 1.17.1,
    // chi2_contingency([[30, 60, 45], [170, 190, 355]], correction=False).pvalue.
    SegmentJudge.Judged judged = judged(new long[] {30, 60, 45}, new long[] {200, 250, 400});
    assertThat(judged.pValue().orElseThrow()).isCloseTo(7.97839013611788e-05, within(1e-15));
    SegmentJudge.Segment second = judged.segments().get("1");
    assertThat(second.elsewhere().orElseThrow().value()).isCloseTo(75 / 600.0, within(1e-12));
    assertThat(second.elsewhere().orElseThrow().rows()).isEqualTo(600);
    assertThat(second.comparison().orElseThrow().difference())
        .isCloseTo(0.24 - 0.125, within(1e-12));
    // Drawn towards the others, and the order stays.
    assertThat(second.pooled().orElseThrow()).isBetween(0.16, 0.24);
    assertThat(judged.segments().get("2").pooled().orElseThrow()).isBetween(0.1125, 0.16);
  }

  @Test
  void whereSlicesAreAlikeTheTestIsRightAndPoolingTakesAlmostAll() {
    Random random = new Random(3);
    int draws = 2000;
    int rejected = 0;
    double spread = 0;
    double pooledSpread = 0;
    for (int draw = 0; draw < draws; draw++) {
      long[] errors = new long[6];
      long[] rows = {150, 200, 300, 400, 800, 1000};
      for (int i = 0; i < rows.length; i++) {
        for (long row = 0; row < rows[i]; row++) {
          errors[i] += random.nextDouble() < 0.15 ? 1 : 0;
        }
      }
      SegmentJudge.Judged judged = judged(errors, rows);
      rejected += judged.pValue().orElseThrow() < 0.05 ? 1 : 0;
      for (SegmentJudge.Segment segment : judged.segments().values()) {
        spread += Math.pow(segment.estimate().value() - 0.15, 2);
        pooledSpread += Math.pow(segment.pooled().orElseThrow() - 0.15, 2);
      }
    }
    // 5 % of 2,000 draws is known to 0.5 points; three of them either way.
    assertThat((double) rejected / draws).isBetween(0.035, 0.065);
    assertThat(pooledSpread).isLessThan(spread / 2);
  }

  @Test
  void meansSubtractAsTheirRowsDo() {
    double[] first = {1, 2, 3, 4};
    double[] second = {2, 2, 6};
    SegmentJudge judge = new SegmentJudge(false, 2);
    Estimate whole = mean(1, 2, 3, 4, 2, 2, 6);
    SegmentJudge.Segment segment = judge.judge(whole, Map.of("a", mean(first))).segments().get("a");
    assertThat(segment.elsewhere().orElseThrow().value()).isCloseTo(10 / 3.0, within(1e-12));
    assertThat(segment.elsewhere().orElseThrow().rows()).isEqualTo(second.length);
    // Of the population: the mean square less the squared mean, by three rows.
    assertThat(segment.elsewhere().orElseThrow().stdError().orElseThrow())
        .isCloseTo(Math.sqrt((44 / 3.0 - 100 / 9.0) / 3), within(1e-9));
  }

  @Test
  void smallSlicesAreNotJudged() {
    SegmentJudge.Judged judged = judged(new long[] {9, 60}, new long[] {20, 250});
    assertThat(judged.pValue()).isEmpty();
    assertThat(judged.segments().get("0").comparison()).isEmpty();
    assertThat(judged.segments().get("0").pooled()).isEmpty();
  }

  private static SegmentJudge.Judged judged(long[] errors, long[] rows) {
    Map<String, Estimate> slices = new LinkedHashMap<>();
    Mass wrong = Mass.NONE;
    Mass right = Mass.NONE;
    for (int i = 0; i < rows.length; i++) {
      Mass one = Mass.of(errors[i]);
      Mass other = Mass.of(rows[i] - errors[i]);
      slices.put(Integer.toString(i), ConfusionMetrics.proportion(one, other).orElseThrow());
      wrong = wrong.plus(one);
      right = right.plus(other);
    }
    return SHARES.judge(ConfusionMetrics.proportion(wrong, right).orElseThrow(), slices);
  }

  /** With the error of the population's deviation, so that sums of squares come out even. */
  private static Estimate mean(double... values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / values.length;
    double error = Math.sqrt((squares / values.length - mean * mean) / values.length);
    return Estimate.of(mean, error, mean - error, mean + error, values.length);
  }
}
