package dev.telltale.jobs.engine;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/**
 * Whose state it is. Crosses shuffles, hence a class and not a record.
 *
 * <p>Null means everything, for the version, and for slice key and value together.
 */
public final class StateKey implements Serializable {
  /** Column index of the row as a whole. */
  public static final int TABLE = -1;

  private static final long serialVersionUID = 1L;

  private final long windowStartMillis;
  private final String modelVersion;
  private final String sliceKey;
  private final String sliceValue;
  private final int column;

  /** Of these parts. */
  public StateKey(
      long windowStartMillis, String modelVersion, String sliceKey, String sliceValue, int column) {
    this.windowStartMillis = windowStartMillis;
    this.modelVersion = modelVersion;
    this.sliceKey = sliceKey;
    this.sliceValue = sliceValue;
    this.column = column;
  }

  /** The same in another window. */
  public StateKey inWindow(Instant start) {
    return new StateKey(start.toEpochMilli(), modelVersion, sliceKey, sliceValue, column);
  }

  /** The same of another column. */
  public StateKey ofColumn(int other) {
    return new StateKey(windowStartMillis, modelVersion, sliceKey, sliceValue, other);
  }

  /** Start of the window. */
  public Instant windowStart() {
    return Instant.ofEpochMilli(windowStartMillis);
  }

  /** Version of the model, or null. */
  public String modelVersion() {
    return modelVersion;
  }

  /** Slice key, or null. */
  public String sliceKey() {
    return sliceKey;
  }

  /** Slice value, or null. */
  public String sliceValue() {
    return sliceValue;
  }

  /** Index in the pass's columns, or {@link #TABLE}. */
  public int column() {
    return column;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateKey that
        && windowStartMillis == that.windowStartMillis
        && Objects.equals(modelVersion, that.modelVersion)
        && Objects.equals(sliceKey, that.sliceKey)
        && Objects.equals(sliceValue, that.sliceValue)
        && column == that.column;
  }

  @Override
  public int hashCode() {
    return Objects.hash(windowStartMillis, modelVersion, sliceKey, sliceValue, column);
  }
}
