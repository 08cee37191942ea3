package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Answers that are one of several classes, and the probability of the answer where the model gives
 * one (its confidence). Every pair of true and predicted class is counted exactly.
 */
final class MulticlassState implements OutcomeState {
  private final Map<String, Map<String, MassSum>> outcomes = new TreeMap<>();

  /** The answer's confidence against whether it was right. */
  private final BinaryState topLabel;

  private long unusable;

  MulticlassState(int exactScores) {
    topLabel = new BinaryState(exactScores);
  }

  @Override
  public void add(Observation row) {
    if (row.predictedClass == null || (row.labelled && row.trueClass == null)) {
      unusable++;
      return;
    }
    Observation right = new Observation();
    right.labelled = row.labelled;
    right.label = row.predictedClass.equals(row.trueClass) ? 1 : 0;
    right.prediction = 1;
    right.score = row.score;
    right.weight = row.weight;
    topLabel.add(right);
    if (row.labelled) {
      outcome(row.trueClass, row.predictedClass).add(row.weight);
    }
  }

  private MassSum outcome(String trueClass, String predictedClass) {
    return outcomes
        .computeIfAbsent(trueClass, absent -> new TreeMap<>())
        .computeIfAbsent(predictedClass, absent -> new MassSum());
  }

  @Override
  public void merge(OutcomeState state) {
    MulticlassState other = (MulticlassState) state;
    other.outcomes.forEach(
        (trueClass, row) ->
            row.forEach((predictedClass, mass) -> outcome(trueClass, predictedClass).merge(mass)));
    topLabel.merge(other.topLabel);
    unusable += other.unusable;
  }

  @Override
  public Map<String, Estimate> metrics(MetricOptions options) {
    return MulticlassMetrics.of(this);
  }

  @Override
  public List<ConfusionCell> confusionCells() {
    List<ConfusionCell> cells = new ArrayList<>();
    outcomes.forEach(
        (trueClass, row) ->
            row.forEach(
                (predictedClass, mass) ->
                    cells.add(new ConfusionCell(trueClass, predictedClass, mass.mass()))));
    return cells;
  }

  @Override
  public List<ReliabilityPoint> reliability() {
    return topLabel.reliability();
  }

  @Override
  public Optional<ScoreCalibration> scoreCalibration() {
    return topLabel.scoreCalibration();
  }

  @Override
  public Map<String, Estimate> estimates(ScoreCalibration calibration, long rows) {
    return ConfidenceEstimates.accuracy(topLabel.scores().answers(), calibration, rows);
  }

  /** All classes that occur, sorted. */
  SortedSet<String> classes() {
    SortedSet<String> classes = new TreeSet<>(outcomes.keySet());
    outcomes.values().forEach(row -> classes.addAll(row.keySet()));
    return classes;
  }

  /** Counts by true, then predicted class. */
  Map<String, Map<String, MassSum>> outcomes() {
    return outcomes;
  }

  BinaryState topLabel() {
    return topLabel;
  }

  @Override
  public long unusable() {
    return unusable;
  }

  @Override
  public long unusableScores() {
    return topLabel.unusableScores();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    StateBytes.writeCount(out, unusable);
    StateBytes.writeCount(out, outcomes.size());
    for (Map.Entry<String, Map<String, MassSum>> row : outcomes.entrySet()) {
      StateBytes.writeText(out, row.getKey());
      StateBytes.writeCount(out, row.getValue().size());
      for (Map.Entry<String, MassSum> cell : row.getValue().entrySet()) {
        StateBytes.writeText(out, cell.getKey());
        cell.getValue().write(out);
      }
    }
    topLabel.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    unusable = StateBytes.readCount(in);
    int rows = StateBytes.readSize(in, 2);
    for (int i = 0; i < rows; i++) {
      String trueClass = StateBytes.readText(in);
      int cells = StateBytes.readSize(in, 2);
      for (int j = 0; j < cells; j++) {
        outcome(trueClass, StateBytes.readText(in)).read(in);
      }
    }
    topLabel.read(in);
  }
}
