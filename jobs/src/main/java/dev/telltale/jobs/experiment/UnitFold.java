package dev.telltale.jobs.experiment;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.jobs.engine.SlicePlan;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Folds units, one after the other, into states by experiment, look, variant and segment. Of a unit
 * first come the days of its exposures, then those of its facts, each in ascending order; nothing
 * of it is kept but sums.
 *
 * <p>A unit is in an experiment from its first exposure on. The facts of that day count from the
 * exposure on, those of later days as a whole; the covariates are of whole days before. Of metrics
 * that decide and add up over days, the sums of the first and the second half of a unit's days
 * after the exposure are kept as well, per day: what the effect does with time.
 */
final class UnitFold {
  private static final int NEVER = Integer.MAX_VALUE;

  private final LookPlan plan;
  private final Map<Key, ArmState> states = new HashMap<>();
  private final Unit[] units;
  private int next;

  /**
   * Whose state it is.
   *
   * @param trial place of the experiment
   * @param look place of the look
   * @param part what is counted
   * @param name variant; empty where all are counted together
   * @param segment place of the segment, or -1
   * @param value value of the segment; of {@link Part#DAY} the day since 1970; else empty
   */
  record Key(int trial, int look, Part part, String name, int segment, String value)
      implements Serializable {}

  /** What is counted. */
  enum Part {
    /** Units of a variant. */
    ARM,
    /** Units of a variant that were first exposed on a day. */
    DAY,
    /** Units that were seen in several variants. */
    SEVERAL,
    /** Units that are to be left out. */
    EXCLUDED,
    /** Units in a variant that is not declared. */
    UNDECLARED,
    /** Units that were first exposed after the end. */
    LATE
  }

  UnitFold(LookPlan plan) {
    this.plan = plan;
    this.units = new Unit[plan.trials.length];
    for (int trial = 0; trial < units.length; trial++) {
      units[trial] = new Unit(plan.trials[trial], plan.looks.length);
    }
  }

  /** Begins a unit. */
  void begin() {
    next = 0;
    for (Unit unit : units) {
      unit.clear();
    }
  }

  /**
   * A day on which the unit was exposed.
   *
   * @param variant null = several
   * @param segments value of each segment; null where there is none
   */
  void exposure(int trial, int day, String variant, boolean isExcluded, String[] segments) {
    Unit unit = units[trial];
    if (unit.firstDay == NEVER) {
      unit.firstDay = day;
      unit.variant = variant;
      unit.segments = segments;
    }
    if (unit.severalFrom == NEVER && (variant == null || !variant.equals(unit.variant))) {
      unit.severalFrom = day;
    }
    if (isExcluded) {
      unit.excludedFrom = Math.min(unit.excludedFrom, day);
    }
  }

  /** What the unit did on a day of its exposure, from then on; called after {@link #exposure}. */
  void factsFrom(int trial, int day, int source, double[] values) {
    Unit unit = units[trial];
    if (day != unit.firstDay) {
      return;
    }
    for (int metric = 0; metric < unit.trial.metrics.length; metric++) {
      if (unit.trial.metrics[metric].source == source && unit.trial.metrics[metric].fromDay == 0) {
        unit.add(unit.sums, metric, values);
      }
    }
  }

  /** What the unit did on a day. */
  void facts(int source, int day, double[] values) {
    while (next < plan.looks.length && plan.looks[next] < day) {
      count(next++);
    }
    if (next == plan.looks.length) {
      return;
    }
    for (LookPlan.Use use : plan.uses[source]) {
      Unit unit = units[use.trial];
      if (unit.firstDay == NEVER) {
        continue;
      }
      int since = day - unit.firstDay;
      if (since < 0 && since >= -unit.trial.preDays) {
        for (int metric : use.metrics) {
          if (!unit.trial.metrics[metric].isBins()) {
            unit.add(unit.before, metric, values);
          }
        }
      } else if (since > 0) {
        after(unit, use.metrics, since, day, values);
      }
    }
  }

  private void after(Unit unit, int[] metrics, int since, int day, double[] values) {
    for (int place : metrics) {
      LookPlan.Metric metric = unit.trial.metrics[place];
      boolean isWithin = since >= metric.fromDay && since < metric.endDay;
      if (isWithin && (metric.endDay != LookPlan.OPEN || day < unit.trial.to)) {
        unit.add(unit.sums, place, values);
      }
    }
    for (int half = 0; half < unit.trial.halved.length; half++) {
      LookPlan.Metric metric = unit.trial.metrics[unit.trial.halved[half]];
      if (Arrays.binarySearch(metrics, unit.trial.halved[half]) >= 0 && day < unit.trial.to) {
        for (int look = next; look < plan.looks.length; look++) {
          if (since <= unit.days(plan.looks[look]) / 2) {
            unit.earlier[look][half] += values[metric.numerator];
          } else {
            unit.later[look][half] += values[metric.numerator];
          }
        }
      }
    }
  }

  /** Ends the unit. */
  void end() {
    while (next < plan.looks.length) {
      count(next++);
    }
  }

  /** The states of all units up to now. */
  Map<Key, ArmState> states() {
    return states;
  }

  private void count(int look) {
    for (int trial = 0; trial < units.length; trial++) {
      Unit unit = units[trial];
      if (unit.firstDay <= plan.looks[look]) {
        count(trial, look, unit);
      }
    }
  }

