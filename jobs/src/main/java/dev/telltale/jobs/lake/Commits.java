package dev.telltale.jobs.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What was committed to a table, straight from its log. */
final class Commits {
  private Commits() {}

  /**
   * The actions of the commits after version {@code since}, up to {@code version}, in order.
   *
   * @return empty if one of the commits is no longer in the log; no actions if there was none
   */
  static Optional<List<Action>> between(DeltaLog log, long since, long version) {
    List<Action> actions = new ArrayList<>();
    long next = since + 1;
    for (Tuple2<Object, Seq<Action>> commit :
        JavaConverters.asJavaIterable(log.getChanges(next, version, false).toIterable())) {
      if ((Long) commit._1 != next++) {
        return Optional.empty();
      }
      actions.addAll(JavaConverters.seqAsJavaList(commit._2));
    }
    boolean complete = since >= version || next == version + 1;
    return complete ? Optional.of(actions) : Optional.empty();
  }
}
