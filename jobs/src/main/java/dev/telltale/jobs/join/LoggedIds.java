package dev.telltale.jobs.join;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The predictions that feedback may still be about, as far back as they are restated.
 *
 * @param kept predictions before are dropped from the log; {@code labelled} may still know them
 */
record LoggedIds(Lake lake, SourceTable predictions, NightSpec spec, Instant kept) {
  static final String ID = "said_id";
  static final String DAY = "said_day";

  /** Their ids with their days. */
  Dataset<Row> rows() {
    ModelConfig model = spec.model();
    Instant from = spec.to().minus(model.quality().restateWithin());
    String eventTime = model.predictions().eventTime();
    Dataset<Row> logged =
        Telemetry.of(predictions, model.predictions())
            .rows(List.of(new TimeRange(from, spec.to())))
            .select(
                column(model.predictions().id()).cast("string").as(ID),
                functions.to_date(column(eventTime)).as(DAY));
    if (!from.isBefore(kept)) {
      return logged;
    }
    WindowScope dropped =
        WindowScope.between(model.model(), Granularity.DAY, Granularity.DAY.floor(from), kept);
    return logged
        .where(column(DAY).geq(functions.lit(java.sql.Date.valueOf(WindowScope.date(kept)))))
        .union(
            lake.read(Tables.LABELLED, dropped)
                .select(col("prediction_id").as(ID), col("window_date").as(DAY))
                .distinct());
  }
}