  private void count(int trial, int look, Unit unit) {
    int day = plan.looks[look];
    if (unit.firstDay >= unit.trial.to) {
      counter(trial, look, Part.LATE, "", "");
    } else if (unit.excludedFrom <= day) {
      counter(trial, look, Part.EXCLUDED, "", "");
    } else if (unit.severalFrom <= day) {
      counter(trial, look, Part.SEVERAL, "", "");
    } else if (!unit.trial.variants.contains(unit.variant)) {
      counter(trial, look, Part.UNDECLARED, unit.variant, "");
    } else {
      counter(trial, look, Part.DAY, unit.variant, Integer.toString(unit.firstDay));
      add(new Key(trial, look, Part.ARM, unit.variant, -1, ""), unit, look);
      for (int segment = 0; segment < unit.trial.segments.length; segment++) {
        String value = unit.segments[segment];
        String kept =
            value == null
                ? SlicePlan.NULL
                : unit.trial.segments[segment].values.contains(value) ? value : SlicePlan.OTHER;
        add(new Key(trial, look, Part.ARM, unit.variant, segment, kept), unit, look);
      }
    }
  }

  private void counter(int trial, int look, Part part, String name, String value) {
    states
        .computeIfAbsent(new Key(trial, look, part, name, -1, value), any -> new ArmState())
        .addUnit();
  }

  private void add(Key key, Unit unit, int look) {
    ArmState state = states.computeIfAbsent(key, any -> new ArmState(unit.trial.blocks));
    state.addUnit();
    int day = plan.looks[look];
    LookPlan.Metric[] metrics = unit.trial.metrics;
    for (int place = 0; place < metrics.length; place++) {
      LookPlan.Metric metric = metrics[place];
      if (metric.counts(unit.firstDay, day, unit.trial.to)) {
        if (metric.isBins()) {
          unit.bins[place].addTo(state, place);
          continue;
        }
        double[] block = unit.blocks[place];
        unit.values(metric, unit.sums, place, block, 0);
        if (metric.hasPast) {
          unit.values(metric, unit.before, place, block, block.length / 2);
        }
        state.add(place, block, metric.kind.isRatio() ? 1 : Estimand.NONE);
      }
    }
    int days = unit.days(day);
    for (int half = 0; half < unit.trial.halved.length; half++) {
      if (days >= 2) {
        double[] block = unit.blocks[metrics.length + half];
        int first = days / 2;
        block[0] = unit.earlier[look][half] / first;
        block[1] = unit.later[look][half] / (days - first);
        state.add(metrics.length + half, block, Estimand.NONE);
      }
    }
  }

  /** What is known of the present unit in an experiment. */
  private static final class Unit {
    private final LookPlan.Trial trial;
    private final double[] sums;
    private final double[] before;
    private final double[][] earlier;
    private final double[][] later;
    private final double[][] blocks;
    private final UnitBins[] bins;
    private int firstDay;
    private String variant;
    private int severalFrom;
    private int excludedFrom;
    private String[] segments;

    Unit(LookPlan.Trial trial, int looks) {
      this.trial = trial;
      this.sums = new double[2 * trial.metrics.length];
      this.before = new double[2 * trial.metrics.length];
      this.earlier = new double[looks][trial.halved.length];
      this.later = new double[looks][trial.halved.length];
      this.blocks = Arrays.stream(trial.blocks).mapToObj(double[]::new).toArray(double[][]::new);
      this.bins =
          Arrays.stream(trial.metrics)
              .map(metric -> metric.isBins() ? new UnitBins() : null)
              .toArray(UnitBins[]::new);
      this.firstDay = 0;
    }

    void clear() {
      if (firstDay == NEVER) {
        return;
      }
      firstDay = NEVER;
      severalFrom = NEVER;
      excludedFrom = NEVER;
      variant = null;
      Arrays.fill(sums, 0);
      Arrays.fill(before, 0);
      for (UnitBins one : bins) {
        if (one != null) {
          one.clear();
        }
      }
      for (int look = 0; look < earlier.length; look++) {
        Arrays.fill(earlier[look], 0);
        Arrays.fill(later[look], 0);
      }
    }

    /** Whole days after the exposure, up to a look. */
    int days(int look) {
      return Math.min(look, trial.to - 1) - firstDay;
    }

    void add(double[] to, int place, double[] values) {
      LookPlan.Metric metric = trial.metrics[place];
      if (metric.isBins()) {
        bins[place].add(values);
        return;
      }
      to[2 * place] += values[metric.numerator];
      if (metric.denominator >= 0) {
        to[2 * place + 1] += values[metric.denominator];
      }
    }

    void values(LookPlan.Metric metric, double[] from, int place, double[] block, int at) {
      double numerator = from[2 * place];
      double denominator = from[2 * place + 1];
      switch (metric.kind) {
        case PROPORTION -> block[at] = Math.min(1, numerator);
        case FUNNEL -> {
          block[at + 1] = Math.min(1, denominator);
          block[at] = Math.min(block[at + 1], numerator);
        }
        default -> {
          block[at] = Math.min(metric.cap, numerator);
          if (metric.denominator >= 0) {
            block[at + 1] = Math.min(metric.denominatorCap, denominator);
          }
        }
      }
    }
  }
}
