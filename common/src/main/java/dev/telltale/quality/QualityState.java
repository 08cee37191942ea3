package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The predictions of a window and slice with what is known of their truth: how many there are, how
 * many have a label and since when, and what the metrics of the task are computed from. Of a
 * ranking, a row is a query.
 *
 * <p>Adding rows and merging states give the same bytes in any order, so that it does not matter in
 * which batches labels came. Not safe for concurrent use.
 */
public final class QualityState {
  /** Scores that are told apart before they share cells, where rows are not few. */
  public static final int EXACT_SCORES = 4096;

  /**
   * A row that stands for more rows, or for a smaller part of one, is a mistake, and what is
   * squared of it is beyond a double's range.
   */
  public static final double MOST_WEIGHT = 1e100;

  private static final byte KIND = 'Q';

  private final Task task;
  private final OutcomeState outcomes;
  private final MassSum predictions = new MassSum();
  private final MassSum labelled = new MassSum();
  private final LabelDelays delays = new LabelDelays();
  private long newestLabelMicros = Long.MIN_VALUE;
  private long unusableWeights;

  private QualityState(Task task, OutcomeState outcomes) {
    this.task = task;
    this.outcomes = outcomes;
  }

  /** An empty state. */
  public static QualityState of(Task task, StateOptions options) {
    return new QualityState(
        task,
        switch (task) {
          case BINARY -> new BinaryState(options.exactScores());
          case MULTICLASS -> new MulticlassState(options.exactScores());
          case REGRESSION -> new RegressionState(options.origin(), options.quantileLevels());
          case RANKING -> new RankingState(options.cutoffs());
          case RATING, COMPLAINT, REACTION -> new ResponseState(task, options.negativeUpTo());
        });
  }

  /** Adds a prediction. One whose weight is neither 0 nor in 1e-100 to 1e100 is only counted. */
  public void add(Observation row) {
    boolean usable = row.weight >= 1 / MOST_WEIGHT && row.weight <= MOST_WEIGHT;
    if (!usable && row.weight != 0) {
      unusableWeights++;
      return;
    }
    predictions.add(row.weight);
    if (row.labelled) {
      labelled.add(row.weight);
      delays.add(row.delayMicros);
      newestLabelMicros = Math.max(newestLabelMicros, row.labelMicros);
    }
    outcomes.add(row);
  }

  /** Adds what another state of the same task saw. */
  public void merge(QualityState other) {
    predictions.merge(other.predictions);
    labelled.merge(other.labelled);
    delays.merge(other.delays);
    unusableWeights += other.unusableWeights;
    newestLabelMicros = Math.max(newestLabelMicros, other.newestLabelMicros);
    outcomes.merge(other.outcomes);
  }

  /** The task. */
  public Task task() {
    return task;
  }

  /** All predictions. */
  public Mass predictions() {
    return predictions.mass();
  }

  /** Those with a label. */
  public Mass labelled() {
    return labelled.mass();
  }

  /** How long labels took. */
  public LabelDelays delays() {
    return delays;
  }

  /** Arrival of the newest label, microseconds since 1970; {@link Long#MIN_VALUE} without any. */
  public long newestLabelMicros() {
    return newestLabelMicros;
  }

  /** Rows whose label, prediction or weight cannot be; they are in no metric. */
  public long unusable() {
    return outcomes.unusable() + unusableWeights;
  }

  /** Rows whose score is no probability, or that lack a quantile; other metrics have them. */
  public long unusableScores() {
    return outcomes.unusableScores();
  }

  /** How often each pair of truth and answer occurs; empty where answers are no classes. */
  public List<ConfusionCell> confusion() {
    return outcomes.confusionCells();
  }

  /**
   * How often scores of each tenth are true, ascending; of several classes, how often the answer
   * is. Empty without scores and labels.
   */
  public List<ReliabilityPoint> reliability() {
    return outcomes.reliability();
  }

  /** The metrics that are defined, by name. */
  public Map<String, Estimate> metrics(MetricOptions options) {
    return outcomes.metrics(options);
  }

  /** How often each score turned out to be true; empty unless labels of both kinds are known. */
  public Optional<ScoreCalibration> scoreCalibration() {
    return outcomes.scoreCalibration();
  }

  /**
   * What the metrics will be once all labels are there, told from the scores alone; empty where a
   * task has none, and {@code accuracy} alone where there are several classes.
   */
  public Map<String, Estimate> estimates(ScoreCalibration calibration) {
    return outcomes.estimates(calibration, predictions.rows() - unusable() - unusableScores());
  }

  /** The stored form. */
  public byte[] toBytes() {
    return StateBytes.encode(
        KIND,
        out -> {
          StateBytes.writeText(out, task.name());
          predictions.write(out);
          labelled.write(out);
          delays.write(out);
          out.writeLong(newestLabelMicros);
          StateBytes.writeCount(out, unusableWeights);
          outcomes.write(out);
        });
  }

  /**
   * Reads a stored state.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are none
   */
  public static QualityState read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND) {
            throw new IOException("This is no quality state: " + kind);
          }
          QualityState state = of(Task.valueOf(StateBytes.readText(in)), StateOptions.DEFAULTS);
          state.predictions.read(in);
          state.labelled.read(in);
          state.delays.read(in);
          state.newestLabelMicros = in.readLong();
          state.unusableWeights = StateBytes.readCount(in);
          state.outcomes.read(in);
          return state;
        });
  }
}
