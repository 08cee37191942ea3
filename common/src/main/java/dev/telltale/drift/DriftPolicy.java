package dev.telltale.drift;

import dev.telltale.config.ModelConfig;
import dev.telltale.stats.MultipleTesting;
import java.util.Set;

/**
 * What counts as drift. A verdict needs both: an adjusted p-value below alpha and an effect of at
 * least its threshold.
 *
 * @param alpha level of each family, between 0 and 1
 * @param correction over each family
 * @param effect metric that must reach {@code threshold}; a column without it is held to
 *     js_distance
 * @param threshold materiality threshold of {@code effect}, not negative
 * @param missingness smallest change of the missing share that matters, 0 to 1
 * @param newCategory smallest share of new categories that matters, 0 to 1
 * @param outOfRange smallest share outside the reference's range that matters, 0 to 1
 * @param rowCountRatio smallest ratio of rows an hour that matters, either way, at least 1
 * @param minimumRows fewer values on a side are INSUFFICIENT_DATA
 */
public record DriftPolicy(
    double alpha,
    MultipleTesting correction,
    String effect,
    double threshold,
    double missingness,
    double newCategory,
    double outOfRange,
    double rowCountRatio,
    int minimumRows) {

  /**
   * A column that varied in fewer rows than these could as well be called constant before: one in a
   * hundred.
   */
  public static final double CONSTANCY = 0.01;

  /** Test statistics grow with n and say nothing about the size of an effect. */
  private static final Set<String> NO_EFFECTS = Set.of(Metrics.CHI_SQUARED, Metrics.G_TEST);

  /** Checks the ranges. */
  public DriftPolicy {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("Alpha is between 0 and 1, not " + alpha);
    }
    if (!Metrics.ALL.contains(effect) || NO_EFFECTS.contains(effect)) {
      throw new IllegalArgumentException("Not an effect size: " + effect);
    }
    if (!(threshold >= 0) || !(missingness >= 0) || !(newCategory >= 0) || !(outOfRange >= 0)) {
      throw new IllegalArgumentException("Thresholds are not negative");
    }
    if (!(rowCountRatio >= 1)) {
      throw new IllegalArgumentException("A ratio of rows is at least 1, not " + rowCountRatio);
    }
  }

  /** The policy that a model file declares. */
  public static DriftPolicy of(ModelConfig.Drift drift) {
    return new DriftPolicy(
        drift.alpha(),
        MultipleTesting.valueOf(drift.correction()),
        drift.effect(),
        drift.threshold(),
        drift.missingness(),
        drift.newCategory(),
        drift.outOfRange(),
        drift.rowCountRatio(),
        drift.minimumRows());
  }

  /** The policy of {@link dev.telltale.config.Defaults}. */
  public static DriftPolicy defaults() {
    return of(ModelConfig.Drift.defaults());
  }
}
