package dev.telltale.jobs.evaluate;

import dev.telltale.quality.Task;
import java.util.List;
import java.util.Optional;

/**
 * What is evaluated.
 *
 * @param data path, see {@link dev.telltale.jobs.lake.DataPath}
 * @param label column with the truth; null = not known
 * @param prediction column with the answer
 * @param score column with the probability of yes, or of the predicted class
 * @param weight column with inclusion weights
 * @param segments columns whose values are evaluated apart
 * @param task what kind of answer it is; empty = told from the columns
 * @param positive the value that means yes, where the columns are texts
 * @param maxSegmentValues a segment keeps this many values, the most frequent; the rest is pooled
 */
public record EvaluateSpec(
    String data,
    String label,
    String prediction,
    Optional<String> score,
    Optional<String> weight,
    List<String> segments,
    Optional<Task> task,
    Optional<String> positive,
    int maxSegmentValues) {
  /** Copies the list. */
  public EvaluateSpec {
    segments = List.copyOf(segments);
  }
}
