package dev.telltale.drift;

/** What is asked about a column or a table; each kind is a family of tests of its own. */
public enum CheckKind {
  /** Does the column have another distribution, missing values included? */
  DRIFT,
  /** Are values missing more or less often? */
  MISSINGNESS,
  /** Are there categories that the reference does not have? */
  NEW_CATEGORY,
  /** Are there values below or above all of the reference? */
  OUT_OF_RANGE,
  /** Has a column that varied only one value now? */
  STUCK,
  /** Does a column that had only one value vary now? */
  WENT_LIVE,
  /** Are there more or fewer rows an hour? */
  ROW_COUNT
}
