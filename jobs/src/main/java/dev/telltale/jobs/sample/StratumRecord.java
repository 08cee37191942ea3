package dev.telltale.jobs.sample;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.sampling.AdaptiveRates;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * What the result tables say of each stratum: its rows, its mistakes, and whether an alert is open,
 * it is new or the model is weak there. A stratum is known by its slice where the columns of the
 * strata are a slice of the model.
 */
final class StratumRecord {
  /** A week has every weekday, and what is older says little of tomorrow. */
  private static final int DAYS = 7;

  /** Why a stratum gets more. */
  enum Reason {
    ALERT,
    NEW,
    WEAK
  }

  /**
   * One stratum.
   *
   * @param rows rows of its last day that are not kept for certain
   * @param labels labelled rows of the last days
   * @param mistakes of them, those that were wrong
   */
  record Stratum(String name, long rows, double labels, double mistakes, List<Reason> reasons) {
    AdaptiveRates.Stratum known() {
      return new AdaptiveRates.Stratum(rows, labels, mistakes, reasons.size());
    }
  }

  private final Lake lake;
  private final ModelConfig model;
  private final Sampling sampling;
  private final WindowScope days;
  private final List<Stratum> strata = new ArrayList<>();
  private double errorRate = Double.NaN;
  private long rowsRead;

  private StratumRecord(Lake lake, ModelConfig model, Sampling sampling, WindowScope days) {
    this.lake = lake;
    this.model = model;
    this.sampling = sampling;
    this.days = days;
  }

  /**
   * Of the week before a day.
   *
   * @param day that is planned for
   */
  static StratumRecord of(Lake lake, ModelConfig model, Sampling sampling, Instant day) {
    StratumRecord record =
        new StratumRecord(
            lake,
            model,
            sampling,
            WindowScope.between(
                model.model(), Granularity.DAY, day.minus(Duration.ofDays(DAYS)), day));
    record.read();
    return record;
  }

  private void read() {
    NavigableMap<Instant, Map<String, Row>> volumes = new TreeMap<>();
    for (Row row : rows(Tables.SAMPLING_VOLUMES, "window_start", "stratum", "rows", "rows_whole")) {
      if (row.getAs("stratum") != null) {
        volumes
            .computeIfAbsent(start(row), absent -> new TreeMap<>())
            .put(row.getAs("stratum"), row);
      }
    }
    if (volumes.isEmpty()) {
      return;
    }
    Map<String, double[]> mistakes = mistakes();
    double[] all = mistakes.getOrDefault(null, new double[2]);
    errorRate = all[0] > 0 ? all[1] / all[0] : Double.NaN;
    Set<String> alerted = alerted();
    Set<String> weak = weak();
    Set<String> earlier = new HashSet<>();
    volumes.headMap(volumes.lastKey(), false).values().forEach(day -> earlier.addAll(day.keySet()));
    volumes
        .lastEntry()
        .getValue()
        .forEach(
            (name, row) -> {
              List<Reason> reasons = new ArrayList<>();
              if (alerted.contains(name)) {
                reasons.add(Reason.ALERT);
              }
              if (!earlier.isEmpty() && !earlier.contains(name)) {
                reasons.add(Reason.NEW);
              }
              if (weak.contains(name)) {
                reasons.add(Reason.WEAK);
              }
              double[] own = mistakes.getOrDefault(name, new double[2]);
              long drawable = row.<Long>getAs("rows") - row.<Long>getAs("rows_whole");
              strata.add(new Stratum(name, drawable, own[0], own[1], reasons));
            });
  }

