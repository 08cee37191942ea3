package dev.telltale.jobs.suggest;

import static dev.telltale.jobs.suggest.Suggestions.RISK;
import static dev.telltale.jobs.suggest.Suggestions.outward;
import static dev.telltale.jobs.suggest.Suggestions.parameters;

import dev.telltale.profile.NumberLabel;
import dev.telltale.stats.PredictionInterval;
import dev.telltale.stats.PredictionTest;
import dev.telltale.stats.SharePrediction;
import dev.telltale.stats.TrendTest;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.util.FastMath;

/** The range and the mean of a column of numbers. */
final class NumberRules {
  private static final int FEWEST_DAYS = 7;

  /** From here on not every whole number is a double. */
  private static final double WHOLE = 1e15;

  private final Days days;
  private final Suggestions suggestions;

  NumberRules(Days days, Suggestions suggestions) {
    this.days = days;
    this.suggestions = suggestions;
  }

  void range(ColumnFacts column, List<DayFigures> figures) {
    double min = figures.stream().mapToDouble(DayFigures::min).min().orElse(0);
    double max = figures.stream().mapToDouble(DayFigures::max).max().orElse(0);
    long values = figures.stream().mapToLong(DayFigures::values).sum();
    if (figures.stream().mapToDouble(DayFigures::infinite).sum() > 0) {
      suggestions.note("%s: no range, as some values are infinite", column.shown());
      return;
    }
    if (!(min < max)) {
      suggestions.note("%s: no range, as it has one value only", column.shown());
      return;
    }
    if (min >= 0 && max <= 1 && !column.isWhole() && Role.SCORE.fit(column.tokens()) > 0) {
      suggestions.add(
          "expect_column_values_to_be_between",
          parameters("column", column.name(), "min_value", 0, "max_value", 1),
          "a probability");
      return;
    }
    double low = min - margin(column, values, -1, min, max);
    double high = max + margin(column, values, 1, max, min);
    boolean isNeverNegative = min >= 0 && low <= 0;
    suggestions.add(
        "expect_column_values_to_be_between",
        parameters(
            "column",
            column.name(),
            "min_value",
            number(column, isNeverNegative ? 0 : outward(low, high - low, false)),
            "max_value",
            number(column, outward(high, high - low, true))),
        new Suggestions.Exceptions(
            SharePrediction.beyondExtremes(values, days.sizes(), RISK), 0, "be beyond"),
        Suggestions.format(
            "%,d values from %s to %s, and a margin for rarer ones",
            values, NumberLabel.of(min), NumberLabel.of(max)));
  }

  /**
   * How far beyond the extreme the tail goes on, if it is exponential: its scale is told by the
   * distances of the extreme from the outer hundredth and the outer twentieth.
   */
  private double margin(ColumnFacts column, long values, int side, double extreme, double other) {
    double scale = 0;
    double[] tails = {0.01, 0.05};
    double[] quantiles =
        column.number().quantiles(side < 0 ? tails : new double[] {1 - 0.01, 1 - 0.05});
    for (int i = 0; i < tails.length; i++) {
      double beyond = FastMath.log(Math.max(2, tails[i] * values));
      scale = Math.max(scale, Math.max(0, side * (extreme - quantiles[i])) / beyond);
    }
    long size = Arrays.stream(days.sizes()).max().orElse(1);
    double steps = Math.max(1, FastMath.log(size / RISK / values));
    return Math.min(scale * steps, Math.abs(extreme - other));
  }

  void mean(ColumnFacts column, List<DayFigures> figures) {
    if (!days.byTime() || figures.size() < FEWEST_DAYS) {
      return;
    }
    double[] means = figures.stream().mapToDouble(DayFigures::mean).toArray();
    double deviation = column.number().moments().sampleStandardDeviation();
    if (!(deviation > 0) || !Arrays.stream(means).allMatch(Double::isFinite)) {
      return;
    }
    PredictionInterval next = new PredictionTest(means, 0).interval(RISK);
    if (TrendTest.pValue(means) < RISK) {
      suggestions.note("%s: no bounds of its mean, which moves over the days", column.shown());
    } else if (next.width() > 2 * deviation) {
      suggestions.note(
          "%s: no bounds of its mean, which differs too much between days", column.shown());
    } else if (next.width() > 0) {
      suggestions.add(
          "expect_column_mean_to_be_between",
          parameters(
              "column",
              column.name(),
              "min_value",
              outward(next.low(), next.width(), false),
              "max_value",
              outward(next.high(), next.width(), true)),
          Suggestions.format(
              "on %d days it was %s to %s",
              means.length,
              NumberLabel.of(Arrays.stream(means).min().orElse(0)),
              NumberLabel.of(Arrays.stream(means).max().orElse(0))));
    }
  }

  private static Number number(ColumnFacts column, double value) {
    boolean whole = column.isWhole() && Math.abs(value) < WHOLE;
    return whole ? (Number) (long) value : (Number) value;
  }
}
