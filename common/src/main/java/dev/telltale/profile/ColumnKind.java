package dev.telltale.profile;

/** How a column is summarised. */
public enum ColumnKind {
  /** Quantities: numbers of any type, decimals among them. */
  NUMERIC,
  /** Strings, booleans and integers declared as codes. */
  CATEGORICAL,
  /** Dates and timestamps, in seconds since 1970; profiled, but time that moves on is no drift. */
  TIMESTAMP,
  /** The row as a whole; its column name is {@code :table}. */
  TABLE,
  /** Arrays, structs, maps and binary: named, not summarised. */
  SKIPPED,
  /** In the baseline, not in the predictions. */
  LOST,
  /** In the predictions, not in the baseline. */
  GAINED,
  /** In both, with types that cannot be compared. */
  RETYPED;

  /** Whether a column of this kind has a state. */
  public boolean summarised() {
    return this == NUMERIC || this == CATEGORICAL || this == TIMESTAMP || this == TABLE;
  }
}
