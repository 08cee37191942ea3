package dev.telltale.jobs.sample;

import dev.telltale.config.Sampling;
import dev.telltale.error.Errors;
import dev.telltale.sampling.StratumRates;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The strata of some days and the rate of each. */
final class Strata {
  /** More have a row or two each, and a rate of their own says nothing. */
  private static final int MOST = 10_000;

  private static final StructType RATES =
      new StructType()
          .add(Draw.DAY, DataTypes.DateType)
          .add(Draw.STRATUM, DataTypes.StringType)
          .add(Draw.RATE, DataTypes.DoubleType)
          .add(Draw.SIZE, DataTypes.DoubleType);

  /**
   * One stratum of one day.
   *
   * @param rows rows with an id
   * @param whole of them, those kept for certain
   * @param deviation standard deviation of the measure; NaN where it is not known
   * @param rate probability of any other row
   */
  record Stratum(String name, long rows, long whole, double deviation, double rate) {
    long drawable() {
      return rows - whole;
    }
  }

  private final Sampling sampling;
  private final NavigableMap<LocalDate, List<Stratum>> days = new TreeMap<>();
  private long rowsWithoutId;

  private Strata(Sampling sampling) {
    this.sampling = sampling;
  }

  /**
   * The strata and their rates.
   *
   * @param counted what {@link Draw#counted} gives
   * @param table the telemetry, for the error
   * @param plans the plan of each day that has one, by stratum; of null for any other
   * @param numberOfDays how many days there can be
   * @throws dev.telltale.error.TelltaleException if a day has too many strata (exit 3)
   */
  static Strata of(
      Sampling sampling,
      Dataset<Row> counted,
      Map<LocalDate, Map<String, Double>> plans,
      String table,
      int numberOfDays) {
    Strata strata = new Strata(sampling);
    SortedMap<LocalDate, List<Stratum>> days = new TreeMap<>();
    // One more than all days may have: then one of them has too many.
    int most = MOST * numberOfDays + 1;
    for (Row row : counted.orderBy(Draw.DAY, Draw.STRATUM).limit(most).collectAsList()) {
      strata.rowsWithoutId += row.<Long>getAs("without_id");
      Double deviation = row.getAs("deviation");
      List<Stratum> day =
          days.computeIfAbsent(
              row.<Date>getAs(Draw.DAY).toLocalDate(), absent -> new ArrayList<>());
      if (day.size() == MOST) {
        throw Errors.tooManyStrata(table, String.join(", ", sampling.strata()), MOST);
      }
      day.add(
          new Stratum(
              row.getAs(Draw.STRATUM),
              row.<Long>getAs("rows"),
              row.<Long>getAs("whole"),
              deviation == null ? Double.NaN : deviation,
              Double.NaN));
    }
    days.forEach(
        (day, some) -> strata.days.put(day, strata.rated(some, plans.getOrDefault(day, Map.of()))));
    return strata;
  }

  private List<Stratum> rated(List<Stratum> strata, Map<String, Double> plan) {
    long[] counts = strata.stream().mapToLong(Stratum::drawable).toArray();
    double value = sampling.amount().value();
    double[] rates =
        switch (sampling.amount().kind()) {
          case RATE ->
              StratumRates.atRate(sampling.allocation(), counts, deviations(strata), value);
          case ROWS_PER_DAY, COST_PER_DAY ->
              StratumRates.of(
                  sampling.allocation(),
                  counts,
                  deviations(strata),
                  sampling.budget((double) Arrays.stream(counts).sum()));
          case ROWS_PER_STRATUM ->
              strata.stream().mapToDouble(one -> Math.min(1, value / one.drawable())).toArray();
        };
    List<Stratum> rated = new ArrayList<>();
    for (int i = 0; i < rates.length; i++) {
      Stratum one = strata.get(i);
      double rate = plan.isEmpty() ? rates[i] : plan.getOrDefault(one.name(), plan.get(null));
      rated.add(new Stratum(one.name(), one.rows(), one.whole(), one.deviation(), rate));
    }
    return rated;
  }

  private static double[] deviations(List<Stratum> strata) {
    return strata.stream().mapToDouble(Stratum::deviation).toArray();
  }

  /** What {@link Draw#drawn} reads. */
  Dataset<Row> rates(SparkSession spark) {
    boolean fixed = sampling.amount().kind() == Sampling.AmountKind.ROWS_PER_STRATUM;
    Double size = fixed ? sampling.amount().value() : null;
    List<Row> rows = new ArrayList<>();
    days.forEach(
        (day, strata) ->
            strata.forEach(
                one ->
                    rows.add(RowFactory.create(Date.valueOf(day), one.name(), one.rate(), size))));
    return spark.createDataFrame(rows, RATES);
  }

  /** By day. */
  NavigableMap<LocalDate, List<Stratum>> days() {
    return days;
  }

  /** Rows with an id. */
  long rows() {
    return days.values().stream().flatMap(List::stream).mapToLong(Stratum::rows).sum();
  }

  /** Rows without one, which nothing can decide about. */
  long rowsWithoutId() {
    return rowsWithoutId;
  }

  /** Number of different strata. */
  long size() {
    return days.values().stream().flatMap(List::stream).map(Stratum::name).distinct().count();
  }
}
