package dev.telltale.jobs.sample;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.error.Errors;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.lake.SampleTable;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.SqlColumn;
import dev.telltale.sampling.Lot;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;

/** Which rows of the telemetry are in the sample. */
final class Draw {
  static final String DAY = SampleTable.DAY;

  /** Values of the columns under {@code strata}, as text; kept in the sample. */
  static final String STRATUM = "telltale_stratum";

  /** Probability with which the row is in the sample; kept in it. */
  static final String PROBABILITY = "telltale_inclusion_probability";

  /** Probability of any row of the stratum that is not kept for certain. */
  static final String RATE = "telltale_rate";

  /** Rows that are kept of a stratum, exactly; null where the rate alone decides. */
  static final String SIZE = "telltale_size";

  private static final String LOT = "telltale_lot";
  private static final String WHOLE = "telltale_whole";
  private static final String PLACE = "telltale_place";
  private static final String ROWS = "telltale_rows";
  private static final String IDS = "telltale_ids";
  private static final String IDS_DAY = "telltale_ids_day";
  private static final List<String> OWN =
      List.of(DAY, STRATUM, PROBABILITY, RATE, SIZE, LOT, WHOLE, PLACE, Sampling.WEIGHT);

  /** Rows beyond the expected number that are ordered, in standard deviations: enough for ever. */
  private static final double MARGIN = 6;

  private final Sampling sampling;
  private final ModelConfig.Predictions log;
  private final List<String> columns;

  private Draw(Sampling sampling, ModelConfig.Predictions log, List<String> columns) {
    this.sampling = sampling;
    this.log = log;
    this.columns = columns;
  }

  /**
   * As declared, checked against the telemetry.
   *
   * @throws dev.telltale.error.TelltaleException if a column is missing or of another type, or a
   *     condition is none
   */
  static Draw of(Sampling sampling, ModelConfig.Predictions log, SourceTable telemetry) {
    List<String> columns = Arrays.asList(telemetry.schema().fieldNames());
    for (String own : OWN) {
      if (columns.contains(own)) {
        throw Errors.ownColumn(telemetry.location(), own);
      }
    }
    sampling.strata().forEach(name -> telemetry.require(name, "stratum"));
    sampling.unit().ifPresent(name -> telemetry.require(name, "unit of sampling"));
    if (sampling.allocation() == Sampling.Allocation.NEYMAN) {
      telemetry.requireNumber(sampling.measure().orElseThrow(), "measure of sampling");
    }
    for (String condition : sampling.whole()) {
      SqlColumn.CONDITION.of("sampling.whole", condition, telemetry);
    }
    return new Draw(sampling, log, columns);
  }

  /** Rows of each day and stratum, those kept for certain, and the spread of the measure. */
  Dataset<Row> counted(Dataset<Row> rows) {
    Column measure =
        sampling.allocation() == Sampling.Allocation.NEYMAN
            ? column(sampling.measure().orElseThrow()).cast("double")
            : lit(null).cast("double");
    return prepared(rows)
        .groupBy(col(DAY), col(STRATUM))
        .agg(
            functions.count(functions.when(id().isNotNull(), 1)).as("rows"),
            functions.count(functions.when(id().isNotNull().and(col(WHOLE)), 1)).as("whole"),
            functions.count(functions.when(id().isNull(), 1)).as("without_id"),
            functions
                .stddev_pop(
                    functions.when(
                        functions.not(col(WHOLE)).and(functions.not(functions.isnan(measure))),
                        measure))
                .as("deviation"));
  }

  /**
   * The sample: the columns of the telemetry, with day, stratum, probability and weight.
   *
   * @param rates {@link #DAY}, {@link #STRATUM}, {@link #RATE} and {@link #SIZE}
   */
  Dataset<Row> drawn(Dataset<Row> rows, Dataset<Row> rates) {
    Dataset<Row> rated =
        prepared(rows)
            .where(id().isNotNull())
            .join(
                functions.broadcast(rates),
                JavaConverters.asScalaBuffer(List.of(DAY, STRATUM)).toSeq(),
                "inner")
            .withColumn(LOT, lot());
    Column keeps = col(LOT).lt(col(RATE));
    Dataset<Row> kept =
        sampling.amount().kind() == Sampling.AmountKind.ROWS_PER_STRATUM
            ? fixed(rated)
            : rated.where(col(WHOLE).or(keeps));
    Column probability = functions.when(col(WHOLE), 1.0).otherwise(col(RATE));
    Column own = functions.coalesce(OutcomeColumns.inclusionWeight(log.weight()), lit(1.0));
    Column weight = own.divide(probability);
    List<Column> chosen = new ArrayList<>();
    columns.forEach(name -> chosen.add(column(name)));
    chosen.add(col(DAY));
    chosen.add(col(STRATUM));
    chosen.add(probability.as(PROBABILITY));
    chosen.add(weight.as(Sampling.WEIGHT));
    return kept.select(chosen.toArray(Column[]::new));
  }

