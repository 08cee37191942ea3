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
   * @param isCounted whether facts with a value are counted
   * @param where SQL condition of the facts; empty = all
   */
  record Sum(Optional<String> value, boolean isCounted, Optional<String> where) {}

  /** Copies the list. */
  FactSource {
    sums = List.copyOf(sums);
  }

  /** The sources of an experiment, in the order in which its metrics name them. */
  static List<FactSource> of(Experiment experiment) {
    Map<List<String>, List<Sum>> sums = new LinkedHashMap<>();
    for (ExperimentMetric metric : experiment.metrics()) {
      List<Sum> known = sums.computeIfAbsent(place(metric), any -> new ArrayList<>());
      known.addAll(needed(metric).stream().filter(sum -> !known.contains(sum)).toList());
    }
    return sums.entrySet().stream()
        .map(
            entry ->
                new FactSource(
                    entry.getKey().get(0),
                    entry.getKey().get(1),
                    entry.getKey().get(2),
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
    Sum count = new Sum(Optional.empty(), true, where);
    Sum value = new Sum(metric.value(), false, where);
    return switch (metric.kind()) {
      case SUM -> List.of(value);
      // A placeholder: the job adds the histogram of the values.
      case QUANTILE -> List.of(value);
      case COUNT, PROPORTION -> List.of(count);
      case MEAN -> List.of(value, new Sum(metric.value(), true, where));
      case RATIO -> List.of(value, new Sum(metric.denominator(), false, where));
      case FUNNEL -> List.of(count, new Sum(Optional.empty(), true, metric.denominator()));
    };
  }

  /** Whether a metric of an experiment that has this source is made of it. */
  boolean isOf(ExperimentMetric metric) {
    return place(metric).equals(List.of(table, unit, eventTime));
  }

  private static List<String> place(ExperimentMetric metric) {
    return List.of(metric.table(), metric.unit(), metric.eventTime());
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
