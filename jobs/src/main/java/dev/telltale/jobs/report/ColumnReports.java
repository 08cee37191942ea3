package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Metric;
import dev.telltale.jobs.report.Report.Profile;
import dev.telltale.jobs.report.Report.Status;
import dev.telltale.jobs.report.Report.Trend;
import dev.telltale.jobs.report.ReportData.DriftRow;
import dev.telltale.jobs.report.ReportData.FindingRow;
import dev.telltale.jobs.report.ReportData.ProfileRow;
import dev.telltale.jobs.report.ReportData.TrendRow;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Builds what the report says about every column. */
final class ColumnReports {
  /** Kinds of columns without a state. */
  private static final Set<String> NOT_SUMMARISED = Set.of("SKIPPED", "LOST", "GAINED", "RETYPED");

  private final ReportData data;
  private final String effectMetric;
  private final List<Instant> windows;
  private final Instant newest;
  private final Map<String, Map<Instant, ProfileRow>> profiles = new HashMap<>();
  private final Map<String, Map<Instant, TrendRow>> trends = new HashMap<>();
  private final Map<String, List<DriftRow>> drifts = new HashMap<>();
  private final Map<String, TreeSet<String>> firing = new HashMap<>();
  private final Map<String, TreeSet<String>> firingSlices = new HashMap<>();

  ColumnReports(ReportData data, String effectMetric, List<Instant> windows, Instant newest) {
    this.data = data;
    this.effectMetric = effectMetric;
    this.windows = windows;
    this.newest = newest;
    for (ProfileRow row : data.profiles()) {
      profiles.computeIfAbsent(row.column(), key -> new HashMap<>()).put(row.windowStart(), row);
    }
    for (TrendRow row : data.trends()) {
      trends.computeIfAbsent(row.column(), key -> new HashMap<>()).put(row.windowStart(), row);
    }
    for (DriftRow row : data.drifts()) {
      drifts.computeIfAbsent(row.column(), key -> new ArrayList<>()).add(row);
    }
    for (FindingRow row : data.findings()) {
      if (!row.windowStart().equals(newest) || !row.fires()) {
        continue;
      }
      Subject subject = row.subject();
      if (subject.isWhole()) {
        firing.computeIfAbsent(subject.column(), key -> new TreeSet<>()).add(row.kind());
      } else if (!row.severity().equals("INFO")) {
        firingSlices.computeIfAbsent(subject.column(), key -> new TreeSet<>()).add(subject.part());
      }
    }
  }

  /** Every column but {@code :table}: firing ones first, then by effect, then by name. */
  List<Column> columns() {
    TreeSet<String> names = new TreeSet<>(profiles.keySet());
    names.addAll(trends.keySet());
    names.remove(Subject.TABLE);
    return names.stream()
        .map(this::column)
        .sorted(
            Comparator.comparing(Column::status)
                .thenComparing(c -> -Attention.excess(c.effect(), c.threshold()))
                .thenComparing(Column::column))
        .toList();
  }

  private Column column(String name) {
    Map<Instant, ProfileRow> rows = profiles.getOrDefault(name, Map.of());
    ProfileRow row = rows.get(newest);
    ProfileRow any = row != null ? row : rows.values().stream().findAny().orElse(null);
    Subject subject = Subject.everything(name);
    ColumnState baseline = data.states().baseline().get(subject);
    List<DriftRow> checks = drifts.getOrDefault(name, List.of());
    DriftRow effect = EffectMetric.of(effectMetric, checks).orElse(null);
    String kind = any == null ? null : any.kind();
    return new Column(
        name,
        Links.column(name),
        kind,
        any == null ? null : any.dataType(),
        status(name, newest),
        List.copyOf(firing.getOrDefault(name, new TreeSet<>())),
        firingSlices.getOrDefault(name, new TreeSet<>()).size(),
        effect == null ? effectMetric : effect.metric(),
        effect == null ? null : effect.value(),
        effect == null ? null : effect.threshold(),
        effect == null ? null : effect.because(),
        row == null ? null : missingShare(row),
        baseline == null ? null : profile(baseline),
        row == null ? null : profile(row),
        checks.stream().map(ColumnReports::metric).toList(),
        trend(name, rows),
        Distributions.of(
            baseline,
            data.states().window(newest, subject),
            "baseline",
            "window of " + Formats.when(newest)));
  }

