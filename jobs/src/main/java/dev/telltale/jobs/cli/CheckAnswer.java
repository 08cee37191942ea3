package dev.telltale.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.check.CheckJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * What {@code check} answers: the results of the windows of the interval.
 *
 * @param rows rows of {@code check_results}, by window and as the model file has them
 */
record CheckAnswer(List<Row> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PERCENT = 100;

  /** The results as they are stored. */
  static CheckAnswer of(Lake lake, NightSpec spec) {
    Granularity granularity = CheckJob.granularity(spec.model());
    TreeSet<Instant> windows = new TreeSet<>();
    Instant start = granularity.floor(spec.from());
    while (!granularity.next(start).isAfter(spec.to())) {
      windows.add(start);
      start = granularity.next(start);
    }
    List<Row> rows =
        new ArrayList<>(
            lake.rows(
                Tables.CHECK_RESULTS, WindowScope.of(spec.model().model(), granularity, windows)));
    rows.sort(java.util.Comparator.comparing(row -> row.<Timestamp>getAs("window_start")));
    return new CheckAnswer(List.copyOf(rows));
  }

  private long failed() {
    return rows.stream().filter(row -> Boolean.FALSE.equals(row.getAs("success"))).count();
  }

  /** Those with enough data to judge by. */
  private long judged() {
    return rows.stream().filter(row -> row.getAs("success") != null).count();
  }

  /** Adds a validation result, as Great Expectations has it, to the answer of the command. */
  void addTo(ObjectNode json) {
    json.put("success", failed() == 0);
    ArrayNode results = json.putArray("results");
    rows.forEach(row -> add(results.addObject(), row));
    ObjectNode statistics = json.putObject("statistics");
    statistics
        .put("evaluated_expectations", rows.size())
        .put("successful_expectations", judged() - failed())
        .put("unsuccessful_expectations", failed());
    if (judged() == 0) {
      statistics.putNull("success_percent");
    } else {
      statistics.put("success_percent", PERCENT * (judged() - failed()) / judged());
    }
  }

  private static void add(ObjectNode one, Row row) {
    one.put("success", row.<Boolean>getAs("success"));
    ObjectNode config = one.putObject("expectation_config");
    config.put("type", row.<String>getAs("expectation"));
    config.set("kwargs", json(row.getAs("kwargs")));
    config.put("severity", row.<String>getAs("severity").toLowerCase(Locale.ROOT));
    config
        .putObject("meta")
        .put("table", row.<String>getAs("table_name"))
        .put("table_version", row.<Long>getAs("table_version"))
        .put("window_start", row.<Timestamp>getAs("window_start").toInstant().toString())
        .put("source", row.<String>getAs("source"))
        .put("because", row.<String>getAs("because"));
    ObjectNode result = one.putObject("result");
    put(result, "observed_value", row);
    for (String count : List.of("element_count", "missing_count", "unexpected_count")) {
      Long value = row.getAs(count);
      if (value != null) {
        result.put(count, value);
      }
    }
    for (String percent :
        List.of("missing_percent", "unexpected_percent", "unexpected_percent_total")) {
      Double value = row.getAs(percent);
      if (value != null) {
        result.put(percent, value);
      }
    }
    if (row.<Long>getAs("unexpected_count") != null) {
      put(result, "partial_unexpected_list", row);
      ArrayNode ids = result.putArray("partial_unexpected_ids");
      row.<String>getList(row.fieldIndex("partial_unexpected_ids")).forEach(ids::add);
    }
    put(result, "details", row);
    String exception = row.getAs("exception");
    ObjectNode info = one.putObject("exception_info");
    info.put("raised_exception", exception != null);
    info.put("exception_message", exception);
    info.putNull("exception_traceback");
  }

  private static void put(ObjectNode result, String column, Row row) {
    String text = row.getAs(column);
    if (text != null) {
      result.set(column, json(text));
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("check_results holds JSON: " + text, e);
    }
  }

  private static String failsAs(Boolean success, Row row) {
    if (success == null) {
      return "too little data";
    }
    return success ? "" : row.<String>getAs("severity").toLowerCase(Locale.ROOT);
  }

  /** What does not hold, each with its sentence, and how many do; other formats have every one. */
  List<String> lines(Format format) {
    boolean all = format != Format.TABLE;
    List<List<String>> lines = new ArrayList<>();
    for (Row row : rows) {
      Boolean success = row.getAs("success");
      if (all || !Boolean.TRUE.equals(success)) {
        lines.add(
            List.of(
                row.<Timestamp>getAs("window_start")
                    .toInstant()
                    .toString()
                    .replaceFirst("T00:00:00Z$", ""),
                row.<String>getAs("table_name"),
                row.getAs("column_name") == null ? "" : row.<String>getAs("column_name"),
                failsAs(success, row),
                (all || row.getAs("column_name") == null
                        ? row.<String>getAs("expectation") + ". "
                        : "")
                    + row.getAs("because")));
      }
    }
    Table table = new Table(List.of("WINDOW", "TABLE", "COLUMN", "FAILS AS", "BECAUSE"), lines);
    String footnote =
        String.format(
            Locale.ROOT, "%,d of %,d expectations hold.", judged() - failed(), rows.size());
    return lines.isEmpty() && !all ? List.of(footnote) : table.lines(format, footnote);
  }
}
