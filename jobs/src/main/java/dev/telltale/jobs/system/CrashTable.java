package dev.telltale.jobs.system;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.SystemQuality;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.system.CrashText;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** The table of crash reports. */
final class CrashTable {
  /** Signatures of a window that are kept apart: as many as anybody reads. */
  static final int MOST = 200;

  private static final int SIGNATURE = 16;
  private static final String WINDOW = "window";
  private static final String VERSION = "version";
  private static final String TEXT = "signature";
  private static final String TITLE = "title";
  private static final String CRASHES = "crashes";
  private static final String FIRST = "first";
  private static final String LAST = "last";

  private static final UserDefinedFunction STACK =
      functions.udf((UDF1<String, String>) CrashText::ofStack, DataTypes.StringType);
  private static final UserDefinedFunction MESSAGE =
      functions.udf((UDF1<String, String>) CrashText::ofMessage, DataTypes.StringType);
  private static final UserDefinedFunction FIRST_LINE =
      functions.udf((UDF1<String, String>) CrashText::title, DataTypes.StringType);

  private final SystemQuality.Crashes declared;
  private final SourceTable table;
  private final Granularity granularity;

  /**
   * Opens it.
   *
   * @throws dev.telltale.error.TelltaleException if it or a column is not there (exit 3)
   */
  CrashTable(Lake lake, SystemQuality.Crashes declared, Granularity granularity) {
    this.declared = declared;
    this.table = lake.source(declared.table());
    this.granularity = granularity;
    table.requireTimestamp(declared.eventTime(), "time of a crash");
    declared.version().ifPresent(name -> table.require(name, "version of a crash"));
    declared.message().ifPresent(name -> table.require(name, "message of a crash"));
    declared.stack().ifPresent(name -> table.require(name, "stack of a crash"));
  }

  Telemetry reports() {
    return Telemetry.of(table, declared.eventTime());
  }

  /** The groups of some windows. */
  List<CrashGroup> groups(SortedSet<Instant> windows) {
    List<CrashGroup> groups = new ArrayList<>();
    if (windows.isEmpty()) {
      return groups;
    }
    Column time = OutcomeColumns.column(declared.eventTime());
    Column none = lit(null).cast("string");
    Column message = declared.message().map(CrashTable::text).orElse(none);
    Column stack = declared.stack().map(CrashTable::text).orElse(none);
    Column text = functions.coalesce(STACK.apply(stack), MESSAGE.apply(message), lit(""));
    Dataset<Row> counted =
        table
            .data(declared.eventTime(), TimeRange.of(granularity, windows))
            .select(
                functions.date_trunc(granularity.name(), time).as(WINDOW),
                declared.version().map(CrashTable::text).orElse(none).as(VERSION),
                functions.substring(functions.sha2(text, 256), 1, SIGNATURE).as(TEXT),
                functions
                    .coalesce(FIRST_LINE.apply(functions.coalesce(message, stack)), lit(""))
                    .as(TITLE),
                time.as(FIRST))
            .groupBy(WINDOW, VERSION, TEXT)
            .agg(
                functions.count(lit(1)).as(CRASHES),
                functions.max(FIRST).as(LAST),
                functions.min(FIRST).as(FIRST),
                functions.min(functions.struct(col(FIRST), col(TITLE))).getField(TITLE).as(TITLE));
    Column rank =
        functions
            .row_number()
            .over(Window.partitionBy(WINDOW).orderBy(col(CRASHES).desc(), col(TEXT), col(VERSION)));
    Column named = rank.leq(MOST);
    counted
        .select(
            col(WINDOW),
            col(VERSION),
            functions.when(named, col(TEXT)).otherwise(CrashGroup.OTHER).as(TEXT),
            functions.when(named, col(TITLE)).otherwise("").as(TITLE),
            col(CRASHES),
            col(FIRST),
            col(LAST))
        .groupBy(WINDOW, VERSION, TEXT, TITLE)
        .agg(
            functions.sum(CRASHES).as(CRASHES),
            functions.min(FIRST).as(FIRST),
            functions.max(LAST).as(LAST))
        .collectAsList()
        .forEach(row -> groups.add(group(row)));
    return groups;
  }

  private static Column text(String column) {
    return OutcomeColumns.column(column).cast("string");
  }

  private static CrashGroup group(Row row) {
    return new CrashGroup(
        row.<Timestamp>getAs(WINDOW).toInstant(),
        row.getAs(VERSION),
        row.getAs(TEXT),
        row.getAs(TITLE),
        row.<Long>getAs(CRASHES),
        row.<Timestamp>getAs(FIRST).toInstant(),
        row.<Timestamp>getAs(LAST).toInstant());
  }
}
