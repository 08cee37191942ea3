package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.jobs.Sha256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table of facts, and what is summed of it for the metrics of an experiment. Another experiment
 * comes and goes without changing it.
 *
 * @param table as the experiment files name it
 * @param unit column with the unit
 * @param eventTime timestamp column
 * @param sums what is summed, in the order in which it is stored
 */
record FactSource(String table, String unit, String eventTime, List<Sum> sums) {
  private static final int ID_BYTES = 8;

  /**
   * A sum over facts.
   *
   * @param value SQL number; empty = the facts are counted
   * @param of what of it is kept
   * @param where SQL condition of the facts; empty = all
   */
  record Sum(Optional<String> value, Of of, Optional<String> where) {}

  /** What is kept of facts. */
  enum Of {
    /** Their values added. */
    VALUES,
    /** Their number; of those with a value, where there is one. */
    COUNT,
    /** Their values in bins: pairs of bin and number, the only sum of its source. */
    BINS
  }

  /** Copies the list. */
  FactSource {
    sums = List.copyOf(sums);
  }

  /** The sources of an experiment, in the order in which its metrics name them. */
  static List<FactSource> of(Experiment experiment) {
    Map<List<Object>, List<Sum>> sums = new LinkedHashMap<>();
    for (ExperimentMetric metric : experiment.metrics()) {
      List<Sum> known = sums.computeIfAbsent(place(metric), any -> new ArrayList<>());
      known.addAll(needed(metric).stream().filter(sum -> !known.contains(sum)).toList());
    }
    return sums.entrySet().stream()
        .map(
            entry ->
                new FactSource(
                    (String) entry.getKey().get(0),
                    (String) entry.getKey().get(1),
                    (String) entry.getKey().get(2),
                    entry.getValue()))
        .toList();
  }

  /** The sources of some experiments: those that sum the same of a table share one. */
  static List<FactSource> of(List<Experiment> experiments) {
    return experiments.stream().flatMap(experiment -> of(experiment).stream()).distinct().toList();
  }

  /** The sums that make the numerator and, of a ratio, the denominator of a metric. */
  static List<Sum> needed(ExperimentMetric metric) {
    Optional<String> where = metric.where();
    Sum count = new Sum(Optional.empty(), Of.COUNT, where);
    Sum value = new Sum(metric.value(), Of.VALUES, where);
    return switch (metric.kind()) {
      case SUM -> List.of(value);
      case COUNT, PROPORTION -> List.of(count);
      case MEAN -> List.of(value, new Sum(metric.value(), Of.COUNT, where));
      case RATIO -> List.of(value, new Sum(metric.denominator(), Of.VALUES, where));
      case FUNNEL -> List.of(count, new Sum(Optional.empty(), Of.COUNT, metric.denominator()));
      case QUANTILE -> List.of(new Sum(metric.value(), Of.BINS, where));
    };
  }

  /** Whether a metric of an experiment that has this source is made of it. */
  boolean isOf(ExperimentMetric metric) {
    List<Sum> needed = needed(metric);
    return metric.table().equals(table)
        && metric.unit().equals(unit)
        && metric.eventTime().equals(eventTime)
        && isBins() == (needed.get(0).of() == Of.BINS)
        && sums.containsAll(needed);
  }

  /** Whether its values are those of facts in bins. */
  boolean isBins() {
    return sums.get(0).of() == Of.BINS;
  }

  /** Values in bins have no fixed number, so that each has a source of its own. */
  private static List<Object> place(ExperimentMetric metric) {
    Sum first = needed(metric).get(0);
    return List.of(
        metric.table(),
        metric.unit(),
        metric.eventTime(),
        first.of() == Of.BINS ? first : Of.VALUES);
  }

  /** Equal for what gives equal rows of {@code experiment_facts}. */
  String id() {
    return hash(toString());
  }

  /** A short hash of a text. */
  static String hash(String text) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, ID_BYTES);
  }
}
