package dev.telltale.jobs.suggest;

import static dev.telltale.jobs.suggest.Suggestions.RISK;
import static dev.telltale.jobs.suggest.Suggestions.parameters;

import dev.telltale.profile.ColumnKind;
import dev.telltale.stats.SharePrediction;
import java.util.List;
import java.util.function.ToLongFunction;

/** Expectations of a column from its figures of some days: the kinds that Deequ suggests. */
final class ColumnRules {
  private final Days days;
  private final Suggestions suggestions;
  private final NumberRules numbers;
  private final TextRules texts;

  ColumnRules(Days days, Suggestions suggestions) {
    this.days = days;
    this.suggestions = suggestions;
    this.numbers = new NumberRules(days, suggestions);
    this.texts = new TextRules(days, suggestions);
  }

  /** What a column is for. */
  enum Use {
    /** A prediction without it is a defect; nothing is expected of its values. */
    KEY,
    /** A prediction without it is a defect. */
    ANSWER,
    /** Nothing is expected of its values. */
    OTHER,
    FEATURE
  }

  /** What is expected of a column. */
  void column(ColumnFacts column, List<DayFigures> figures, Use use) {
    long rows = figures.stream().mapToLong(DayFigures::rows).sum();
    long missing = figures.stream().mapToLong(DayFigures::missing).sum();
    suggestions.addType(column);
    if (missing == rows) {
      suggestions.note("%s: it is empty in all rows that were looked at", column.shown());
      return;
    }
    boolean none = missing == 0 && (use == Use.KEY || use == Use.ANSWER);
    suggestions.add(
        "expect_column_values_to_not_be_null",
        parameters("column", column.name()),
        none
            ? Suggestions.Exceptions.NONE
            : new Suggestions.Exceptions(
                upper(days, figures, DayFigures::rows, DayFigures::missing),
                (double) missing / rows,
                "be"),
        Suggestions.format("%,d of %,d rows are missing", missing, rows));
    if (use == Use.KEY || use == Use.OTHER) {
      return;
    }
    List<DayFigures> filled = figures.stream().filter(one -> one.values() > 0).toList();
    if (column.kind() == ColumnKind.NUMERIC) {
      numbers.range(column, filled);
      numbers.mean(column, filled);
    } else if (column.isText()) {
      texts.values(column, filled);
    }
  }

  /** The share of a next day's rows that is hit. */
  static double upper(
      Days days,
      List<DayFigures> figures,
      ToLongFunction<DayFigures> rows,
      ToLongFunction<DayFigures> hits) {
    return SharePrediction.upper(
        figures.stream().mapToLong(rows).toArray(),
        figures.stream().mapToLong(hits).toArray(),
        days.sizes(),
        RISK);
  }
}
