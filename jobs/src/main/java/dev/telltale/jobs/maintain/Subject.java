package dev.telltale.jobs.maintain;

import java.util.List;

/**
 * Whose rows are erased.
 *
 * @param column column of the telemetry that says whose a row is; it may be the prediction's id
 * @param id value of it, as text
 */
record Subject(String column, String id) {
  /** What takes the place of a name in what is counted. */
  static final String ERASED = "(erased)";

  /** Every form in which the subject is stored, in whatever table. */
  List<String> storedForms() {
    return List.of(id);
  }
}
