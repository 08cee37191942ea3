package dev.telltale.jobs.maintain;

import dev.telltale.config.Privacy;
import dev.telltale.privacy.Pseudonym;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose rows are erased.
 *
 * @param column column of the telemetry that says whose a row is; it may be the prediction's id
 * @param id value of it, as text
 * @param storedForms every form in which it is stored, in whatever table: itself, its pseudonym of
 *     every key, its hash
 */
record Subject(String column, String id, List<String> storedForms) {
  /** What takes the place of a name in what is counted. */
  static final String ERASED = "(erased)";

  /** Copies the list. */
  Subject {
    storedForms = List.copyOf(storedForms);
  }

  /** The subject of a model that may store it in other forms. */
  static Subject of(String column, String id, Privacy privacy) {
    List<String> forms = new ArrayList<>(List.of(id));
    if (privacy.pseudonym().contains(column)) {
      forms.addAll(new Pseudonym(privacy.keys()).all(id));
    }
    if (privacy.hash().contains(column)) {
      forms.add(Pseudonym.hash(id));
    }
    return new Subject(column, id, forms);
  }
}
