package dev.telltale.profile;

import java.util.List;

/**
 * Mergeable state of one column.
 *
 * <p>A row of a sample stands for several: it is counted as often as its weight says, so that
 * counts, moments and quantiles are those of all rows (Horvitz-Thompson), and {@link
 * #effectiveRows()} tells how much that is worth.
 */
public sealed interface ColumnState permits NumericState, CategoryState {
  /** Rows seen, or that those seen stand for; missing ones included. */
  long rows();

  /**
   * Rows that are as informative as those seen: where they stand for {@code w} each, Kish's (1965)
   * \( (\sum w)^2 / \sum w^2 \); {@link #rows()} where each stands for itself.
   */
  default double effectiveRows() {
    long rows = rows();
    return repeats() == 0 ? rows : (double) rows / (rows + repeats()) * rows;
  }

  /** Sum of \( w (w - 1) \) over the rows, which stand for {@code w} each; 0 without weights. */
  long repeats();

  /** Adds to {@link #repeats()}; the rows themselves come with their counts. */
  void addRepeats(long repeats);

  /** Rows where the column is null. */
  long nulls();

  /** Counts {@code count} null rows. */
  void addNulls(long count);

  /**
   * Adds another state of the same column.
   *
   * @throws IllegalArgumentException if the other state has other anchors or is of another kind
   */
  void merge(ColumnState other);

  /** The stored form; see {@link StateFormat}. */
  byte[] toBytes();

  /** What to keep counts on, learned from a state over {@link Anchors#learn}. */
  Anchors learned();

  /** Whether {@link #learned()} has every value that the state has seen. */
  boolean learnedAll();

  /**
   * Different values that were seen, as texts: those that are known by name, the frequent ones
   * first, or whole numbers among the anchors that have rows.
   *
   * @param limit at most so many
   */
  List<String> examples(int limit);

  /** An empty state over the same anchors. */
  ColumnState empty();

  /** An empty state of a column of this kind. */
  static ColumnState create(ColumnKind kind, Anchors anchors) {
    return switch (kind) {
      case NUMERIC, TIMESTAMP, TABLE -> new NumericState(anchors);
      case CATEGORICAL -> new CategoryState(anchors);
      case SKIPPED, LOST, GAINED, RETYPED ->
          throw new IllegalArgumentException("A column that is " + kind + " has no state");
    };
  }
}
