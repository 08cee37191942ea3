package dev.telltale.config;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * An experiment as its file declares it, with the defaults filled in: fixed before the first look,
 * since the error rates hold only for what was declared. Days are UTC.
 *
 * @param id id of the experiment
 * @param model the model whose night looks at it
 * @param from first day on which units are exposed
 * @param to day after the last one; empty = the end is not planned, so that looks hold at any time
 * @param control the variant that others are compared with
 * @param variants share of the units of each variant, in the order of the file; sums to 1
 * @param exposures where the exposures are
 * @param metrics what is measured, in the order of the file
 * @param preDays whole days before its first exposure day from which a unit's covariates are; 0 =
 *     no adjustment
 * @param alpha probability to find any effect on the primary metrics where there is none, 0 to 0.5
 * @param spending how alpha is spread over the looks: {@code obf}, {@code pocock}, {@code power:R}
 * @param units planned number of units of all variants: the information is their share; empty = it
 *     is the share of the days
 * @param priorLift standard deviation of the lifts of experiments like this, above 0: a normal
 *     prior around zero, for the chance to win; empty = none is given
 */
public record Experiment(
    String id,
    String model,
    LocalDate from,
    Optional<LocalDate> to,
    String control,
    Map<String, Double> variants,
    Exposures exposures,
    List<ExperimentMetric> metrics,
    int preDays,
    double alpha,
    String spending,
    OptionalLong units,
    OptionalDouble priorLift) {
  /** Copies the collections. */
  public Experiment {
    variants = Collections.unmodifiableMap(new LinkedHashMap<>(variants));
    metrics = List.copyOf(metrics);
  }

  /**
   * The log of exposures: one row per time a unit was given its variant.
   *
   * @param table Delta path, absolute or relative to the lake, or catalog name
   * @param unit column with what was randomised
   * @param variant column with the variant
   * @param eventTime timestamp column: when the unit was exposed
   * @param where SQL condition of the rows of this experiment; empty = all
   * @param exclude SQL condition; a unit with such an exposure, of a bot or a colleague, is left
   *     out
   * @param segments columns whose values at the first exposure are a unit's segments
   */
  public record Exposures(
      String table,
      String unit,
      String variant,
      String eventTime,
      Optional<String> where,
      Optional<String> exclude,
      List<String> segments) {
    /** Copies the list. */
    public Exposures {
      segments = List.copyOf(segments);
    }
  }

  /** The variants that are compared with the control, in their order. */
  public List<String> compared() {
    return variants.keySet().stream().filter(name -> !name.equals(control)).toList();
  }

  /** Metrics of a role, in their order. */
  public List<ExperimentMetric> metrics(ExperimentMetric.Role role) {
    return metrics.stream().filter(metric -> metric.role() == role).toList();
  }

  /**
   * Day after that of the last look: the windows of all units are over; empty if the end is not
   * planned.
   */
  public Optional<LocalDate> settled() {
    int days = metrics.stream().mapToInt(ExperimentMetric::settlingDays).max().orElse(0);
    return to.map(end -> end.plusDays(days));
  }

  /** Whether a look is taken once a day is over. */
  public boolean isLookedAtAfter(LocalDate day) {
    return !day.isBefore(from) && settled().map(day::isBefore).orElse(true);
  }
}
