package dev.telltale.jobs.engine;

import dev.telltale.experiment.ArmState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import scala.Tuple2;

/** Merges the states of an arm that tasks made. */
public final class ArmMerge {
  private ArmMerge() {}

  /**
   * One state of all, merged in the order of the tasks, so that two runs agree to the last bit.
   *
   * @param parts number of the task and bytes of its state; at least one
   */
  public static byte[] inOrder(Iterable<Tuple2<Integer, byte[]>> parts) {
    List<Tuple2<Integer, byte[]>> ordered = new ArrayList<>();
    parts.forEach(ordered::add);
    ordered.sort(Comparator.comparing(part -> part._1));
    ArmState state = ArmState.read(ordered.get(0)._2);
    for (Tuple2<Integer, byte[]> part : ordered.subList(1, ordered.size())) {
      state.merge(ArmState.read(part._2));
    }
    return state.toBytes();
  }
}
