package dev.telltale.jobs.experiment;

import dev.telltale.experiment.ArmState;
import java.util.Map;
import java.util.TreeMap;

/** The values of the facts of one unit, in bins. */
final class UnitBins {
  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  /**
   * Adds those of a day.
   *
   * @param pairs of bin and number
   */
  void add(double[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      counts.merge((int) pairs[i], (long) pairs[i + 1], Long::sum);
    }
  }

  /** Forgets them. */
  void clear() {
    counts.clear();
  }

  /** Adds the unit to an arm. */
  void addTo(ArmState state, int block) {
    int[] bins = new int[counts.size()];
    long[] numbers = new long[bins.length];
    int i = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      bins[i] = entry.getKey();
      numbers[i] = entry.getValue();
      i++;
    }
    state.add(block, bins, numbers, bins.length);
  }
}
