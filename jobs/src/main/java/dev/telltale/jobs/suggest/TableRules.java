package dev.telltale.jobs.suggest;

import static dev.telltale.jobs.suggest.Suggestions.RISK;
import static dev.telltale.jobs.suggest.Suggestions.parameters;

import dev.telltale.stats.PredictionInterval;
import dev.telltale.stats.PredictionTest;
import dev.telltale.stats.SharePrediction;
import dev.telltale.stats.TrendTest;
import java.util.Arrays;
import org.apache.commons.math3.util.FastMath;

/** Expectations of a table: how many rows a day has, and that no id is there twice. */
final class TableRules {
  private static final int FEWEST_DAYS = 7;

  /** Four weeks, so that a day has four of its weekday before it. */
  private static final int FEWEST_SEASONAL = 28;

  private final Days days;
  private final Suggestions suggestions;

  TableRules(Days days, Suggestions suggestions) {
    this.days = days;
    this.suggestions = suggestions;
  }

  /** How many rows a day has: in bounds, or by its weekday where bounds would say little. */
  void rowCount(Days.Profile profile) {
    long[] rows = rows(profile);
    if (!days.byTime() || rows.length < FEWEST_DAYS) {
      suggestions.note("Rows of a day: there are too few days to say");
      return;
    }
    double[] logs =
        Arrays.stream(rows)
            .mapToDouble(count -> FastMath.log((double) Math.max(1, count)))
            .toArray();
    PredictionInterval next = new PredictionTest(logs, 0).interval(RISK);
    long[] sorted = Arrays.stream(rows).sorted().toArray();
    boolean moves = TrendTest.pValue(logs) < RISK;
    if (!moves && !days.gaps()) {
      suggestions.add(
          "expect_table_row_count_to_be_between",
          parameters(
              "min_value", (long) Suggestions.twoDigits(FastMath.exp(next.low()), false),
              "max_value",
                  (long) Math.ceil(Suggestions.twoDigits(FastMath.exp(next.high()), true))),
          Suggestions.format(
              "%d days had %,d to %,d rows", rows.length, sorted[0], sorted[rows.length - 1]));
    }
    boolean halfADayPasses = 2 * FastMath.exp(next.low()) < sorted[rows.length / 2];
    if ((moves || days.gaps() || halfADayPasses) && rows.length >= FEWEST_SEASONAL) {
      suggestions.add(
          "expect_table_row_count_to_be_seasonal",
          parameters("significance", RISK),
          "each day is held against the same weekday of the weeks before, once there are four");
    } else if (moves) {
      suggestions.note("Rows of a day: they grow or shrink from day to day");
    } else if (days.gaps()) {
      suggestions.note("Rows of a day: some days between have none, or hardly any");
    }
  }

  /** No id twice on a day. */
  void unique(String id, Days.Profile profile) {
    long[] rows = rows(profile);
    // Every row of a repeated id is unexpected, and mostly there are two of them.
    long[] repeated =
        days.fitted().stream()
            .mapToLong(day -> 2 * profile.repeats().getOrDefault(day, 0L))
            .toArray();
    long all = Arrays.stream(repeated).sum();
    suggestions.add(
        "expect_column_values_to_be_unique",
        parameters("column", id),
        all == 0
            ? Suggestions.Exceptions.NONE
            : new Suggestions.Exceptions(
                SharePrediction.upper(rows, repeated, days.sizes(), RISK),
                (double) all / Arrays.stream(rows).sum(),
                "do so"),
        all == 0
            ? "no id is there twice in a day"
            : Suggestions.format("%,d rows repeat the id of another", all / 2));
  }

  private long[] rows(Days.Profile profile) {
    return days.fitted().stream().mapToLong(day -> profile.rows().getOrDefault(day, 0L)).toArray();
  }
}
