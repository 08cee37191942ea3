package dev.telltale.check;

import dev.telltale.config.Check;
import dev.telltale.stats.PredictionTest;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * That a window has as many rows as the same window of earlier periods (the same day of the weeks
 * before) makes expected: neither improbable nor, where it is, of no importance.
 */
final class VolumeExpectation implements ExpectationType {
  private static final int LEAST = 4;
  private static final long DAYS = 7;
  private static final long PERIODS = 8;
  private static final double TOLERANCE = 0.1;
  private static final double PERCENT = 100;

  /** So that a window without rows has a logarithm. */
  private static final double HALF = 0.5;

  @Override
  public String name() {
    return "expect_table_row_count_to_be_seasonal";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.optional("period_days", Parameter.Kind.COUNT),
        Parameter.optional("periods", Parameter.Kind.COUNT),
        Agreement.RELATIVE,
        Significance.PARAMETER);
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    if (whole(expectation, "period_days", DAYS) < 1) {
      return Optional.of("has a `period_days` below 1");
    }
    return whole(expectation, "periods", PERIODS) < LEAST
        ? Optional.of("has fewer `periods` than the " + LEAST + " that can be compared with")
        : Optional.empty();
  }

  private static long whole(Check.Expectation expectation, String name, long otherwise) {
    return (Long) expectation.parameters().getOrDefault(name, otherwise);
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) {
    return new Measure.Count(Measure.NOTHING);
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    long rows = ((Observation.Counted) observation).elements();
    List<CheckContext.Earlier> earlier =
        usual(
            context.earlier(
                expectation,
                Period.ofDays((int) whole(expectation, "period_days", DAYS)),
                (int) whole(expectation, "periods", PERIODS)));
    if (earlier.size() < LEAST) {
      return CheckResult.tooLittle(
          rows,
          String.format(
              Locale.ROOT,
              "INSUFFICIENT_DATA: there are %,d rows, and only %d earlier periods to compare with;"
                  + " %d are needed.",
              rows,
              earlier.size(),
              LEAST));
    }
    double[] logs = earlier.stream().mapToDouble(one -> Math.log(one.rows() + HALF)).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double expected = Math.exp(mean) - HALF;
    // Counts scatter at least as much as if rows came independently.
    PredictionTest test = new PredictionTest(logs, 1 / Math.exp(mean));
    double p = test.pValue(Math.log(rows + HALF));
    double change = Math.expm1(Math.log(rows + HALF) - mean);
    double tolerance = Parameter.number(expectation, Agreement.RELATIVE.name(), TOLERANCE);
    double significance = Significance.of(expectation);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("expected", expected);
    details.put("periods", earlier.size());
    details.put("p_value", p);
    details.put("relative_change", change);
    return CheckResult.observed(
        p >= significance || Math.abs(change) <= tolerance,
        rows,
        details,
        String.format(
            Locale.ROOT,
            "There are %,d rows, where %,.0f are usual in %d earlier periods (%+.1f %%, p = %.2g);"
                + " an alarm is a change beyond %s %% with p below %s.",
            rows,
            expected,
            earlier.size(),
            PERCENT * change,
            p,
            Words.number(PERCENT * tolerance),
            Words.number(significance)));
  }

  /**
   * A window that failed and was followed by one that held was an exception. What fails ever since
   * is a new level, and counts.
   */
  private static List<CheckContext.Earlier> usual(List<CheckContext.Earlier> newestFirst) {
    List<CheckContext.Earlier> usual = new ArrayList<>();
    boolean heldSince = false;
    for (CheckContext.Earlier one : newestFirst) {
      boolean failed = one.held().isPresent() && !one.held().get();
      if (!failed || !heldSince) {
        usual.add(one);
      }
      heldSince |= one.held().orElse(false);
    }
    return usual;
  }
}
