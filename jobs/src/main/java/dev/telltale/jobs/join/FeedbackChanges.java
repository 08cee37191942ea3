package dev.telltale.jobs.join;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.ChangeReader;
import dev.telltale.jobs.lake.SmallData;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TimeRange;
import java.sql.Date;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Which days feedback is about that came, went or was corrected since a version of its table.
 *
 * @param days starts of the days of the predictions
 * @param orphans ids that no prediction has, as far back as predictions are restated
 */
record FeedbackChanges(SortedSet<Instant> days, long orphans) {
  /**
   * Finds them.
   *
   * @param to end of the night's interval; predictions are restated so far back from there
   * @return empty if the commits since then are no longer in the log
   */
  static Optional<FeedbackChanges> since(
      long version,
      FeedbackTable feedback,
      SourceTable predictions,
      ModelConfig model,
      Instant to) {
    if (version >= feedback.table().version()) {
      return Optional.of(new FeedbackChanges(new TreeSet<>(), 0));
    }
    return ChangeReader.changedRows(feedback.table(), version, feedback.columns())
        .map(changed -> about(changed, feedback, predictions, model, to));
  }

  private static FeedbackChanges about(
      Dataset<Row> changed,
      FeedbackTable feedback,
      SourceTable predictions,
      ModelConfig model,
      Instant to) {
    String eventTime = model.predictions().eventTime();
    Dataset<Row> news =
        SmallData.together(
            changed.select(column(feedback.source().id()).cast("string").as(FeedbackTable.ID)));
    Dataset<Row> said =
        SmallData.together(
            Telemetry.of(predictions, model.predictions())
                .rows(List.of(new TimeRange(to.minus(model.quality().restateWithin()), to)))
                .select(
                    column(model.predictions().id()).cast("string").as("said_id"),
                    functions.to_date(column(eventTime)).as("said_day")));
    SortedSet<Instant> days = new TreeSet<>();
    long orphans = 0;
    for (Row day :
        news.where(col(FeedbackTable.ID).isNotNull())
            .distinct()
            .join(said, col(FeedbackTable.ID).equalTo(col("said_id")), "left")
            .groupBy(col("said_day"))
            .count()
            .collectAsList()) {
      Date date = day.getDate(0);
      if (date == null) {
        orphans = day.getLong(1);
      } else {
        days.add(date.toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant());
      }
    }
    return new FeedbackChanges(days, orphans);
  }
}
