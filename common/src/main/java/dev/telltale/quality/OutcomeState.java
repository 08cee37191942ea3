package dev.telltale.quality;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a task's metrics are computed from. Adding rows and merging give the same bytes in any
 * order. Not safe for concurrent use.
 */
interface OutcomeState {
  /** Adds a row whose label may not be known yet. */
  void add(Observation row);

  /** Adds what another state of the same task saw. */
  void merge(OutcomeState other);

  /** The metrics that are defined, by name. */
  Map<String, Estimate> metrics(MetricOptions options);

  /** How often each pair of truth and answer occurs; empty where answers are no classes. */
  List<ConfusionCell> confusionCells();

  /** How often scores of each range are true, ascending; empty where there are none. */
  default List<ReliabilityPoint> reliability() {
    return List.of();
  }

  /** How often each score is true, as far as labels are known; empty where that cannot be told. */
  default Optional<ScoreCalibration> scoreCalibration() {
    return Optional.empty();
  }

  /** What the metrics of {@code rows} rows will be if scores mean what the calibration says. */
  default Map<String, Estimate> estimates(ScoreCalibration calibration, long rows) {
    return Map.of();
  }

  /** Rows whose label or prediction is none of the task's. */
  long unusable();

  /** Rows whose score is no probability, or that lack a quantile; other metrics have them. */
  long unusableScores();

  /** Writes the fields. */
  void write(DataOutput out) throws IOException;

  /** Reads the fields into a fresh state. */
  void read(DataInputStream in) throws IOException;
}
