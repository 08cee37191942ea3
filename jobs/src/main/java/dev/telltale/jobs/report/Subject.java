package dev.telltale.jobs.report;

/**
 * What a row of a result table is about.
 *
 * @param modelVersion version of the model; null = all versions
 * @param sliceKey column or columns of the slice; null = everything
 * @param sliceValue value or values of the slice; null = everything
 * @param column column of the telemetry, or {@code :table}
 */
record Subject(String modelVersion, String sliceKey, String sliceValue, String column) {
  /** The column name of the row as a whole. */
  static final String TABLE = ":table";

  /** A column over all rows. */
  static Subject everything(String column) {
    return new Subject(null, null, null, column);
  }

  /** Whether this is about all rows of all versions. */
  boolean isWhole() {
    return modelVersion == null && sliceKey == null;
  }

  /** The same rows, another column. */
  Subject of(String otherColumn) {
    return new Subject(modelVersion, sliceKey, sliceValue, otherColumn);
  }

  /** The same slice of all versions: a baseline knows no versions. */
  Subject ofAllVersions() {
    return new Subject(null, sliceKey, sliceValue, column);
  }

  /** The part of the rows in words, such as {@code origin = ORD, version 2}; null for all rows. */
  String part() {
    if (isWhole()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    if (sliceKey != null) {
      text.append(sliceKey).append(" = ").append(sliceValue);
    }
    if (modelVersion != null) {
      text.append(text.isEmpty() ? "" : ", ").append("model version ").append(modelVersion);
    }
    return text.toString();
  }
}
