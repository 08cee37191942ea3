package dev.telltale.jobs.kpi;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Kpi;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.TimeRange;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The table of events of one KPI. */
final class KpiTable {
  /** Id of the prediction; null for events of none. */
  static final String ID = "telltale_id";

  /** Index of the KPI. */
  static final String KPI = "kpi";

  /** Microseconds since 1970. */
  static final String AT = "at";

  /** What the event is worth. */
  static final String VALUE = "value";

  private final Kpi kpi;
  private final int index;
  private final SourceTable table;

  private KpiTable(Kpi kpi, int index, SourceTable table) {
    this.kpi = kpi;
    this.index = index;
    this.table = table;
  }

  /**
   * Opens the table.
   *
   * @throws dev.telltale.error.TelltaleException if the table or a column is missing or of a type
   *     that cannot be what it was declared to be (exit 3)
   */
  static KpiTable open(Lake lake, Kpi kpi, int index) {
    SourceTable table = lake.source(kpi.table());
    List<String> needed = new ArrayList<>(List.of(kpi.eventTime()));
    kpi.value().ifPresent(needed::add);
    kpi.id().ifPresent(needed::add);
    needed.forEach(name -> table.require(name, "KPI " + kpi.name()));
    table.requireTimestamp(kpi.eventTime(), "event time of KPI " + kpi.name());
    kpi.value().ifPresent(name -> table.requireNumber(name, "value of KPI " + kpi.name()));
    return new KpiTable(kpi, index, table);
  }

  /** Whether events name the prediction that led to them. */
  boolean isOfPredictions() {
    return kpi.id().isPresent();
  }

  /** Events in some ranges of time that have a value, and an id where they should. */
  Dataset<Row> events(List<TimeRange> ranges) {
    Column value = kpi.value().map(name -> column(name).cast("double")).orElse(lit(1.0));
    Column id = kpi.id().map(name -> column(name).cast("string")).orElse(lit(null).cast("string"));
    Dataset<Row> events =
        table
            .data(kpi.eventTime(), ranges)
            .select(
                id.as(ID),
                lit(index).as(KPI),
                functions.unix_micros(column(kpi.eventTime())).as(AT),
                value.as(VALUE))
            .where(col(VALUE).isNotNull().and(functions.not(functions.isnan(col(VALUE)))));
    return isOfPredictions() ? events.where(col(ID).isNotNull()) : events;
  }
}