  private Status status(String name, Instant window) {
    if (window.equals(newest) && firing.containsKey(name)) {
      return Status.FIRING;
    }
    TrendRow row = trends.getOrDefault(name, Map.of()).get(window);
    if (row == null || row.status() == null) {
      ProfileRow profile = profiles.getOrDefault(name, Map.of()).get(window);
      return profile != null && NOT_SUMMARISED.contains(profile.kind())
          ? Status.SKIPPED
          : Status.NOT_JUDGED;
    }
    return status(row.status());
  }

  private static Status status(String stored) {
    return switch (stored) {
      case "DRIFT" -> Status.FIRING;
      case "INSUFFICIENT_DATA" -> Status.INSUFFICIENT_DATA;
      default -> Status.OK;
    };
  }

  private Trend trend(String name, Map<Instant, ProfileRow> rows) {
    List<Double> effects = new ArrayList<>();
    List<Status> decided = new ArrayList<>();
    List<Double> missing = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    List<Status> statuses = new ArrayList<>();
    Map<Instant, TrendRow> trend = trends.getOrDefault(name, Map.of());
    for (Instant window : windows) {
      TrendRow check = trend.get(window);
      ProfileRow row = rows.get(window);
      effects.add(check == null ? null : check.effect());
      decided.add(
          check == null || check.effectStatus() == null ? null : status(check.effectStatus()));
      missing.add(row == null ? null : missingShare(row));
      means.add(row == null ? null : row.mean());
      statuses.add(row == null && check == null ? null : status(name, window));
    }
    return new Trend(effects, decided, missing, means, statuses);
  }

  /** Share of rows without a usable value: null or NaN. */
  private static Double missingShare(ProfileRow row) {
    if (row.count() == null || row.count() == 0 || row.nulls() == null) {
      return null;
    }
    return (double) (row.nulls() + (row.nans() == null ? 0 : row.nans())) / row.count();
  }

  private static Profile profile(ProfileRow row) {
    boolean unseen = row.unseen() != null && row.count() != null && row.count() > 0;
    return new Profile(
        row.count(),
        missingShare(row),
        row.min(),
        row.median(),
        row.mean(),
        row.max(),
        row.standardDeviation(),
        row.distinct(),
        row.distinctIsExact(),
        unseen ? (double) row.unseen() / row.count() : null,
        row.lastValueChange());
  }

  private static Profile profile(ColumnState state) {
    long rows = state.rows();
    if (state instanceof NumericState numeric) {
      boolean any = numeric.moments().count() > 0;
      return new Profile(
          rows,
          rows == 0 ? null : (double) (numeric.nulls() + numeric.nans()) / rows,
          any ? numeric.min() : null,
          any ? numeric.quantiles(0.5)[0] : null,
          any ? numeric.moments().mean() : null,
          any ? numeric.max() : null,
          finite(numeric.moments().sampleStandardDeviation()),
          null,
          null,
          null,
          null);
    }
    CategoryState category = (CategoryState) state;
    return new Profile(
        rows,
        rows == 0 ? null : (double) category.nulls() / rows,
        null,
        null,
        null,
        null,
        null,
        category.distinct(),
        category.exact(),
        null,
        null);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static Metric metric(DriftRow row) {
    return new Metric(
        row.driftType(),
        row.metric(),
        row.value(),
        row.pValue(),
        row.pValueAdjusted(),
        row.familySize(),
        row.degreesOfFreedom(),
        row.threshold(),
        row.referenceCount(),
        row.currentCount(),
        row.errorBound(),
        row.status(),
        row.because());
  }
}
