package dev.telltale.profile;

/** Mergeable state of one column. */
public sealed interface ColumnState permits NumericState, CategoryState {
  /** Rows seen, missing ones included. */
  long rows();

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
