package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmState;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a task has to know to fold units: days as days since 1970, everything by its place. Crosses
 * to executors, hence classes and not records.
 */
final class LookPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a window without an end, and of an experiment. */
  static final int OPEN = Integer.MAX_VALUE;

  final Trial[] trials;

  /** The last day of each look, ascending. */
  final int[] looks;

  /** For each source the metrics that are made of it, by trial. */
  final Use[][] uses;

  LookPlan(
      List<Experiment> experiments,
      List<FactSource> sources,
      List<LocalDate> looks,
      List<List<Segment>> segments) {
    this.looks = looks.stream().mapToInt(day -> (int) day.toEpochDay()).toArray();
    this.trials = new Trial[experiments.size()];
    for (int trial = 0; trial < trials.length; trial++) {
      trials[trial] = new Trial(experiments.get(trial), sources, segments.get(trial));
    }
    this.uses = new Use[sources.size()][];
    for (int source = 0; source < uses.length; source++) {
      List<Use> used = new ArrayList<>();
      for (int trial = 0; trial < trials.length; trial++) {
        int[] metrics = metrics(trials[trial], source);
        if (metrics.length > 0) {
          used.add(new Use(trial, metrics));
        }
      }
      uses[source] = used.toArray(Use[]::new);
    }
  }

  private static int[] metrics(Trial trial, int source) {
    return IntStream.range(0, trial.metrics.length)
        .filter(metric -> trial.metrics[metric].source == source)
        .toArray();
  }

  /** Metrics of a trial that are made of one source. */
  static final class Use implements Serializable {
    private static final long serialVersionUID = 1L;

    final int trial;
    final int[] metrics;

    Use(int trial, int[] metrics) {
      this.trial = trial;
      this.metrics = metrics;
    }
  }

  /** A segment of an experiment and the values that are kept apart. */
  static final class Segment implements Serializable {
    private static final long serialVersionUID = 1L;

    final String key;
    final HashSet<String> values;

    Segment(String key, List<String> values) {
      this.key = key;
      this.values = new HashSet<>(values);
    }
  }

  /** An experiment. */
  static final class Trial implements Serializable {
    private static final long serialVersionUID = 1L;

    final int from;
    final int to;
    final int preDays;
    final ArrayList<String> variants;
    final Segment[] segments;
    final Metric[] metrics;

    /** Metrics of which both halves of a unit's days are kept, see {@link UnitFold}. */
    final int[] halved;

    /** Columns of each block of a state: the metrics, then the halved ones. */
    final int[] blocks;

    Trial(Experiment experiment, List<FactSource> sources, List<Segment> segments) {
      this.from = (int) experiment.from().toEpochDay();
      this.to = experiment.to().map(day -> (int) day.toEpochDay()).orElse(OPEN);
      this.preDays = experiment.preDays();
      this.variants = new ArrayList<>(experiment.variants().keySet());
      this.segments = segments.toArray(Segment[]::new);
      List<FactSource> own = FactSource.of(experiment);
      this.metrics =
          experiment.metrics().stream()
              .map(metric -> new Metric(metric, sources, own, preDays > 0))
              .toArray(Metric[]::new);
      this.halved = halved(experiment);
      this.blocks =
          IntStream.concat(
                  Arrays.stream(metrics).mapToInt(metric -> metric.columns),
                  Arrays.stream(halved).map(metric -> 2))
              .toArray();
    }

    /** Which metrics change with the days: those that add up over all of them, and that decide. */
    static int[] halved(Experiment experiment) {
      return IntStream.range(0, experiment.metrics().size())
          .filter(
              place -> {
                ExperimentMetric metric = experiment.metrics().get(place);
                return metric.role() == ExperimentMetric.Role.PRIMARY
                    && !metric.kind().isRatio()
                    && metric.kind() != ExperimentMetric.Kind.QUANTILE
                    && metric.days().isEmpty()
                    && metric.fromDay() == 0;
              })
          .toArray();
    }
  }

  /** A metric. */
  static final class Metric implements Serializable {
    private static final long serialVersionUID = 1L;

    final ExperimentMetric.Kind kind;
    final int source;
    final int numerator;
    final int denominator;
    final int fromDay;
    final int endDay;
    final double cap;
    final double denominatorCap;
    final boolean hasPast;
    final int columns;

    /**
     * @param sources of all experiments
     * @param own those of the metric's experiment
     */
    Metric(
        ExperimentMetric metric, List<FactSource> sources, List<FactSource> own, boolean hasPast) {
      this.kind = metric.kind();
      FactSource used = own.stream().filter(one -> one.isOf(metric)).findFirst().orElseThrow();
      this.source = sources.indexOf(used);
      List<FactSource.Sum> sums = FactSource.needed(metric);
      this.numerator = used.sums().indexOf(sums.get(0));
      this.denominator = kind.isRatio() ? used.sums().indexOf(sums.get(1)) : -1;
      this.fromDay = metric.fromDay();
      this.endDay = metric.days().isPresent() ? fromDay + metric.days().getAsInt() : OPEN;
      this.cap = metric.cap().orElse(Double.POSITIVE_INFINITY);
      this.denominatorCap = metric.denominatorCap().orElse(Double.POSITIVE_INFINITY);
      this.hasPast = hasPast;
      this.columns =
          kind == ExperimentMetric.Kind.QUANTILE
              ? ArmState.QUANTILE
              : (kind.isRatio() ? 2 : 1) * (hasPast ? 2 : 1);
    }

    /** Whether its values are in bins. */
    boolean isBins() {
      return kind == ExperimentMetric.Kind.QUANTILE;
    }

    /** Whether a unit counts, by the end of a day. */
    boolean counts(int firstDay, int day, int to) {
      return endDay == OPEN
          ? firstDay + fromDay <= Math.min(day, to - 1)
          : firstDay + endDay - 1 <= day;
    }
  }

  /** Places of the fact sources by their ids. */
  static Map<String, Integer> places(List<FactSource> sources) {
    Map<String, Integer> places = new HashMap<>();
    for (FactSource source : sources) {
      places.put(source.id(), places.size());
    }
    return places;
  }
}
