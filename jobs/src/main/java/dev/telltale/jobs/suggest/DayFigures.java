package dev.telltale.jobs.suggest;

import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;

/** A column on a day, as numbers. */
final class DayFigures {
  private static final int LABELS = 5;

  private final Instant day;
  private final double[] numbers;

  DayFigures(Instant day, double[] numbers) {
    this.day = day;
    this.numbers = numbers;
  }

  static double[] of(ColumnState state) {
    if (state instanceof NumericState number) {
      return new double[] {
        number.rows(),
        number.nulls() + number.nans(),
        number.min(),
        number.max(),
        number.moments().mean(),
        number.negativeInfinities() + number.positiveInfinities()
      };
    }
    CategoryState category = (CategoryState) state;
    long[] known = category.known();
    double[] numbers = new double[LABELS + known.length];
    numbers[0] = category.rows();
    numbers[1] = category.nulls();
    numbers[2] = category.minLength();
    numbers[3] = category.maxLength();
    numbers[4] = category.unseen();
    for (int i = 0; i < known.length; i++) {
      numbers[LABELS + i] = known[i];
    }
    return numbers;
  }

  Instant day() {
    return day;
  }

  long rows() {
    return (long) numbers[0];
  }

  long missing() {
    return (long) numbers[1];
  }

  long values() {
    return rows() - missing();
  }

  double min() {
    return numbers[2];
  }

  double max() {
    return numbers[3];
  }

  double mean() {
    return numbers[4];
  }

  double infinite() {
    return numbers[5];
  }

  long label(int code) {
    return (long) numbers[LABELS + code];
  }
}
