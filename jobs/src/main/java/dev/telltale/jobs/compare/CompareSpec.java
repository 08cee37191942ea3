package dev.telltale.jobs.compare;

import dev.telltale.drift.DriftPolicy;
import java.util.List;

/**
 * What is compared with what.
 *
 * @param reference path of the reference, see {@link dev.telltale.jobs.lake.DataPath}
 * @param current path of what is compared with it
 * @param columns only these; empty = all that both have
 * @param categorical number columns that hold codes
 * @param policy what counts as drift
 */
public record CompareSpec(
    String reference,
    String current,
    List<String> columns,
    List<String> categorical,
    DriftPolicy policy) {
  /** Copies the lists. */
  public CompareSpec {
    columns = List.copyOf(columns);
    categorical = List.copyOf(categorical);
  }
}
