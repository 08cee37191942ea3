package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.report.ReportData.AlertRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.States;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

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
  private long rowsRead;

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
        .filter(FindingRow::fires)
        .sorted(
            Comparator.comparing((FindingRow row) -> !open.contains(row.findingKey()))
                .thenComparing(row -> Attention.severityRank(row.severity()))
                .thenComparing(row -> -row.excess())
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

  /** Reads and decodes. */
  States read(Lake lake, String modelId) {
    if (baselineId == null || wanted.isEmpty()) {
      return States.NONE;
    }
    Set<Subject> references =
        wanted.values().stream()
            .flatMap(Set::stream)
            .map(Subject::ofAllVersions)
            .collect(Collectors.toSet());
    List<Row> baselineRows = rows(lake, WindowScope.baseline(modelId));
    Map<String, Anchors> anchors = new HashMap<>();
    for (Row row : baselineRows) {
      byte[] stored = row.getAs("anchors");
      if (stored != null) {
        anchors.put(row.getAs("column_name"), StateFormat.readAnchors(stored));
      }
    }
    Map<Subject, ColumnState> baseline = new HashMap<>();
    for (Row row : baselineRows) {
      decode(row, references, anchors).ifPresent(state -> baseline.put(Cells.subject(row), state));
    }
    Map<Instant, Map<Subject, ColumnState>> windows = new HashMap<>();
    for (Row row : rows(lake, WindowScope.of(modelId, granularity, wanted.keySet()))) {
      Instant window = Cells.instant(row, "window_start");
      decode(row, wanted.get(window), anchors)
          .ifPresent(
              state ->
                  windows
                      .computeIfAbsent(window, key -> new HashMap<>())
                      .put(Cells.subject(row), state));
    }
    return new States(baselineId, baseline, windows);
  }

  private List<Row> rows(Lake lake, WindowScope scope) {
    List<Row> rows =
        lake.rows(
            Tables.PROFILE_STATES,
            scope,
            "window_start",
            "baseline_id",
            "model_version",
            "slice_key",
            "slice_value",
            "column_name",
            "anchors",
            "state");
    rowsRead += rows.size();
    return rows.stream().filter(row -> baselineId.equals(row.getAs("baseline_id"))).toList();
  }

  private static Optional<ColumnState> decode(
      Row row, Set<Subject> wanted, Map<String, Anchors> anchors) {
    byte[] bytes = row.getAs("state");
    return bytes == null || !wanted.contains(Cells.subject(row))
        ? Optional.empty()
        : Optional.of(
            StateFormat.read(bytes, anchors.getOrDefault(row.getAs("column_name"), Anchors.NONE)));
  }

  /** Rows read. */
  long rowsRead() {
    return rowsRead;
  }
}
