package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.system.ServiceMetrics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;

/**
 * What {@code system} answers: the windows that end in the interval.
 *
 * @param metrics rows of {@code system_metrics}, by window, version and metric
 * @param degraded rows of {@code system_comparisons} of what is worse than it should be
 * @param newCrashes rows of {@code crash_groups} of what was never seen before
 */
record SystemAnswer(List<Row> metrics, List<Row> degraded, List<Row> newCrashes) {
  private static final double MILLION = 1e6;

  /** The results as they are stored. */
  static SystemAnswer of(Lake lake, NightSpec spec) {
    List<Row> metrics = new ArrayList<>(rows(lake, spec, Tables.SYSTEM_METRICS));
    List<String> order = ServiceMetrics.names();
    metrics.sort(byWindow().thenComparing(row -> order.indexOf(row.<String>getAs("metric"))));
    List<Row> degraded = new ArrayList<>(rows(lake, spec, Tables.SYSTEM_COMPARISONS));
    degraded.removeIf(row -> !row.getAs("status").equals("DEGRADED"));
    degraded.sort(byWindow().thenComparing(row -> order.indexOf(row.<String>getAs("metric"))));
    List<Row> crashes = new ArrayList<>(rows(lake, spec, Tables.CRASH_GROUPS));
    crashes.removeIf(row -> !row.<Boolean>getAs("is_new"));
    crashes.sort(byWindow());
    return new SystemAnswer(metrics, degraded, crashes);
  }

  private static Comparator<Row> byWindow() {
    return Comparator.<Row, Timestamp>comparing(row -> row.getAs("window_end"))
        .thenComparing(row -> row.<Timestamp>getAs("window_start"))
        .thenComparing(SystemAnswer::version);
  }

  private static List<Row> rows(Lake lake, NightSpec spec, Tables table) {
    List<Row> rows = new ArrayList<>();
    for (Granularity granularity : spec.model().granularities()) {
      WindowScope scope =
          WindowScope.between(
              spec.model().model(),
              granularity,
              granularity.previous(granularity.floor(spec.from())),
              spec.to());
      for (Row row : lake.rows(table, scope)) {
        Instant end = row.<Timestamp>getAs("window_end").toInstant();
        if (end.isAfter(spec.from()) && !end.isAfter(spec.to())) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static String version(Row row) {
    String version = row.getAs("model_version");
    return version == null ? "" : version;
  }

  private static String window(Row row) {
    return row.<Timestamp>getAs("window_start").toInstant().toString();
  }

  /** Adds the last window, and what is wrong in any, to the answer of the command. */
  void addTo(ObjectNode json) {
    ArrayNode all = json.putArray("metrics");
    for (Row row : lastWindow()) {
      ObjectNode one = all.addObject();
      start(one, row);
      one.put("metric", row.<String>getAs("metric"));
      for (String number : List.of("value", "ci_low", "ci_high")) {
        one.put(number, row.<Double>getAs(number));
      }
      one.put("n", row.<Long>getAs("n")).put("status", row.<String>getAs("status"));
    }
    ArrayNode worse = json.putArray("degraded");
    for (Row row : degraded) {
      ObjectNode one = worse.addObject();
      start(one, row);
      one.put("metric", row.<String>getAs("metric"))
          .put("compared_with", row.<String>getAs("compared_with"))
          .put("because", row.<String>getAs("because"));
    }
    ArrayNode crashes = json.putArray("new_crashes");
    for (Row row : newCrashes) {
      ObjectNode one = crashes.addObject();
      start(one, row);
      one.put("signature", row.<String>getAs("signature"))
          .put("crashes", row.<Long>getAs("crashes"))
          .put("title", row.<String>getAs("title"));
    }
  }

  private static void start(ObjectNode one, Row row) {
    one.put("window_start", window(row))
        .put("granularity", row.<String>getAs("granularity"))
        .put("model_version", row.<String>getAs("model_version"));
  }

  /** For people the last window and what is wrong in any; other formats have every window. */
  List<String> lines(Format format) {
    boolean all = format != Format.TABLE;
    List<List<String>> lines = new ArrayList<>();
    for (Row row : all ? metrics : lastWindow()) {
      List<String> line = new ArrayList<>();
      if (all) {
        line.add(window(row));
        line.add(row.getAs("granularity"));
      }
      line.add(row.getAs("metric"));
      line.add(version(row).isEmpty() ? "all" : version(row));
      line.add(number(row, "value"));
      line.add(number(row, "ci_low"));
      line.add(number(row, "ci_high"));
      line.add(String.format(Locale.ROOT, "%,d", row.<Long>getAs("n")));
      lines.add(line);
    }
    List<String> columns = new ArrayList<>(all ? List.of("WINDOW", "GRANULARITY") : List.of());
    columns.addAll(List.of("METRIC", "VERSION", "VALUE", "LOW", "HIGH", "N"));
    List<String> text = new ArrayList<>(new Table(columns, lines).lines(format));
    if (!all) {
      text.addAll(wrong());
    }
    return text;
  }

  /** The metrics of the last window: of the last day, where there is one. */
  private List<Row> lastWindow() {
    List<Row> days =
        metrics.stream()
            .filter(row -> row.getAs("granularity").equals(Granularity.DAY.label()))
            .toList();
    List<Row> some = days.isEmpty() ? metrics : days;
    return some.stream()
        .filter(row -> window(row).equals(window(some.get(some.size() - 1))))
        .toList();
  }

  /** What is wrong in windows of one length, as sentences; of others only how much. */
  private List<String> wrong() {
    String granularity = lastWindow().isEmpty() ? "" : lastWindow().get(0).getAs("granularity");
    List<List<String>> lines = new ArrayList<>();
    for (Row row : of(granularity, degraded)) {
      lines.add(
          List.of(
              window(row).replaceFirst("T00:00:00Z$", ""),
              version(row).isEmpty() ? "all" : version(row),
              row.getAs("because")));
    }
    for (Row row : of(granularity, newCrashes)) {
      lines.add(
          List.of(
              window(row).replaceFirst("T00:00:00Z$", ""),
              version(row).isEmpty() ? "all" : version(row),
              String.format(
                  Locale.ROOT,
                  "%,d crashes of a new kind: %s",
                  row.<Long>getAs("crashes"),
                  row.<String>getAs("title"))));
    }
    List<String> text = new ArrayList<>(List.of(""));
    text.addAll(
        lines.isEmpty()
            ? List.of("Nothing is worse than it should be.")
            : new Table(List.of("WINDOW", "VERSION", "WORSE THAN IT SHOULD BE"), lines)
                .lines(Format.TABLE));
    int others = degraded.size() + newCrashes.size() - lines.size();
    if (others > 0) {
      text.add("");
      text.add(String.format(Locale.ROOT, "%,d more in windows of other lengths.", others));
    }
    return text;
  }

  private static List<Row> of(String granularity, List<Row> rows) {
    return rows.stream().filter(row -> row.getAs("granularity").equals(granularity)).toList();
  }

  /** Four significant digits; whole numbers whole. */
  private static String number(Row row, String column) {
    Double value = row.getAs(column);
    if (value == null) {
      return "";
    }
    if (value == Math.rint(value) && Math.abs(value) < MILLION * MILLION) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
    return rounded.scale() > 0
        ? rounded.toPlainString()
        : String.format(Locale.ROOT, "%,d", rounded.toBigInteger());
  }
}
