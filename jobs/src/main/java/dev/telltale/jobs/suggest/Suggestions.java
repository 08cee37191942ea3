package dev.telltale.jobs.suggest;

import dev.telltale.profile.NumberLabel;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.util.FastMath;

/**
 * What is suggested, and what is not, with the reasons. A next day of the same kind fails a
 * suggested expectation with probability {@value #RISK} at most.
 */
final class Suggestions {
  /** Of fifty expectations one is wrong in three weeks. */
  static final double RISK = 0.001;

  private static final double MOST_SLACK = 0.25;
  private static final double MOST_ALLOWED = 0.95;
  private static final double PERCENT = 100;

  /** Shares are written with so many parts. */
  private static final double PARTS = 1e6;

  private final long smallestDay;
  private final List<Suggested> suggested = new ArrayList<>();
  private final List<Suggested> types = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param sizes rows of the days that expectations are to hold for
   */
  Suggestions(long[] sizes) {
    this.smallestDay = Arrays.stream(sizes).min().orElse(1);
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

  /** An expectation that holds or does not. */
  void add(String expectation, Map<String, Object> parameters, String because) {
    suggested.add(Suggested.of(expectation, parameters, 1, because));
  }

  /** The type of a column; those of all are together. */
  void addType(ColumnFacts column) {
    types.add(
        Suggested.of(
            "expect_column_values_to_be_of_type",
            parameters("column", column.name(), "type_", column.type().simpleString()),
            1,
            ""));
  }

  /**
   * How many rows may fail an expectation.
   *
   * @param allowed share of a day's rows that may, 0 to 1
   * @param observed share that did
   * @param words what rows do that fail, such as {@code be missing}
   */
  record Exceptions(double allowed, double observed, String words) {
    static final Exceptions NONE = new Exceptions(0, 0, "");
  }

  /** An expectation that a share of the rows may fail. */
  void add(
      String expectation, Map<String, Object> parameters, Exceptions exceptions, String because) {
    double slack =
        exceptions.allowed() == 0 ? 0 : Math.min(1, twoDigits(exceptions.allowed(), true));
    if (slack - exceptions.observed() > MOST_SLACK || slack > MOST_ALLOWED) {
      note(
          "%s of %s: too few rows, or days too different, to say how many may fail",
          expectation, Yaml.comment(String.valueOf(parameters.get("column"))));
      return;
    }
    double mostly = Math.round((1 - slack) * PARTS) / PARTS;
    String most =
        mostly == 1
            ? ""
            : format(
                "; up to %s %% of a day of %,d rows may %s",
                NumberLabel.of(PERCENT * slack), smallestDay, exceptions.words());
    suggested.add(Suggested.of(expectation, parameters, mostly, because + most));
  }

  /** That something is not suggested, and why. */
  void note(String text, Object... values) {
    notes.add(format(text, values));
  }

  /** Parameters in the order given. */
  static Map<String, Object> parameters(Object... namesAndValues) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return parameters;
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** Two digits, up or down. */
  static double twoDigits(double value, boolean up) {
    return value <= 0 ? value : outward(value, value, up);
  }

  /** Rounded away from the middle by a hundredth of the width at most. */
  static double outward(double value, double width, boolean up) {
    int digits = 1 - (int) Math.floor(FastMath.log10(width));
    return new BigDecimal(value)
        .setScale(digits, up ? RoundingMode.CEILING : RoundingMode.FLOOR)
        .doubleValue();
  }
}
