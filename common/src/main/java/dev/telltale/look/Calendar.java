package dev.telltale.look;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmState;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** How much of the planned information there is of a metric at a look. */
record Calendar(Experiment experiment) {
  /** Whether an end or a number of units is planned. */
  boolean isPlanned() {
    return experiment.to().isPresent() || experiment.units().isPresent();
  }

  /**
   * Information at a look, from 0: the fraction of the plan; without a plan the units.
   *
   * @param arms all units: a segment has the fraction of the whole
   * @param pairUnits units of the two arms that are compared
   */
  double information(int block, LocalDate end, Map<String, ArmState> arms, long pairUnits) {
    if (!isPlanned()) {
      return pairUnits;
    }
    if (experiment.units().isPresent()) {
      long counted =
          experiment.variants().keySet().stream()
              .filter(arms::containsKey)
              .mapToLong(name -> arms.get(name).counted(block))
              .sum();
      return (double) counted / experiment.units().getAsLong();
    }
    LocalDate to = experiment.to().orElseThrow();
    ExperimentMetric metric = experiment.metrics().get(block);
    double days = ChronoUnit.DAYS.between(experiment.from(), end) - metric.settlingDays();
    return Math.max(0, Math.min(1, days / ChronoUnit.DAYS.between(experiment.from(), to)));
  }

  /** Whether a look with this information is a metric's last. */
  boolean isLast(ExperimentMetric metric, LocalDate end, double information) {
    boolean isOver =
        experiment.to().map(to -> !end.isBefore(to.plusDays(metric.settlingDays()))).orElse(false);
    return isOver || (isPlanned() && information >= 1);
  }
}
