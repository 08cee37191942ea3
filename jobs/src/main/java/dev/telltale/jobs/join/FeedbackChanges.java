package dev.telltale.jobs.join;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;

import dev.telltale.jobs.lake.ChangeReader;
import dev.telltale.jobs.lake.SmallData;
import java.sql.Date;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which days feedback is about that came, went or was corrected since a version of its table.
 *
 * @param days starts of the days of the predictions, with the number of predictions it is about
 * @param orphans ids that no prediction has, as far back as predictions are restated
 */
record FeedbackChanges(NavigableMap<Instant, Long> days, long orphans) {
  /**
   * Finds them.
   *
   * @param logged the predictions
   * @return empty if the commits since then are no longer in the log
   */
  static Optional<FeedbackChanges> since(long version, FeedbackTable feedback, LoggedIds logged) {
    if (version >= feedback.table().version()) {
      return Optional.of(new FeedbackChanges(new TreeMap<>(), 0));
    }
    return ChangeReader.changedRows(feedback.table(), version, feedback.columns())
        .map(changed -> about(changed, feedback, logged));
  }

  private static FeedbackChanges about(
      Dataset<Row> changed, FeedbackTable feedback, LoggedIds logged) {
    Dataset<Row> news =
        SmallData.together(
            changed.select(column(feedback.source().id()).cast("string").as(FeedbackTable.ID)));
    Dataset<Row> said = SmallData.together(logged.rows());
    NavigableMap<Instant, Long> days = new TreeMap<>();
    long orphans = 0;
    for (Row day :
        news.where(col(FeedbackTable.ID).isNotNull())
            .distinct()
            .join(said, col(FeedbackTable.ID).equalTo(col(LoggedIds.ID)), "left")
            .groupBy(col(LoggedIds.DAY))
            .count()
            .collectAsList()) {
      Date date = day.getDate(0);
      if (date == null) {
        orphans = day.getLong(1);
      } else {
        days.put(date.toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant(), day.getLong(1));
      }
    }
    return new FeedbackChanges(days, orphans);
  }
}
