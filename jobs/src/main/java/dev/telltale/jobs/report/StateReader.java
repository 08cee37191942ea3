package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.report.ReportData.AlertRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.States;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Reads the states that the report draws: every column in the newest window and in the baseline,
 * and both sides of each finding.
 */
final class StateReader {
  /** The page draws forty concerns; this many parts of the rows are more than it can show. */
  private static final int MOST_PARTS = 60;

  private final Granularity granularity;
  private final String baselineId;
  private final Map<Instant, Set<Subject>> wanted = new HashMap<>();
  private final Set<Subject> parts = new LinkedHashSet<>();

  StateReader(Granularity granularity, String baselineId) {
    this.granularity = granularity;
    this.baselineId = baselineId;
  }

  /** Notes which states are drawn. */
  void want(
      Instant newest, List<ProfileRow> profiles, List<FindingRow> findings, List<AlertRow> alerts) {
    for (ProfileRow row : profiles) {
      if (row.windowStart().equals(newest)) {
        add(newest, Subject.everything(row.column()));
      }
    }
    Set<String> open =
        Attention.openAlerts(alerts).stream().map(AlertRow::findingKey).collect(Collectors.toSet());
    Map<String, FindingRow> latest = new HashMap<>();
    for (FindingRow row : findings) {
      if (open.contains(row.findingKey()) || row.windowStart().equals(newest)) {
        latest.merge(
            row.findingKey(), row, (a, b) -> b.windowStart().isBefore(a.windowStart()) ? a : b);
      }
    }
    latest.values().stream()
        .filter(row -> row.status().equals("FIRING"))
        .sorted(
            Comparator.comparing((FindingRow row) -> !open.contains(row.findingKey()))
                .thenComparing(row -> Attention.severityRank(row.severity()))
                .thenComparing(row -> -Attention.excess(row.value(), row.threshold()))
                .thenComparing(FindingRow::findingKey))
        .forEach(
            row -> {
              add(row.windowStart(), row.subject());
              if ("CONSECUTIVE".equals(row.driftType())) {
                add(granularity.previous(row.windowStart()), row.subject());
              }
            });
  }

  private void add(Instant window, Subject subject) {
    Subject part = subject.of(null);
    if (parts.contains(part) || parts.size() < MOST_PARTS) {
      parts.add(part);
      wanted.computeIfAbsent(window, key -> new HashSet<>()).add(subject);
    }
  }

  /**
   * Reads and decodes.
   *
   * @param query runs a query on the states of the model
   */
  States read(Function<UnaryOperator<Dataset<Row>>, List<Row>> query) {
    if (baselineId == null || wanted.isEmpty()) {
      return States.NONE;
    }
    Map<String, Anchors> anchors = new HashMap<>();
    List<Row> baselineRows = query.apply(states -> select(baseline(states)));
    for (Row row : baselineRows) {
      byte[] stored = row.getAs("anchors");
      if (stored != null) {
        anchors.put(row.getAs("column_name"), StateFormat.readAnchors(stored));
      }
    }
    Set<Subject> references =
        wanted.values().stream()
            .flatMap(Set::stream)
            .map(Subject::ofAllVersions)
            .collect(Collectors.toSet());
    Map<Subject, ColumnState> baseline = new HashMap<>();
    for (Row row : baselineRows) {
      Subject subject = Cells.subject(row);
      ColumnState state = references.contains(subject) ? state(row, anchors) : null;
      if (state != null) {
        baseline.put(subject, state);
      }
    }
    Map<Instant, Map<Subject, ColumnState>> windows = new HashMap<>();
    for (Row row : query.apply(states -> select(windows(states)))) {
      Instant window = Cells.instant(row, "window_start");
      Subject subject = Cells.subject(row);
      ColumnState state =
          wanted.getOrDefault(window, Set.of()).contains(subject) ? state(row, anchors) : null;
      if (state != null) {
        windows.computeIfAbsent(window, key -> new HashMap<>()).put(subject, state);
      }
    }
    return new States(baselineId, baseline, windows);
  }

  private static ColumnState state(Row row, Map<String, Anchors> anchors) {
    byte[] bytes = row.getAs("state");
    return bytes == null
        ? null
        : StateFormat.read(bytes, anchors.getOrDefault(row.getAs("column_name"), Anchors.NONE));
  }

  private static Dataset<Row> select(Dataset<Row> states) {
    return states.select(
        "window_start",
        "model_version",
        "slice_key",
        "slice_value",
        "column_name",
        "anchors",
        "state");
  }

  private Dataset<Row> baseline(Dataset<Row> states) {
    Column slices =
        parts.stream()
            .map(Subject::ofAllVersions)
            .distinct()
            .map(StateReader::isPart)
            .reduce(Column::or)
            .orElseThrow();
    return states
        .where(functions.col("granularity").equalTo(WindowScope.BASELINE))
        .where(functions.col("window_date").equalTo(Date.valueOf("1970-01-01")))
        .where(functions.col("baseline_id").equalTo(baselineId))
        // Of everything, too: only these rows have the anchors.
        .where(functions.col("slice_key").isNull().or(slices));
  }

  private Dataset<Row> windows(Dataset<Row> states) {
    Object[] dates =
        wanted.keySet().stream()
            .map(window -> Date.valueOf(window.atZone(ZoneOffset.UTC).toLocalDate()))
            .distinct()
            .toArray();
    return states
        .where(functions.col("granularity").equalTo(granularity.label()))
        .where(functions.col("window_date").isin(dates))
        .where(
            functions
                .col("window_start")
                .isin(wanted.keySet().stream().map(Timestamp::from).toArray()))
        .where(functions.col("baseline_id").equalTo(baselineId))
        .where(parts.stream().map(StateReader::isPart).reduce(Column::or).orElseThrow());
  }

  private static Column isPart(Subject part) {
    return functions
        .col("model_version")
        .eqNullSafe(part.modelVersion())
        .and(functions.col("slice_key").eqNullSafe(part.sliceKey()))
        .and(functions.col("slice_value").eqNullSafe(part.sliceValue()));
  }
}
