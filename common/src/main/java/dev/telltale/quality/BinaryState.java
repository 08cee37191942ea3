package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers of yes or no, and the probability of yes where the model gives one. */
final class BinaryState implements OutcomeState {
  /** As in scikit-learn: a certain and wrong answer costs 36 nats, not infinitely many. */
  static final double LEAST_PROBABILITY = Math.ulp(1.0);

  private static final int OUTCOMES = 4;

  /** By label, then by prediction. */
  private final MassSum[] outcomes = new MassSum[OUTCOMES];

  private final MassSum scored = new MassSum();
  private final LossSum logLoss = new LossSum();
  private final LossSum brier = new LossSum();
  private final CalibrationBins calibration = new CalibrationBins();
  private ScoreHistogram scores;
  private long unusable;
  private long unusableScores;

  BinaryState(int exactScores) {
    for (int i = 0; i < OUTCOMES; i++) {
      outcomes[i] = new MassSum();
    }
    scores = new ScoreHistogram(exactScores);
  }

  @Override
  public void add(Observation row) {
    boolean predictionUsable = row.prediction == 0 || row.prediction == 1;
    boolean labelUsable = !row.labelled || row.label == 0 || row.label == 1;
    if (!predictionUsable || !labelUsable) {
      unusable++;
      return;
    }
    int predicted = (int) row.prediction;
    int label = row.labelled ? (int) row.label : 2;
    double weight = row.weight;
    if (row.labelled) {
      outcomes[2 * label + predicted].add(weight);
    }
    double score = row.score;
    if (!(score >= 0 && score <= 1)) {
      unusableScores += Double.isNaN(score) ? 0 : 1;
      return;
    }
    scores.add(score, label, predicted, weight);
    if (row.labelled) {
      scored.add(weight);
      double ofTruth = label == 1 ? score : 1 - score;
      logLoss.add(-Math.log(Math.max(ofTruth, LEAST_PROBABILITY)), weight);
      brier.add((1 - ofTruth) * (1 - ofTruth), weight);
      calibration.add(score, label, weight);
    }
  }

  @Override
  public void merge(OutcomeState state) {
    BinaryState other = (BinaryState) state;
    for (int i = 0; i < OUTCOMES; i++) {
      outcomes[i].merge(other.outcomes[i]);
    }
    scored.merge(other.scored);
    logLoss.merge(other.logLoss);
    brier.merge(other.brier);
    calibration.merge(other.calibration);
    scores.merge(other.scores);
    unusable += other.unusable;
    unusableScores += other.unusableScores;
  }

  @Override
  public Map<String, Estimate> metrics(MetricOptions options) {
    return BinaryMetrics.of(this, options);
  }

  @Override
  public List<ConfusionCell> confusionCells() {
    List<ConfusionCell> cells = new ArrayList<>();
    for (int i = 0; i < OUTCOMES; i++) {
      cells.add(
          new ConfusionCell(
              Boolean.toString(i >= 2), Boolean.toString(i % 2 == 1), outcomes[i].mass()));
    }
    return cells;
  }

  @Override
  public List<ReliabilityPoint> reliability() {
    return calibration.curve();
  }

  @Override
  public Optional<ScoreCalibration> scoreCalibration() {
    return ScoreCalibration.of(scores.labelled());
  }

  @Override
  public Map<String, Estimate> estimates(ScoreCalibration calibrated, long rows) {
    return ConfidenceEstimates.of(scores.answers(), calibrated, rows);
  }

  Confusion confusion() {
    return new Confusion(
        outcomes[3].mass(), outcomes[1].mass(), outcomes[2].mass(), outcomes[0].mass());
  }

  MassSum scored() {
    return scored;
  }

  LossSum logLoss() {
    return logLoss;
  }

  LossSum brier() {
    return brier;
  }

  CalibrationBins calibration() {
    return calibration;
  }

  ScoreHistogram scores() {
    return scores;
  }

  @Override
  public long unusable() {
    return unusable;
  }

  @Override
  public long unusableScores() {
    return unusableScores;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    for (MassSum outcome : outcomes) {
      outcome.write(out);
    }
    scored.write(out);
    if (scored.rows() > 0) {
      logLoss.write(out);
      brier.write(out);
      calibration.write(out);
    }
    scores.write(out);
    StateBytes.writeCount(out, unusable);
    StateBytes.writeCount(out, unusableScores);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    for (MassSum outcome : outcomes) {
      outcome.read(in);
    }
    scored.read(in);
    if (scored.rows() > 0) {
      logLoss.read(in);
      brier.read(in);
      calibration.read(in);
    }
    scores = ScoreHistogram.read(in);
    unusable = StateBytes.readCount(in);
    unusableScores = StateBytes.readCount(in);
  }
}
