package dev.telltale.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A source of feedback: a table from which something about the truth is learned.
 *
 * @param name name; the {@code source} of every result row
 * @param kind what its rows say
 * @param table Delta path, absolute or relative to the lake, or catalog name
 * @param id column with the prediction id
 * @param arrivalTime timestamp column: when the feedback became known
 * @param value column with what was said: the outcome, the rating, the amount of the reaction, the
 *     annotator's label, the other model's answer; empty where a row itself is the news
 * @param annotator column that says who labelled
 * @param waitFor how long after a prediction its feedback may still be on its way; before, every
 *     number is immature
 * @param negativeUpTo a rating up to this is negative
 */
public record Feedback(
    String name,
    Kind kind,
    String table,
    String id,
    String arrivalTime,
    Optional<String> value,
    Optional<String> annotator,
    Duration waitFor,
    Optional<Double> negativeUpTo) {

  /**
   * What the rows of a source say; docs/join.md says what each can support and how it is biased.
   */
  public enum Kind {
    /** Wait and see: what really happened. */
    OUTCOME(true),
    /** People's labels, several for an item. */
    ANNOTATION(true),
    /** Another model's answer: agreement, not truth. */
    SHADOW(true),
    /** Users were asked: stars, thumbs, survey scores. */
    RATING(false),
    /** Only mistakes are seen. */
    COMPLAINT(false),
    /** What users did: edits, undo, retries, clicks, dwell time. */
    REACTION(false);

    private final boolean labels;

    Kind(boolean labels) {
      this.labels = labels;
    }

    /** Whether a value is a label of the model's task. */
    public boolean isLabel() {
      return labels;
    }

    /** Whether a row has to have a value. */
    public boolean needsValue() {
      return this != COMPLAINT && this != REACTION;
    }
  }
}
