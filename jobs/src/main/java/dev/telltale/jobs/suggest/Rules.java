package dev.telltale.jobs.suggest;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.stats.PredictionInterval;
import dev.telltale.stats.SharePrediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;

/**
 * Expectations of columns from the figures of some days: the kinds that Deequ suggests, with bounds
 * that the next day exceeds with probability {@value #RISK} at most.
 */
final class Rules {
  /** Of fifty expectations one is wrong in three weeks. */
  static final double RISK = 0.001;

  /** So many values can be read in a line or two. */
  static final int MOST_LISTED = 30;

  /** Values beyond are not counted by day. */
  static final int MOST_LABELS = 256;

  private static final double COVERED = 0.9;
  private static final double MOST_SLACK = 0.25;
  private static final double MOST_ALLOWED = 0.95;
  private static final int FEWEST_FOR_MEANS = 7;
  private static final double MOVES = 0.001;
  private static final int LONGEST_LISTED = 50;

  private final Days days;
  private final List<Suggested> suggested = new ArrayList<>();
  private final List<Suggested> types = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Rules(Days days) {
    this.days = days;
  }

  /** What is suggested, types last. */
  List<Suggested> suggested() {
    List<Suggested> all = new ArrayList<>(suggested);
    all.addAll(types);
    return all;
  }

  /** What is not suggested, and why. */
  List<String> notes() {
    return notes;
  }

  /** How many rows a day has. */
  void rowCount(Days.Profile profile) {
    double[] logs =
        days.fitted().stream()
            .mapToDouble(day -> FastMath.log(profile.rows().getOrDefault(day, 1L)))
            .toArray();
    if (!days.byTime() || logs.length < FEWEST_FOR_MEANS) {
      notes.add("rows of a day: there are too few days to say");
    } else if (days.gaps()) {
      notes.add("rows of a day: some days between have none, or hardly any");
    } else if (PredictionInterval.trend(logs) < MOVES) {
      notes.add("rows of a day: they grow or shrink from day to day");
    } else {
      PredictionInterval next = PredictionInterval.of(logs, RISK);
      Map<String, Object> bounds = new LinkedHashMap<>();
      bounds.put("min_value", (long) Math.floor(rounded(FastMath.exp(next.low()), false)));
      bounds.put("max_value", (long) Math.ceil(rounded(FastMath.exp(next.high()), true)));
      suggested.add(
          Suggested.of(
              "expect_table_row_count_to_be_between",
              bounds,
              1,
              format(
                  "%d days had %,d to %,d rows",
                  logs.length,
                  profile.rows().values().stream().mapToLong(Long::longValue).min().orElse(0),
                  profile.rows().values().stream().mapToLong(Long::longValue).max().orElse(0))));
    }
  }

  /** No id twice on a day. */
  void unique(String id, Days.Profile profile) {
    long[] rows =
        days.fitted().stream().mapToLong(d -> profile.rows().getOrDefault(d, 0L)).toArray();
    // Every row of a repeated id is unexpected, and mostly there are two of them.
    long[] repeated =
        days.fitted().stream().mapToLong(d -> 2 * profile.repeats().getOrDefault(d, 0L)).toArray();
    long all = Arrays.stream(repeated).sum();
    double allowed = all == 0 ? 0 : SharePrediction.upper(rows, repeated, days.sizes(), RISK);
    share(
        "expect_column_values_to_be_unique",
        column(id),
        allowed,
        0,
        all == 0 ? "no id is there twice in a day" : format("%,d ids repeat another", all / 2));
  }

  /** What is expected of a column, needed ones without exceptions where they had none. */
  void column(ColumnFacts column, List<Days.DayFigures> figures, boolean needed, boolean plain) {
    long rows = figures.stream().mapToLong(Days.DayFigures::rows).sum();
    long missing = figures.stream().mapToLong(Days.DayFigures::missing).sum();
    types.add(
        Suggested.of(
            "expect_column_values_to_be_of_type",
            with(column(column.name()), "type_", column.type().simpleString()),
            1,
            ""));
    if (missing == rows) {
      notes.add(name(column) + ": it is empty in all rows that were looked at");
      return;
    }
    double allowed =
        needed && missing == 0
            ? 0
            : upper(figures, Days.DayFigures::rows, Days.DayFigures::missing);
    share(
        "expect_column_values_to_not_be_null",
        column(column.name()),
        allowed,
        (double) missing / rows,
        format("%,d of %,d rows are missing", missing, rows));
    if (plain) {
      return;
    }
    List<Days.DayFigures> filled = figures.stream().filter(one -> one.values() > 0).toList();
    if (column.kind() == ColumnKind.NUMERIC) {
      range(column, filled);
      mean(column, filled);
    } else if (column.isText()) {
      texts(column, filled);
    }
  }

