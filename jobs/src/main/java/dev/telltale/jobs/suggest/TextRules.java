package dev.telltale.jobs.suggest;

import static dev.telltale.jobs.suggest.Suggestions.parameters;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The values of a column of texts, or their lengths. */
final class TextRules {
  /** So many values can be read in a line or two. */
  static final int MOST_LISTED = 30;

  /** Values beyond are not counted by day. */
  static final int MOST_LABELS = 256;

  private static final int LONGEST_LISTED = 50;

  /** Values that are there so often each on average are the set, not a sample of many more. */
  private static final long FEWEST_OF_EACH = 10;

  /** Where not all values are listed, those are that make up so large a share. */
  private static final double COVERED = 0.9;

  private final Days days;
  private final Suggestions suggestions;

  TextRules(Days days, Suggestions suggestions) {
    this.days = days;
    this.suggestions = suggestions;
  }

  void values(ColumnFacts column, List<DayFigures> figures) {
    if (!column.isListable()) {
      suggestions.note("%s: no values are listed, as it may tell of people", column.shown());
      return;
    }
    List<String> labels = column.labels(MOST_LABELS).labels();
    int count = labels.size();
    long[] seen = new long[count];
    int[] daysSeen = new int[count];
    for (DayFigures day : figures) {
      for (int code = 0; code < count; code++) {
        seen[code] += day.label(code);
        daysSeen[code] += day.label(code) > 0 ? 1 : 0;
      }
    }
    int[] present =
        IntStream.range(0, count)
            .filter(code -> seen[code] > 0)
            .boxed()
            .sorted(Comparator.comparingLong((Integer code) -> -seen[code]))
            .mapToInt(Integer::intValue)
            .toArray();
    long values = IntStream.of(present).mapToLong(code -> seen[code]).sum();
    int listed = listed(present, seen, values);
    boolean isShort = labels.stream().allMatch(label -> label.length() <= LONGEST_LISTED);
    if (listed == 0
        || listed > MOST_LISTED
        || !isShort
        || FEWEST_OF_EACH * count > column.values()) {
      lengths(column, figures);
      return;
    }
    boolean all = listed == present.length;
    boolean[] in = new boolean[count];
    IntStream.of(present).limit(listed).forEach(code -> in[code] = true);
    // A value of one day only was new on that day: so many are new on the next one.
    IntPredicate isOther = all ? code -> daysSeen[code] == 1 : code -> !in[code];
    int[] others = IntStream.range(0, count).filter(isOther).toArray();
    double share = (double) IntStream.of(others).mapToLong(code -> seen[code]).sum() / values;
    suggestions.add(
        "expect_column_values_to_be_in_set",
        parameters(
            "column",
            column.name(),
            "value_set",
            IntStream.of(present).limit(listed).mapToObj(labels::get).sorted().toList()),
        new Suggestions.Exceptions(
            ColumnRules.upper(
                days,
                figures,
                DayFigures::values,
                day -> IntStream.of(others).mapToLong(day::label).sum()),
            all ? 0 : share,
            all ? "be others" : "be the rest"),
        all
            ? Suggestions.format("%,d values, %d different ones", values, listed)
            : Suggestions.format(
                "the %d most frequent of %d are %.0f %% of the values",
                listed, present.length, 100 * (1 - share)));
  }

  /** All values, or where they are many as many of the most frequent as cover most of them. */
  private static int listed(int[] present, long[] seen, long values) {
    if (present.length <= MOST_LISTED) {
      return present.length;
    }
    long covered = 0;
    int listed = 0;
    while (covered < COVERED * values) {
      covered += seen[present[listed]];
      listed++;
    }
    return listed;
  }

  private void lengths(ColumnFacts column, List<DayFigures> figures) {
    double min = figures.stream().mapToDouble(DayFigures::min).min().orElse(0);
    double max = figures.stream().mapToDouble(DayFigures::max).max().orElse(0);
    if (min == max && max > 0) {
      suggestions.add(
          "expect_column_value_lengths_to_equal",
          parameters("column", column.name(), "value", (long) max),
          new Suggestions.Exceptions(
              ColumnRules.upper(days, figures, DayFigures::values, day -> 0),
              0,
              "be longer or shorter"),
          Suggestions.format("every text has %d characters", (long) max));
    } else {
      suggestions.note("%s: no set of values, there are %,.0f", column.shown(), column.distinct());
    }
  }
}
