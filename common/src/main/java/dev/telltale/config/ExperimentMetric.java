package dev.telltale.config;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A metric of an experiment: what a unit did after its first exposure, from a table of facts.
 *
 * @param name name, unique in the experiment
 * @param table Delta path, absolute or relative to the lake, or catalog name
 * @param unit column with the unit
 * @param eventTime timestamp column: when the fact happened
 * @param where SQL condition of the facts that count; empty = all
 * @param kind what is made of them
 * @param value SQL expression of a number, of SUM, MEAN, RATIO and QUANTILE
 * @param denominator SQL expression of a number of RATIO; SQL condition of the step before of
 *     FUNNEL
 * @param fromDay first day of the window, in days since that of the first exposure, which is 0
 * @param days length of the window in days; a unit counts once its window is over. Empty = all days
 *     up to the look, and all units
 * @param cap a unit's value, of RATIO and MEAN the numerator, counts as this at most
 * @param denominatorCap the same of the denominator
 * @param quantile of QUANTILE, above 0, below 1; empty of other kinds
 * @param role what depends on it
 * @param goal which way is better
 * @param margin of a guardrail: a loss by less does not matter; at least 0
 * @param marginIsRelative whether the margin is a share of the control's level
 */
public record ExperimentMetric(
    String name,
    String table,
    String unit,
    String eventTime,
    Optional<String> where,
    Kind kind,
    Optional<String> value,
    Optional<String> denominator,
    int fromDay,
    OptionalInt days,
    OptionalDouble cap,
    OptionalDouble denominatorCap,
    OptionalDouble quantile,
    Role role,
    Kpi.Goal goal,
    OptionalDouble margin,
    boolean marginIsRelative) {
  /**
   * Whole days after that of its exposure until a unit's window is over; 0 of a metric without one.
   */
  public int settlingDays() {
    return days.isPresent() ? fromDay + days.getAsInt() - 1 : 0;
  }

  /** What is made of a unit's facts. */
  public enum Kind {
    /** Sum of the values per unit. */
    SUM,
    /** Number of facts per unit. */
    COUNT,
    /** Share of the units with a fact; in a window of later days this is retention. */
    PROPORTION,
    /** Sum of the values of all facts by their number; units are the clusters. */
    MEAN,
    /** Sum of the values by the sum of the denominators. */
    RATIO,
    /** Of the units with a fact of the step before, the share with one of this step. */
    FUNNEL,
    /** Quantile of the values of all facts; units are the clusters. */
    QUANTILE;

    /** Whether units have a numerator and a denominator. */
    public boolean isRatio() {
      return this == MEAN || this == RATIO || this == FUNNEL;
    }
  }

  /** What depends on a metric. */
  public enum Role {
    /** It decides. */
    PRIMARY,
    /** It is looked at once a primary metric has decided. */
    SECONDARY,
    /** It must not be harmed. */
    GUARDRAIL
  }
}
