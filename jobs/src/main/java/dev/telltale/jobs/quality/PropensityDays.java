package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.lit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * The days whose predictions are weighted, each with the least propensity that is believed. Lives
 * on the driver.
 */
final class PropensityDays {
  /**
   * So that no label stands for more than a hundred predictions: one that is as rare says too
   * little to decide a metric. What is cut off is shown as the missing overlap.
   */
  static final double LEAST = 0.01;

  /**
   * Where few are labelled at all, as those are that people annotate, every propensity is small;
   * there a label stands for up to ten times as many predictions as the average one.
   */
  private static final double LEAST_OF_COVERAGE = 0.1;

  private final LocalDate first;
  private final int[] indexOf;
  private final List<Double> clips;

  private PropensityDays(LocalDate first, int[] indexOf, List<Double> clips) {
    this.first = first;
    this.indexOf = indexOf;
    this.clips = clips;
  }

  /**
   * The days.
   *
   * @param known of each day predictions and labels; not empty
   */
  static PropensityDays of(SortedMap<Instant, long[]> known) {
    TreeMap<LocalDate, long[]> days = new TreeMap<>();
    known.forEach((day, counts) -> days.put(day.atZone(ZoneOffset.UTC).toLocalDate(), counts));
    LocalDate first = days.firstKey();
    int[] indexOf = new int[(int) ChronoUnit.DAYS.between(first, days.lastKey()) + 1];
    Arrays.fill(indexOf, -1);
    List<Double> clips = new ArrayList<>();
    days.forEach(
        (day, counts) -> {
          indexOf[(int) ChronoUnit.DAYS.between(first, day)] = clips.size();
          clips.add(Math.min(LEAST, LEAST_OF_COVERAGE * counts[1] / counts[0]));
        });
    return new PropensityDays(first, indexOf, clips);
  }

  /** Number of days. */
  int size() {
    return clips.size();
  }

  /** Index of the day of a time: int. */
  Column index(Column time) {
    Column since = functions.datediff(functions.to_date(time), lit(java.sql.Date.valueOf(first)));
    return functions.get(lit(indexOf), since);
  }

  /** Least propensity of a day by its index: double, above 0. */
  Column clip(Column index) {
    return functions.get(lit(clips.stream().mapToDouble(Double::doubleValue).toArray()), index);
  }
}
