package dev.telltale.jobs.engine;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Learns in one pass what the counts of columns are to be anchored on. */
public final class AnchorLearner {
  private AnchorLearner() {}

  /**
   * What was learned of a column.
   *
   * @param anchors the values to keep counts on
   * @param complete whether these are all the values it has
   */
  public record Learned(Anchors anchors, boolean complete) {}

  /**
   * Anchors by column name.
   *
   * @param limit so many different values of a column are kept exactly
   * @param columns summarised ones; their own anchors do not matter
   */
  public static Map<String, Learned> learn(
      SparkSession spark, Dataset<Row> data, List<ColumnPlan> columns, int limit) {
    Anchors learning = Anchors.learn(limit);
    PassPlan plan =
        PassPlan.whole(
            columns.stream().map(column -> column.withAnchors(learning)).toList(), List.of());
    Map<String, Learned> learned = new HashMap<>();
    try (FusedPass pass = FusedPass.over(spark, data, plan)) {
      pass.states()
          .filter(state -> state._1.column() != StateKey.TABLE)
          .mapToPair(
              state -> {
                ColumnState read =
                    StateFormat.read(state._2, plan.columns().get(state._1.column()).anchors());
                return new Tuple2<>(
                    state._1.column(),
                    new Tuple2<>(StateFormat.write(read.learned()), read.learnedAll()));
              })
          .collect()
          .forEach(
              column ->
                  learned.put(
                      columns.get(column._1).name(),
                      new Learned(StateFormat.readAnchors(column._2._1), column._2._2)));
    }
    return learned;
  }
}
