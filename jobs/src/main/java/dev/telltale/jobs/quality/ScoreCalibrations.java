package dev.telltale.jobs.quality;

import dev.telltale.quality.QualityState;
import dev.telltale.quality.ScoreCalibration;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What scores meant when labels were last known: by version, and of all versions together. Crosses
 * to executors, hence a class.
 */
final class ScoreCalibrations implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By version; the null key is all versions. */
  private final HashMap<String, ScoreCalibration> calibrations = new HashMap<>();

  private final String learnedFrom;

  /**
   * @param states merged mature states by version; the null key is all versions
   * @param minimumLabels fewer labels say too little
   * @param learnedFrom where the labels are from, in words
   */
  ScoreCalibrations(Map<String, byte[]> states, int minimumLabels, String learnedFrom) {
    this.learnedFrom = learnedFrom;
    states.forEach(
        (version, bytes) -> {
          QualityState state = QualityState.read(bytes);
          if (state.labelled().rows() >= minimumLabels) {
            state
                .scoreCalibration()
                .ifPresent(calibration -> calibrations.put(version, calibration));
          }
        });
  }

  boolean isEmpty() {
    return calibrations.isEmpty();
  }

  /** Of a version, or of all versions where that one has no labels yet. */
  Optional<ScoreCalibration> of(String version) {
    return Optional.ofNullable(calibrations.getOrDefault(version, calibrations.get(null)));
  }

  String learnedFrom() {
    return learnedFrom;
  }
}