  /** The rows with the least lots of each stratum: a simple random sample of exactly that size. */
  private Dataset<Row> fixed(Dataset<Row> rated) {
    Column size = col(SIZE);
    // Ordering all rows would be a sort of the telemetry; those that can be among the first are
    // few.
    Column few =
        col(LOT)
            .lt(
                col(RATE)
                    .multiply(
                        lit(1.0)
                            .plus(lit(MARGIN).divide(functions.sqrt(size)))
                            .plus(lit(1).divide(size))));
    Column place =
        functions
            .row_number()
            .over(
                Window.partitionBy(col(DAY), col(STRATUM), col(WHOLE))
                    .orderBy(col(LOT), id(), column(log.eventTime())));
    return rated
        .where(col(WHOLE).or(few))
        .withColumn(PLACE, place)
        .where(col(WHOLE).or(col(PLACE).leq(size)));
  }

  /** Days on which a sample has several rows with one id. */
  SortedSet<LocalDate> repeated(Dataset<Row> sample) {
    return sample
        .where(column(log.id()).isNotNull())
        .groupBy(col(DAY))
        .agg(functions.count(lit(1)).as(ROWS), functions.count_distinct(column(log.id())).as(IDS))
        .where(col(ROWS).gt(col(IDS)))
        .collectAsList()
        .stream()
        .map(row -> row.<Date>getAs(DAY).toLocalDate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The rows without those that repeat an id of their day.
   *
   * @param arrivals all rows
   * @param first columns that say which of several rows with one id counts: that with the least
   *     values
   * @param days days that have repeats
   */
  Dataset<Row> once(Dataset<Row> arrivals, List<String> first, SortedSet<LocalDate> days) {
    Dataset<Row> rows = arrivals.withColumn(DAY, functions.to_date(column(log.eventTime())));
    Dataset<Row> ids =
        rows.where(col(DAY).isInCollection(days))
            .groupBy(col(DAY).as(IDS_DAY), column(log.id()).as(IDS))
            .count()
            .where(col("count").gt(1));
    Column known = col(DAY).equalTo(col(IDS_DAY)).and(column(log.id()).equalTo(col(IDS)));
    Column place =
        functions
            .row_number()
            .over(
                Window.partitionBy(col(DAY), column(log.id()))
                    .orderBy(first.stream().map(OutcomeColumns::column).toArray(Column[]::new)));
    Dataset<Row> firsts =
        rows.join(ids, known, "left_semi")
            .withColumn(PLACE, place)
            .where(col(PLACE).equalTo(1))
            .drop(PLACE);
    return rows.join(ids, known, "left_anti").unionByName(firsts).drop(DAY);
  }

  /** Rows and weight that a sample has of each day and stratum. */
  static Dataset<Row> kept(Dataset<Row> sample) {
    return sample
        .groupBy(col(DAY), col(STRATUM))
        .agg(functions.count(lit(1)).as("rows"), functions.sum(col(Sampling.WEIGHT)).as("weight"));
  }

  private Column id() {
    return column(sampling.unit().orElse(log.id())).cast("string");
  }

  /** {@link Lot#of} as an expression. */
  private Column lot() {
    Column digits =
        functions.substring(
            functions.sha1(functions.concat(lit(Lot.PREFIX), id()).cast("binary")), 1, Lot.DIGITS);
    return functions
        .conv(digits, 16, 10)
        .cast("long")
        .cast("double")
        .divide(lit(Math.scalb(1.0, 4 * Lot.DIGITS)));
  }

  private Dataset<Row> prepared(Dataset<Row> rows) {
    Column whole =
        sampling.whole().stream()
            .map(condition -> functions.coalesce(functions.expr(condition), lit(false)))
            .reduce(Column::or)
            .orElse(lit(false));
    return rows.withColumn(DAY, functions.to_date(column(log.eventTime())))
        .withColumn(STRATUM, stratum())
        .withColumn(WHOLE, whole);
  }

  /** The stratum of some values of its columns. */
  static String stratum(List<String> names, List<String> values) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      parts.add(names.get(i) + "=" + values.get(i));
    }
    return String.join(", ", parts);
  }

  private Column stratum() {
    List<Column> parts = new ArrayList<>();
    for (String name : sampling.strata()) {
      parts.add(
          functions.concat(
              lit(name + "="), functions.coalesce(column(name).cast("string"), lit("NULL"))));
    }
    return functions.concat_ws(", ", parts.toArray(Column[]::new));
  }
}
