package dev.telltale.jobs.engine;

import dev.telltale.quality.QualityState;
import dev.telltale.quality.StateOptions;
import dev.telltale.quality.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one pass over predictions with their truth computes. Crosses to executors, hence a class and
 * not a record.
 */
public final class QualityPlan implements Serializable {
  /** Answer as a number, double: 0 or 1, or a quantity. */
  public static final String PREDICTION_VALUE = "prediction_value";

  /** Answer as a class, string. */
  public static final String PREDICTION = "prediction";

  /** Truth as a number, double. */
  public static final String LABEL_VALUE = "label_value";

  /** Truth as a class, string; null = not known yet, whatever the task. */
  public static final String LABEL = "label";

  /** Probability, double; null = none. */
  public static final String SCORE = "score";

  /**
   * Of a ranking, array of doubles: the relevance of each item in the order of the answer, null
   * where it is not known; null without an order.
   */
  public static final String RELEVANCES = "relevances";

  /** Of a regression that predicts quantiles, array of doubles by level, ascending. */
  public static final String QUANTILES = "quantile_values";

  /** Inclusion weight, double; null = 1. */
  public static final String WEIGHT = "weight";

  /** Arrival of the label in force, timestamp. */
  public static final String LABEL_TS = "label_ts";

  /** Microseconds from the prediction to its first label, long. */
  public static final String LABEL_DELAY_MICROS = "label_delay_micros";

  private static final long serialVersionUID = 1L;

  private static final List<String> COLUMNS =
      List.of(
          PREDICTION_VALUE,
          PREDICTION,
          LABEL_VALUE,
          LABEL,
          SCORE,
          WEIGHT,
          LABEL_TS,
          LABEL_DELAY_MICROS);

  private final GroupPlan groups;
  private final Task task;
  private final int exactScores;
  private final double origin;
  private final double negativeUpTo;
  private final ArrayList<Integer> cutoffs;
  private final ArrayList<Double> quantileLevels;

  /** A pass. */
  public QualityPlan(GroupPlan groups, Task task, StateOptions options) {
    this.groups = groups;
    this.task = task;
    this.exactScores = options.exactScores();
    this.origin = options.origin();
    this.negativeUpTo = options.negativeUpTo();
    this.cutoffs = new ArrayList<>(options.cutoffs());
    this.quantileLevels = new ArrayList<>(options.quantileLevels());
  }

  /** The columns that the data has to have, besides those of the groups and {@link #vector}. */
  public static List<String> columns() {
    return COLUMNS;
  }

  GroupPlan groups() {
    return groups;
  }

  Task task() {
    return task;
  }

  /** The column with several numbers a row that the task has, if it has one. */
  Optional<String> vector() {
    if (task == Task.RANKING) {
      return Optional.of(RELEVANCES);
    }
    return task == Task.REGRESSION && !quantileLevels.isEmpty()
        ? Optional.of(QUANTILES)
        : Optional.empty();
  }

  QualityState emptyState() {
    return QualityState.of(
        task, new StateOptions(exactScores, origin, negativeUpTo, cutoffs, quantileLevels));
  }
}
