package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Granularity;
import dev.telltale.experiment.Phrases;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * What {@code experiment} answers: of each experiment the last look of the interval.
 *
 * @param decisions rows of {@code experiment_looks}, by experiment
 * @param results rows of {@code experiment_results} of the same looks
 * @param checks rows of {@code experiment_checks} of the same looks
 */
record ExperimentAnswer(
    Map<String, List<Row>> decisions,
    Map<String, List<Row>> results,
    Map<String, List<Row>> checks) {
  private static final List<String> NUMBERS =
      List.of(
          "mean_control",
          "mean_variant",
          "effect",
          "std_error",
          "ci_low",
          "ci_high",
          "lift",
          "lift_low",
          "lift_high",
          "z",
          "bound",
          "information",
          "p_value",
          "p_value_sequential",
          "p_value_adjusted",
          "chance_to_win",
          "expected_loss");

  /** The results as they are stored. */
  static ExperimentAnswer of(Lake lake, NightSpec spec) {
    Map<String, List<Row>> decisions = last(lake, spec, Tables.EXPERIMENT_LOOKS);
    return new ExperimentAnswer(
        decisions,
        last(lake, spec, Tables.EXPERIMENT_RESULTS),
        last(lake, spec, Tables.EXPERIMENT_CHECKS));
  }

  /** Rows of the last day that an experiment has rows of. */
  private static Map<String, List<Row>> last(Lake lake, NightSpec spec, Tables table) {
    WindowScope scope =
        WindowScope.between(spec.model().model(), Granularity.DAY, spec.from(), spec.to());
    Map<String, List<Row>> rows = new TreeMap<>();
    for (Row row : lake.rows(table, scope)) {
      List<Row> known = rows.computeIfAbsent(row.getAs("experiment_id"), any -> new ArrayList<>());
      if (!known.isEmpty() && day(row).after(day(known.get(0)))) {
        known.clear();
      }
      if (known.isEmpty() || day(row).equals(day(known.get(0)))) {
        known.add(row);
      }
    }
    return rows;
  }

  private static Date day(Row row) {
    return row.getAs("window_date");
  }

  /** Adds the looks to the answer of the command. */
  void addTo(ObjectNode json) {
    ArrayNode all = json.putArray("experiments");
    decisions.forEach(
        (id, variants) -> {
          ObjectNode one = all.addObject();
          one.put("experiment", id)
              .put("look", variants.get(0).<Integer>getAs("look"))
              .put("day", day(variants.get(0)).toString());
          ArrayNode decided = one.putArray("variants");
          variants.forEach(row -> decision(decided.addObject(), row));
          ArrayNode metrics = one.putArray("metrics");
          results.getOrDefault(id, List.of()).forEach(row -> metric(metrics.addObject(), row));
          ArrayNode doubts = one.putArray("checks");
          checks.getOrDefault(id, List.of()).forEach(row -> check(doubts.addObject(), row));
        });
  }

  private static void decision(ObjectNode node, Row row) {
    node.put("variant", row.<String>getAs("variant"));
    for (String count :
        List.of(
            "n_control",
            "n_variant",
            "num_several",
            "num_excluded",
            "num_undeclared",
            "num_late")) {
      node.put(count, row.<Long>getAs(count));
    }
    Date on = row.getAs("decided_on");
    node.put("decision", row.<String>getAs("decision"))
        .put("decided_on", on == null ? null : on.toString())
        .put("because", row.<String>getAs("because"));
  }

  private static void metric(ObjectNode node, Row row) {
    for (String text : List.of("metric", "role", "variant", "slice_key", "slice_value")) {
      node.put(text, row.<String>getAs(text));
    }
    node.put("n_control", row.<Long>getAs("n_control"))
        .put("n_variant", row.<Long>getAs("n_variant"));
    for (String number : NUMBERS) {
      Double value = row.getAs(number);
      JsonNumber.put(node, number, value == null ? Double.NaN : value);
    }
    node.put("outcome", row.<String>getAs("outcome")).put("because", row.<String>getAs("because"));
  }

  private static void check(ObjectNode node, Row row) {
    for (String text : List.of("check", "metric", "variant", "slice_key", "slice_value")) {
      node.put(text, row.<String>getAs(text));
    }
    node.put("status", row.<String>getAs("status")).put("because", row.<String>getAs("because"));
  }

  /**
   * For people what to do, the metrics of all units, and doubts; other formats have all numbers.
   */
  List<String> lines(Format format) {
    if (format != Format.TABLE) {
      return numbers().lines(format);
    }
    List<String> lines = new ArrayList<>();
    if (decisions.isEmpty()) {
      lines.add("No experiment runs on a day of the interval.");
    }
    decisions.forEach(
        (id, variants) -> {
          if (!lines.isEmpty()) {
            lines.add("");
          }
          lines.addAll(Table.wrap(title(id, variants)));
          lines.add("");
          lines.addAll(
              new Table(
                      List.of("VARIANT", "DECISION", "BECAUSE"),
                      variants.stream()
                          .map(
                              row ->
                                  List.<String>of(
                                      row.getAs("variant"),
                                      row.getAs("decision"),
                                      row.getAs("because")))
                          .toList())
                  .lines(format));
          lines.add("");
          lines.addAll(metrics(id).lines(format));
          doubts(id).forEach(lines::add);
        });
    return lines;
  }

  private static String title(String id, List<Row> variants) {
    Row first = variants.get(0);
    List<String> aside = new ArrayList<>();
    aside(aside, first, "num_several", "in several variants");
    aside(aside, first, "num_excluded", "left out by rule");
    aside(aside, first, "num_undeclared", "in undeclared variants");
    aside(aside, first, "num_late", "after the end");
    long units = first.<Long>getAs("n_control");
    for (Row row : variants) {
      units += row.<Long>getAs("n_variant");
    }
    return String.format(
        Locale.ROOT,
        "%s, look %d (%s): %,d units%s",
        id,
        first.<Integer>getAs("look"),
        day(first),
        units,
        aside.isEmpty() ? "" : "; set aside: " + String.join(", ", aside));
  }

  private static void aside(List<String> parts, Row row, String column, String words) {
    long count = row.<Long>getAs(column);
    if (count > 0) {
      parts.add(String.format(Locale.ROOT, "%,d %s", count, words));
    }
  }

  private Table metrics(String id) {
    List<Row> all =
        results.getOrDefault(id, List.of()).stream()
            .filter(row -> row.getAs("slice_key") == null)
            .toList();
    boolean several = all.stream().map(row -> row.<String>getAs("variant")).distinct().count() > 1;
    List<List<String>> lines = new ArrayList<>();
    for (Row row : all) {
      List<String> line = new ArrayList<>(List.of(row.<String>getAs("metric")));
      if (several) {
        line.add(row.getAs("variant"));
      }
      line.add(row.<String>getAs("role").toLowerCase(Locale.ROOT));
      line.add(row.getAs("effect") == null ? "" : Phrases.number(row.<Double>getAs("effect")));
      line.add(interval(row));
      line.add(lift(row));
      line.add(row.getAs("outcome"));
      lines.add(line);
    }
    List<String> columns = new ArrayList<>(List.of("METRIC"));
    if (several) {
      columns.add("VARIANT");
    }
    columns.addAll(List.of("ROLE", "EFFECT", "INTERVAL", "LIFT", "OUTCOME"));
    return new Table(columns, lines);
  }

  private static String lift(Row row) {
    Double lift = row.getAs("lift");
    return lift == null ? "" : Phrases.percent(lift);
  }

  private static String interval(Row row) {
    Double low = row.getAs("ci_low");
    Double high = row.getAs("ci_high");
    return low == null || Double.isInfinite(low)
        ? ""
        : Phrases.number(low) + " to " + Phrases.number(high);
  }

  private List<String> doubts(String id) {
    List<String> lines = new ArrayList<>();
    for (Row row : checks.getOrDefault(id, List.of())) {
      if (List.of("WARNING", "INVALID").contains(row.<String>getAs("status"))) {
        if (lines.isEmpty()) {
          lines.add("");
        }
        lines.addAll(Table.wrap(row.getAs("status") + ": " + row.getAs("because")));
      }
    }
    return lines;
  }

  private Table numbers() {
    List<String> texts =
        List.of("experiment_id", "metric", "role", "variant", "slice_key", "slice_value");
    List<String> columns = new ArrayList<>(List.of("day"));
    columns.addAll(texts);
    columns.addAll(List.of("n_control", "n_variant"));
    columns.addAll(NUMBERS);
    columns.add("outcome");
    List<List<String>> lines = new ArrayList<>();
    results
        .values()
        .forEach(
            rows ->
                rows.forEach(
                    row -> {
                      List<String> line = new ArrayList<>(List.of(day(row).toString()));
                      columns.subList(1, columns.size()).forEach(name -> line.add(cell(row, name)));
                      lines.add(line);
                    }));
    return new Table(columns, lines);
  }

  private static String cell(Row row, String column) {
    Object value = row.getAs(column);
    return value == null ? "" : value.toString();
  }
}
