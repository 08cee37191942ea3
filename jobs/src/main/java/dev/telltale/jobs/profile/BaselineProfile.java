package dev.telltale.jobs.profile;

import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.SlicePlan;
import java.util.List;

/**
 * A baseline that has been profiled.
 *
 * @param id {@code TABLE@VERSION#HASH}; the hash is of what was asked of it
 * @param columns its columns with their anchors; those that are skipped among them
 * @param slices slices with the values that are kept apart
 */
public record BaselineProfile(String id, List<ColumnPlan> columns, List<SlicePlan> slices) {
  /** The columns that have states, in the order that the states' keys index. */
  public List<ColumnPlan> summarised() {
    return columns.stream().filter(column -> column.kind().summarised()).toList();
  }
}