  /** Labels and mistakes by stratum; of null for everything. */
  private Map<String, double[]> mistakes() {
    Map<String, double[]> mistakes = new HashMap<>();
    String truth = model.truth().map(Feedback::name).orElse(null);
    for (Row row :
        rows(
            Tables.QUALITY_METRICS,
            "model_version",
            "slice_key",
            "slice_value",
            "source",
            "metric",
            "kind",
            "value",
            "n")) {
      boolean wanted =
          "accuracy".equals(row.getAs("metric"))
              && "REALIZED".equals(row.getAs("kind"))
              && row.getAs("model_version") == null
              && row.getAs("source").equals(truth)
              && row.getAs("value") != null;
      if (wanted && (row.getAs("slice_key") == null || isStratum(row))) {
        double n = row.<Long>getAs("n");
        double[] sums = mistakes.computeIfAbsent(stratum(row), absent -> new double[2]);
        sums[0] += n;
        sums[1] += n * (1 - row.<Double>getAs("value"));
      }
    }
    return mistakes;
  }

  /** Strata with an alert open after the last window that has alerts. */
  private Set<String> alerted() {
    Map<String, Row> newest = new HashMap<>();
    for (Row row :
        rows(Tables.ALERTS, "window_start", "alert_id", "slice_key", "slice_value", "status")) {
      newest.merge(row.getAs("alert_id"), row, StratumRecord::newer);
    }
    Set<String> alerted = new HashSet<>();
    newest.values().stream()
        .filter(this::isStratum)
        .filter(row -> List.of("OPEN", "ACKNOWLEDGED").contains(row.<String>getAs("status")))
        .forEach(row -> alerted.add(stratum(row)));
    return alerted;
  }

  /** Strata with more mistakes than elsewhere, in the last window that says so or not. */
  private Set<String> weak() {
    Map<String, Row> newest = new HashMap<>();
    for (Row row :
        rows(
            Tables.QUALITY_SEGMENTS,
            "window_start",
            "model_version",
            "slice_key",
            "slice_value",
            "fairness",
            "difference",
            "status")) {
      boolean judged =
          row.getAs("difference") != null && !"INSUFFICIENT_DATA".equals(row.getAs("status"));
      if (judged
          && row.getAs("fairness") == null
          && row.getAs("model_version") == null
          && isStratum(row)) {
        newest.merge(stratum(row), row, StratumRecord::newer);
      }
    }
    Set<String> weak = new HashSet<>();
    newest.forEach(
        (name, row) -> {
          if ("DIFFERENT".equals(row.getAs("status")) && row.<Double>getAs("difference") > 0) {
            weak.add(name);
          }
        });
    return weak;
  }

  private List<Row> rows(Tables table, String... columns) {
    List<Row> rows = lake.rows(table, days, columns);
    rowsRead += rows.size();
    return rows;
  }

  private static Row newer(Row a, Row b) {
    return start(a).isBefore(start(b)) ? b : a;
  }

  private static Instant start(Row row) {
    return row.<Timestamp>getAs("window_start").toInstant();
  }

  /** Whether the row is of a slice whose columns are those of the strata. */
  private boolean isStratum(Row row) {
    String key = row.getAs("slice_key");
    return key != null && key.equals(String.join(",", sampling.strata())) && values(row) != null;
  }

  private String stratum(Row row) {
    return row.getAs("slice_key") == null ? null : Draw.stratum(sampling.strata(), values(row));
  }

  /** Null where a value has a comma, so that they cannot be told apart. */
  private List<String> values(Row row) {
    String value = row.getAs("slice_value");
    if (value == null) {
      return null;
    }
    List<String> values =
        sampling.strata().size() == 1 ? List.of(value) : Arrays.asList(value.split(",", -1));
    return values.size() == sampling.strata().size() ? values : null;
  }

  /** The strata of the last day that was sampled. */
  List<Stratum> strata() {
    return strata;
  }

  /** Share of mistakes among all labels of the last days; NaN where none is known. */
  double errorRate() {
    return errorRate;
  }

  /** How many strata get more for each reason. */
  Map<String, Long> attention() {
    Map<String, Long> attention = new TreeMap<>();
    for (Reason reason : Reason.values()) {
      attention.put(
          reason.name(), strata.stream().filter(one -> one.reasons().contains(reason)).count());
    }
    return attention;
  }

  long rowsRead() {
    return rowsRead;
  }
}
