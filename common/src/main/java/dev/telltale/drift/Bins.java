package dev.telltale.drift;

import java.util.List;

/**
 * The two distributions on the same bins, for drawing and for the distances.
 *
 * @param list in the order of the values; missing last
 */
public record Bins(List<Bin> list) {
  /** What a bin holds. */
  public enum Kind {
    /** A range of values, a value or a category that the reference has. */
    VALUES,
    /** Values below all of the reference, negative infinity among them. */
    BELOW,
    /** Values above all of the reference, infinity among them. */
    ABOVE,
    /** Categories that the reference does not have, or that are not told apart. */
    UNSEEN,
    /** Null and NaN. */
    MISSING
  }

  /**
   * One bin.
   *
   * @param kind what it holds
   * @param label for a person
   * @param reference rows of the reference
   * @param current rows of the window
   * @param referenceShare {@code reference} by all rows of the reference, 0 without any
   * @param currentShare {@code current} by all rows of the window, 0 without any
   */
  public record Bin(
      Kind kind,
      String label,
      long reference,
      long current,
      double referenceShare,
      double currentShare) {}

  /** Copies the list. */
  public Bins {
    list = List.copyOf(list);
  }

  /** Rows of the reference per bin. */
  public long[] reference() {
    return list.stream().mapToLong(Bin::reference).toArray();
  }

  /** Rows of the window per bin. */
  public long[] current() {
    return list.stream().mapToLong(Bin::current).toArray();
  }
}
