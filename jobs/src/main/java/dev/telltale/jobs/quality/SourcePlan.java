package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.ModelConfig;
import dev.telltale.quality.MetricOptions;
import dev.telltale.quality.Task;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What is measured with one feedback source. Crosses to executors, hence a class and not a record.
 */
final class SourcePlan implements Serializable {
  /** Name of the source of the rows about the baseline. */
  static final String TRAINING = "training";

  private static final long serialVersionUID = 1L;

  private final String name;
  private final Feedback.Kind kind;
  private final Task task;
  private final Duration waitFor;
  private final double negativeUpTo;
  private final double beta;
  private final double[] outcomeValues;
  private final int minimumLabels;

  SourcePlan(
      String name,
      Feedback.Kind kind,
      Task modelTask,
      Duration waitFor,
      double negativeUpTo,
      ModelConfig.Quality quality) {
    this.name = name;
    this.kind = kind;
    this.task = kind.isLabel() ? modelTask : Task.valueOf(kind.name());
    this.waitFor = waitFor;
    this.negativeUpTo = negativeUpTo;
    this.beta = quality.beta();
    this.minimumLabels = quality.minimumLabels();
    this.outcomeValues =
        quality
            .outcomeValues()
            .map(
                values ->
                    new double[] {
                      values.truePositive(),
                      values.falsePositive(),
                      values.falseNegative(),
                      values.trueNegative()
                    })
            .orElse(null);
  }

  static SourcePlan of(Feedback source, Task modelTask, ModelConfig.Quality quality) {
    return new SourcePlan(
        source.name(),
        source.kind(),
        modelTask,
        source.waitFor(),
        source.negativeUpTo().orElse(Double.NaN),
        quality);
  }

  /** The baseline, whose labels are all there. */
  static SourcePlan training(Task modelTask, ModelConfig.Quality quality) {
    return new SourcePlan(
        TRAINING, Feedback.Kind.OUTCOME, modelTask, Duration.ZERO, Double.NaN, quality);
  }

  String name() {
    return name;
  }

  Feedback.Kind kind() {
    return kind;
  }

  Task task() {
    return task;
  }

  Duration waitFor() {
    return waitFor;
  }

  /** Whether the wait of a window that ends at {@code end} is over at a time. */
  boolean isOver(Instant end, Instant at) {
    return !end.plus(waitFor).isAfter(at);
  }

  double negativeUpTo() {
    return negativeUpTo;
  }

  int minimumLabels() {
    return minimumLabels;
  }

  MetricOptions options() {
    return new MetricOptions(
        beta,
        outcomeValues == null
            ? java.util.Optional.empty()
            : java.util.Optional.of(
                new MetricOptions.OutcomeValues(
                    outcomeValues[0], outcomeValues[1], outcomeValues[2], outcomeValues[3])));
  }

  /** The source in words. */
  String words() {
    return kind.name().toLowerCase(Locale.ROOT) + " source " + name;
  }
}
