package dev.telltale.jobs.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.actions.RemoveFile;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What was committed to a table, straight from its log. */
final class Commits {
  private Commits() {}

  /** How a commit of {@code maintain} is known: rows went because of their age or their subject. */
  static final String MAINTAINED = "\"job\":\"maintain\"";

  /**
   * The actions of the commits after version {@code since}, up to {@code version}, in order. What
   * {@code maintain} has dropped or erased is no change of data: nothing follows from it.
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
      List<Action> committed = JavaConverters.seqAsJavaList(commit._2);
      boolean maintained = committed.stream().anyMatch(Commits::isMaintenance);
      committed.forEach(action -> actions.add(maintained ? withoutChange(action) : action));
    }
    boolean complete = since >= version || next == version + 1;
    return complete ? Optional.of(actions) : Optional.empty();
  }

  private static boolean isMaintenance(Action action) {
    return action instanceof CommitInfo info
        && info.userMetadata().isDefined()
        && info.userMetadata().get().contains(MAINTAINED);
  }

  private static Action withoutChange(Action action) {
    if (action instanceof AddFile add) {
      return add.copy(
          add.path(),
          add.partitionValues(),
          add.size(),
          add.modificationTime(),
          false,
          add.stats(),
          add.tags(),
          add.deletionVector(),
          add.baseRowId(),
          add.defaultRowCommitVersion(),
          add.clusteringProvider());
    }
    if (action instanceof RemoveFile remove) {
      return remove.copy(
          remove.path(),
          remove.deletionTimestamp(),
          false,
          remove.extendedFileMetadata(),
          remove.partitionValues(),
          remove.size(),
          remove.tags(),
          remove.deletionVector(),
          remove.baseRowId(),
          remove.defaultRowCommitVersion(),
          remove.stats());
    }
    return action;
  }
}
