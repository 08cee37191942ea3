package dev.telltale.finding;

/** What kind of fact a finding is. */
public enum Kind {
  /** The distribution moved. */
  DRIFT,
  /** The share of missing values moved. */
  MISSINGNESS,
  /** Categories that the reference does not have. */
  NEW_CATEGORY,
  /** Values outside the range of the reference. */
  OUT_OF_RANGE,
  /** A column that varied is constant. */
  STUCK,
  /** A column that was constant varies. */
  WENT_LIVE,
  /** The number of rows moved. */
  ROW_COUNT,
  /** A column appeared, vanished or changed its type. */
  SCHEMA,
  /** Several rows with one id. */
  DUPLICATE_IDS,
  /** A column that looks like something about people. */
  PERSONAL_DATA,
  /** Event times that cannot be. */
  WRONG_CLOCK,
  /** A metric of quality is worse than it was. */
  QUALITY,
  /** The model improved and a KPI did not. */
  KPI,
  /** An expectation of a table does not hold. */
  EXPECTATION,
  /** The service around the model is worse than it should be, or crashes in a new way. */
  SYSTEM,
  /** An experiment harms, or cannot be believed. */
  EXPERIMENT
}
