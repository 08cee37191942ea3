package dev.telltale.jobs.quality;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SmallData;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of windows of the finest granularity: as they are labelled, and as they are logged. */
final class WindowRows {
  private final Lake lake;
  private final ModelConfig model;
  private final Granularity finest;
  private final SourceTable log;

  WindowRows(Lake lake, ModelConfig model) {
    this.lake = lake;
    this.model = model;
    this.finest = model.granularities().get(0);
    this.log = lake.predictions(model);
  }

  /** The prediction log. */
  SourceTable log() {
    return log;
  }

  /** The rows of {@code labelled} of a feedback source. */
  Dataset<Row> labelled(String source, NavigableSet<Instant> starts) {
    Column inWindows =
        TimeRange.of(finest, starts).stream()
            .map(
                range ->
                    col(RankedQueries.EVENT)
                        .geq(lit(Timestamp.from(range.from())))
                        .and(col(RankedQueries.EVENT).lt(lit(Timestamp.from(range.to())))))
            .reduce(Column::or)
            .orElseThrow();
    WindowScope days =
        WindowScope.of(model.model(), Granularity.DAY, WindowScope.daysOf(finest, starts));
    return SmallData.together(lake.read(Tables.LABELLED, days))
        .where(col("source").equalTo(source).and(inWindows));
  }

  /** The rows of the log: columns of it, {@code prediction_id} and {@code event_ts}. */
  Dataset<Row> logged(NavigableSet<Instant> starts, List<Column> columns) {
    ModelConfig.Predictions named = model.predictions();
    List<Column> chosen = new ArrayList<>(columns);
    chosen.add(column(named.id()).cast("string").as(RankedQueries.ID));
    chosen.add(column(named.eventTime()).as(RankedQueries.EVENT));
    return SmallData.together(Telemetry.of(log, named).rows(TimeRange.of(finest, starts)))
        .select(chosen.toArray(Column[]::new))
        .where(col(RankedQueries.ID).isNotNull());
  }
}
