package dev.telltale.jobs.report;

import static java.util.stream.Collectors.toSet;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;

/** Reads what the looks at experiments have found. */
final class ExperimentReader {
  private final Lake lake;
  private final String modelId;
  private final Instant from;
  private final Instant to;
  private long rowsRead;

  /** A reader of the experiments with a look in {@code [from, to)}. */
  ExperimentReader(Lake lake, String modelId, Instant from, Instant to) {
    this.lake = lake;
    this.modelId = modelId;
    this.from = from;
    this.to = to;
  }

  /** Rows that came to the driver so far. */
  long rowsRead() {
    return rowsRead;
  }

  TrialRows read() {
    List<Row> looks = read(Tables.EXPERIMENT_LOOKS, from);
    Map<String, Instant> last = new HashMap<>();
    looks.forEach(
        row -> last.merge(row.getAs("experiment_id"), day(row), (a, b) -> a.isBefore(b) ? b : a));
    if (last.isEmpty()) {
      return TrialRows.NONE;
    }
    // Looks are numbered by day, so that one says when its experiment began: its course starts
    // there, however few windows the report has.
    Instant begin =
        looks.stream()
            .map(row -> day(row).minus(row.<Integer>getAs("look") - 1L, ChronoUnit.DAYS))
            .min(Comparator.naturalOrder())
            .orElse(from);
    if (begin.isBefore(from)) {
      looks =
          read(Tables.EXPERIMENT_LOOKS, begin).stream()
              .filter(row -> last.containsKey(row.<String>getAs("experiment_id")))
              .toList();
    }
    List<Row> results =
        read(Tables.EXPERIMENT_RESULTS, begin).stream()
            .filter(row -> last.containsKey(row.<String>getAs("experiment_id")))
            .filter(row -> row.getAs("slice_key") == null || isLast(row, last))
            .toList();
    List<Row> checks =
        read(Tables.EXPERIMENT_CHECKS, days(last)).stream()
            .filter(row -> isLast(row, last))
            .toList();
    return new TrialRows(looks, results, checks, controls(looks, last), to);
  }

  /** The variant that has units and is compared with none. */
  private Map<String, String> controls(List<Row> looks, Map<String, Instant> last) {
    Set<List<String>> compared = looks.stream().map(ExperimentReader::variant).collect(toSet());
    Map<String, String> controls = new HashMap<>();
    List<Row> states =
        lake.rows(Tables.EXPERIMENT_STATES, days(last), "experiment_id", "variant", "slice_key");
    rowsRead += states.size();
    for (Row row : states) {
      if (row.getAs("slice_key") == null && isLast(row, last) && !compared.contains(variant(row))) {
        controls.put(row.getAs("experiment_id"), row.getAs("variant"));
      }
    }
    return controls;
  }

  private static List<String> variant(Row row) {
    return List.of(row.getAs("experiment_id"), row.getAs("variant"));
  }

  private WindowScope days(Map<String, Instant> last) {
    return WindowScope.of(modelId, Granularity.DAY, last.values());
  }

  private static Instant day(Row row) {
    return Cells.instant(row, "window_start");
  }

  private static boolean isLast(Row row, Map<String, Instant> last) {
    return day(row).equals(last.get(row.<String>getAs("experiment_id")));
  }

  private List<Row> read(Tables table, Instant since) {
    return read(table, WindowScope.between(modelId, Granularity.DAY, since, to));
  }

  private List<Row> read(Tables table, WindowScope scope) {
    List<Row> rows = lake.rows(table, scope);
    rowsRead += rows.size();
    return rows;
  }
}
