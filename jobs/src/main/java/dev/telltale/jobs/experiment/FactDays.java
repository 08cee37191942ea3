package dev.telltale.jobs.experiment;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.experiment.QuantileState;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.SqlColumn;
import dev.telltale.jobs.lake.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** A source of facts as a table: what its units did, day by day. */
final class FactDays {
  /** Day of a row. */
  static final String DAY = "telltale_day";

  /** Unit of a row, as text. */
  static final String UNIT = "telltale_unit";

  /** Time of a row. */
  static final String TIME = "telltale_time";

  private static final String SUM = "telltale_sum_";

  /** The bin of a number; null of what is none. */
  private static final UserDefinedFunction BIN =
      functions.udf(
          (UDF1<Double, Integer>)
              value -> value == null || !Double.isFinite(value) ? null : QuantileState.bin(value),
          DataTypes.IntegerType);

  private final FactSource source;
  private final SourceTable table;
  private final List<Column> addends = new ArrayList<>();

  /**
   * Opens the table.
   *
   * @throws dev.telltale.error.TelltaleException if it, a column or an SQL expression is not what
   *     was declared (exit 2 or 3)
   */
  FactDays(Lake lake, FactSource source) {
    this.source = source;
    this.table = lake.source(source.table());
    table.require(source.unit(), "unit of a metric");
    table.requireTimestamp(source.eventTime(), "event time of a metric");
    for (FactSource.Sum sum : source.sums()) {
      addends.add(addend(sum));
    }
  }

  /** What it is made of. */
  KeptDays.Input input() {
    return new KeptDays.Input(table, source.eventTime());
  }

  FactSource source() {
    return source;
  }

  private Column addend(FactSource.Sum sum) {
    Column counts =
        sum.where()
            .map(sql -> coalesce(SqlColumn.CONDITION.of("metrics.where", sql, table), lit(false)))
            .orElse(lit(true));
    Column addend = lit(1.0);
    if (sum.value().isPresent()) {
      Column value = SqlColumn.NUMBER.of("metrics.value", sum.value().get(), table).cast("double");
      counts = counts.and(value.isNotNull());
      addend = sum.of() == FactSource.Of.COUNT ? addend : value;
    }
    return sum.of() == FactSource.Of.BINS
        ? functions.when(counts, BIN.apply(addend))
        : functions.when(counts, addend).otherwise(lit(0.0));
  }

  /** Facts of some days with {@link #DAY}, {@link #UNIT}, {@link #TIME} and what each adds. */
  Dataset<Row> rows(SortedSet<Instant> days) {
    List<Column> columns = new ArrayList<>();
    Column time = column(source.eventTime());
    columns.add(functions.to_date(time).as(DAY));
    columns.add(column(source.unit()).cast("string").as(UNIT));
    columns.add(time.as(TIME));
    for (int i = 0; i < addends.size(); i++) {
      columns.add(addends.get(i).as(SUM + i));
    }
    return table
        .data(source.eventTime(), TimeRange.of(Granularity.DAY, days))
        .select(columns.toArray(Column[]::new))
        .where(col(UNIT).isNotNull());
  }

  /**
   * The values of groups of {@link #rows}: the sums, or pairs of bin and number of facts in it.
   *
   * @param keys columns of the groups
   * @return the keys and {@code values}
   */
  Dataset<Row> summed(Dataset<Row> rows, String... keys) {
    Column[] columns = Arrays.stream(keys).map(functions::col).toArray(Column[]::new);
    if (!source.isBins()) {
      return rows.groupBy(columns)
          .agg(
              functions
                  .array(
                      IntStream.range(0, addends.size())
                          .mapToObj(i -> functions.sum(col(SUM + i)))
                          .toArray(Column[]::new))
                  .as("values"));
    }
    Column[] withBin = Arrays.copyOf(columns, columns.length + 1);
    withBin[columns.length] = col(SUM + 0);
    return rows.where(col(SUM + 0).isNotNull())
        .groupBy(withBin)
        .agg(functions.count(lit(1)).as("count"))
        .groupBy(columns)
        .agg(
            functions
                .flatten(
                    functions.sort_array(
                        functions.collect_list(
                            functions.array(
                                col(SUM + 0).cast("double"), col("count").cast("double")))))
                .as("values"));
  }

  /** The sums of each unit and day: the columns {@link #DAY}, {@link #UNIT} and {@code values}. */
  Dataset<Row> units(SortedSet<Instant> days) {
    return summed(rows(days), DAY, UNIT)
        // What adds nothing is as good as absent.
        .where(functions.exists(col("values"), value -> value.notEqual(0.0)));
  }
}
