package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.functions;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * Which days of a model a result table has, and which of them changed; from the partitions that the
 * table's log names, without opening a file.
 */
public final class ResultDays {
  private final SourceTable table;
  private final String modelId;
  private final String granularity;

  private ResultDays(SourceTable table, String modelId, String granularity) {
    this.table = table;
    this.modelId = modelId;
    this.granularity = granularity;
  }

  /** The days of a table that is partitioned by window, at the version of the lake's view. */
  public static ResultDays of(Lake lake, Tables table, String modelId, Granularity granularity) {
    return new ResultDays(lake.resultTable(table), modelId, granularity.label());
  }

  /** Days on which a window with rows starts. */
  public SortedSet<LocalDate> present() {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (Row row :
        table
            .snapshot()
            .allFiles()
            .toDF()
            .where(value("model_id").equalTo(modelId))
            .where(value("granularity").equalTo(granularity))
            .select(value("window_date"))
            .collectAsList()) {
      days.add(LocalDate.parse(row.getString(0)));
    }
    return days;
  }

  /** The newest day with rows of each model and granularity, as rows of these three. */
  public static List<Row> newest(Lake lake, Tables table) {
    return lake.resultTable(table)
        .snapshot()
        .allFiles()
        .toDF()
        .groupBy(value("model_id").as("model_id"), value("granularity").as("granularity"))
        .agg(functions.max(value("window_date")).cast("date").as("window_date"))
        .orderBy("model_id", "granularity")
        .collectAsList();
  }

  private static Column value(String column) {
    return functions.col("partitionValues").getItem(column);
  }

  /**
   * Days whose rows were written or removed after version {@code since}, up to the view's version.
   *
   * @return empty if the commits since then are no longer in the log
   */
  public Optional<SortedSet<LocalDate>> touchedSince(long since) {
    SortedSet<LocalDate> days = new TreeSet<>();
    long next = since + 1;
    for (Tuple2<Object, scala.collection.Seq<Action>> commit :
        JavaConverters.asJavaIterable(
            table.log().getChanges(next, table.version(), false).toIterable())) {
      if ((Long) commit._1 != next++) {
        return Optional.empty();
      }
      for (Action action : JavaConverters.seqAsJavaList(commit._2)) {
        if (action instanceof AddFile add && add.dataChange()) {
          addDay(days, JavaConverters.mapAsJavaMap(add.partitionValues()));
        } else if (action instanceof RemoveFile remove && remove.dataChange()) {
          addDay(days, JavaConverters.mapAsJavaMap(remove.partitionValues()));
        }
      }
    }
    boolean complete = since >= table.version() || next == table.version() + 1;
    return complete ? Optional.of(days) : Optional.empty();
  }

  private void addDay(SortedSet<LocalDate> days, Map<String, String> partition) {
    if (modelId.equals(partition.get("model_id"))
        && granularity.equals(partition.get("granularity"))) {
      days.add(LocalDate.parse(partition.get("window_date")));
    }
  }
}