  private void range(ColumnFacts column, List<Days.DayFigures> figures) {
    double min = figures.stream().mapToDouble(Days.DayFigures::min).min().orElse(0);
    double max = figures.stream().mapToDouble(Days.DayFigures::max).max().orElse(0);
    long values = figures.stream().mapToLong(Days.DayFigures::values).sum();
    double infinite = figures.stream().mapToDouble(Days.DayFigures::infinite).sum();
    if (!(min < max) || infinite > 0) {
      notes.add(
          name(column)
              + ": no range, as "
              + (infinite > 0 ? "some values are infinite" : "it has one value only"));
      return;
    }
    boolean isProbability =
        min >= 0 && max <= 1 && !column.isWhole() && Role.SCORE.fit(column.tokens()) > 0;
    double low = isProbability ? 0 : min - margin(column, values, -1, min, max);
    double high = isProbability ? 1 : max + margin(column, values, 1, max, min);
    Map<String, Object> bounds = column(column.name());
    boolean nonNegative = min >= 0 && low <= 0;
    bounds.put("min_value", number(column, nonNegative ? 0 : outward(low, high - low, false)));
    bounds.put("max_value", number(column, isProbability ? 1 : outward(high, high - low, true)));
    share(
        "expect_column_values_to_be_between",
        bounds,
        isProbability ? 0 : SharePrediction.beyondExtremes(values, days.sizes(), RISK),
        0,
        isProbability
            ? "a probability"
            : format(
                "%,d values from %s to %s, and a margin for those that are rarer",
                values, number(column, min), number(column, max)));
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

  private void mean(ColumnFacts column, List<Days.DayFigures> figures) {
    if (!days.byTime() || figures.size() < FEWEST_FOR_MEANS) {
      return;
    }
    double[] means = numbers(figures, Days.DayFigures::mean);
    double deviation = column.number().moments().sampleStandardDeviation();
    if (!(deviation > 0) || !Arrays.stream(means).allMatch(Double::isFinite)) {
      return;
    }
    PredictionInterval next = PredictionInterval.of(means, RISK);
    double width = next.high() - next.low();
    if (PredictionInterval.trend(means) < MOVES) {
      notes.add(name(column) + ": no bounds of its mean, which moves over the days");
    } else if (width > 2 * deviation) {
      notes.add(name(column) + ": no bounds of its mean, which differs too much between days");
    } else if (width > 0) {
      Map<String, Object> bounds = column(column.name());
      bounds.put("min_value", outward(next.low(), width, false));
      bounds.put("max_value", outward(next.high(), width, true));
      suggested.add(
          Suggested.of(
              "expect_column_mean_to_be_between",
              bounds,
              1,
              format(
                  "on %d days it was %s to %s",
                  means.length,
                  short4(Arrays.stream(means).min().orElse(0)),
                  short4(Arrays.stream(means).max().orElse(0)))));
    }
  }

  private void texts(ColumnFacts column, List<Days.DayFigures> figures) {
    Anchors labels = column.labels(MOST_LABELS);
    if (!column.isListable()) {
      notes.add(name(column) + ": no values are listed, as it may tell of people");
      return;
    }
    int count = labels.labels().size();
    long[] seen = new long[count];
    int[] daysSeen = new int[count];
    for (Days.DayFigures day : figures) {
      for (int code = 0; code < count; code++) {
        seen[code] += day.label(code);
        daysSeen[code] += day.label(code) > 0 ? 1 : 0;
      }
    }
    int[] present =
        IntStream.range(0, count)
            .filter(code -> seen[code] > 0)
            .boxed()
            .sorted(java.util.Comparator.comparingLong((Integer code) -> -seen[code]))
            .mapToInt(Integer::intValue)
            .toArray();
    long values = Arrays.stream(seen).sum();
    int listed = present.length;
    if (listed > MOST_LISTED) {
      long covered = 0;
      for (listed = 0; covered < COVERED * values; listed++) {
        covered += seen[present[listed]];
      }
    }
    boolean isShort = labels.labels().stream().allMatch(label -> label.length() <= LONGEST_LISTED);
    if (count == 0 || listed > MOST_LISTED || !isShort || 10L * count > column.values()) {
      lengths(column, figures);
      return;
    }
    boolean[] in = new boolean[count];
    IntStream.of(present).limit(listed).forEach(code -> in[code] = true);
    boolean all = listed == present.length;
    // A value of one day only was new on that day: so many are new on the next one.
    double allowed =
        upper(
            figures,
            Days.DayFigures::values,
            day ->
                IntStream.range(0, count)
                    .filter(code -> all ? daysSeen[code] == 1 : !in[code])
                    .mapToLong(day::label)
                    .sum());
    List<String> set =
        IntStream.of(present).limit(listed).mapToObj(labels.labels()::get).sorted().toList();
    share(
        "expect_column_values_to_be_in_set",
        with(column(column.name()), "value_set", set),
        allowed,
        all ? 0 : 1 - COVERED,
        all
            ? format("%,d values, %d different ones", values, listed)
            : format("the %d most frequent of %d are 90 %% of the values", listed, present.length));
  }

  private void lengths(ColumnFacts column, List<Days.DayFigures> figures) {
    double min = figures.stream().mapToDouble(Days.DayFigures::min).min().orElse(0);
    double max = figures.stream().mapToDouble(Days.DayFigures::max).max().orElse(0);
    if (min == max && max > 0) {
      share(
          "expect_column_value_lengths_to_equal",
          with(column(column.name()), "value", (long) max),
          upper(figures, Days.DayFigures::values, day -> 0),
          0,
          format("every text has %d characters", (long) max));
    } else {
      notes.add(format("%s: no set of values, there are %,.0f", name(column), column.distinct()));
    }
  }

  private void share(
      String expectation,
      Map<String, Object> parameters,
      double allowed,
      double observed,
      String because) {
    double slack = allowed == 0 ? 0 : Math.min(1, rounded(allowed, true));
    long smallest = Arrays.stream(days.sizes()).min().orElse(1);
    if (slack - observed > MOST_SLACK || slack > MOST_ALLOWED) {
      notes.add(
          expectation
              + " of "
              + Yaml.comment(String.valueOf(parameters.get("column")))
              + ": too few rows, or days too different, to say how many may fail");
      return;
    }
    double mostly = Math.round((1 - slack) * 1e6) / 1e6;
    String exceptions =
        mostly < 1
            ? format("; %s %% of a day of %,d rows may be otherwise", short4(100 * slack), smallest)
            : "";
    suggested.add(Suggested.of(expectation, parameters, mostly, because + exceptions));
  }

  private double upper(
      List<Days.DayFigures> figures,
      ToLongFunction<Days.DayFigures> rows,
      ToLongFunction<Days.DayFigures> hits) {
    return SharePrediction.upper(
        figures.stream().mapToLong(rows).toArray(),
        figures.stream().mapToLong(hits).toArray(),
        days.sizes(),
        RISK);
  }

  private static double[] numbers(
      List<Days.DayFigures> figures, ToDoubleFunction<Days.DayFigures> number) {
    return figures.stream().mapToDouble(number).toArray();
  }

  private static Map<String, Object> column(String name) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("column", name);
    return parameters;
  }

  private static Map<String, Object> with(
      Map<String, Object> parameters, String name, Object value) {
    parameters.put(name, value);
    return parameters;
  }

  private static String name(ColumnFacts column) {
    return Yaml.comment(column.name());
  }

  private static Object number(ColumnFacts column, double value) {
    boolean whole = column.isWhole() && Math.abs(value) < 1e15;
    return whole ? (Object) (long) value : (Object) value;
  }

  /** Two digits, up or down. */
  private static double rounded(double value, boolean up) {
    return value <= 0 ? value : outward(value, value, up);
  }

  /** Rounded away from the middle to a hundredth, or less, of the width; whole from there on. */
  private static double outward(double value, double width, boolean up) {
    int digits = 1 - (int) Math.floor(FastMath.log10(width));
    java.math.BigDecimal exact = new java.math.BigDecimal(value);
    return exact
        .setScale(digits, up ? java.math.RoundingMode.CEILING : java.math.RoundingMode.FLOOR)
        .doubleValue();
  }

  private static String short4(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(4))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** The column that an expectation is about; empty of a table. */
  static Optional<String> about(Suggested one) {
    return one.expectation().text("column");
  }
}
