package dev.telltale.jobs.engine;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Merges the partial states of a key in a fixed order, so that the sum does not depend on which
 * part came first: moments and sketches are not associative to the last bit.
 */
public final class StateMerge {
  private StateMerge() {}

  /**
   * One state per key.
   *
   * @param parts states with their place in the order: the task of a scan, the window of a roll-up
   * @param plan the columns that the keys index
   * @param tasks reducers
   */
  public static JavaPairRDD<StateKey, byte[]> merge(
      JavaPairRDD<StateKey, Tuple2<Long, byte[]>> parts, Broadcast<PassPlan> plan, int tasks) {
    return parts
        .groupByKey(tasks)
        .mapToPair(group -> new Tuple2<>(group._1, merge(group._1, group._2, plan.value())));
  }

  private static byte[] merge(StateKey key, Iterable<Tuple2<Long, byte[]>> parts, PassPlan plan) {
    if (key.column() == IdBlocks.COLUMN) {
      return IdBlocks.count(parts);
    }
    if (key.column() == UnitCounts.COLUMN) {
      List<byte[]> units = new ArrayList<>();
      parts.forEach(part -> units.add(part._2));
      return UnitCounts.count(units, plan.minimumUnits());
    }
    List<Tuple2<Long, byte[]>> ordered = new ArrayList<>();
    parts.forEach(ordered::add);
    ordered.sort(Comparator.comparing(part -> part._1));
    if (ordered.size() == 1) {
      return ordered.get(0)._2;
    }
    boolean table = key.column() == StateKey.TABLE;
    Anchors anchors = table ? Anchors.NONE : plan.columns().get(key.column()).anchors();
    ColumnKind kind = table ? ColumnKind.TABLE : plan.columns().get(key.column()).kind();
    ColumnState state = ColumnState.create(kind, anchors);
    for (Tuple2<Long, byte[]> part : ordered) {
      state.merge(StateFormat.read(part._2, anchors));
    }
    return state.toBytes();
  }
}
