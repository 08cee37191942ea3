package dev.telltale.jobs.drift;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.drift.JudgedMetric;
import dev.telltale.error.Errors;
import dev.telltale.finding.Finding;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code drift}: compares each window with the baseline and with the window before, from
 * the stored states alone, and writes the metrics and what follows from them as findings.
 *
 * <p>Windows whose states were restated since the job last ran are judged again, and so is the
 * window after each of them.
 */
public final class DriftJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "drift";

  /** A hundred megabytes of metrics are written before they are more. */
  private static final int MOST_ROWS = 200_000;

  private static final List<Tables> READ =
      List.of(
          Tables.PROFILE_STATES,
          Tables.PROFILE_METRICS,
          Tables.CLOCK_QUARANTINE,
          Tables.DRIFT_METRICS,
          Tables.FINDINGS);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    // Reading these first pins them: the whole job sees one state of the lake.
    READ.forEach(lake::pin);
    Run run = new Run(spark, lake, spec);
    for (Granularity granularity : spec.model().granularities()) {
      run.judge(granularity);
    }
    if (!run.anyOfInterval) {
      throw Errors.notProfiled(spec.model().model(), spec.from().toString(), spec.to().toString());
    }
    run.write();
    return run.result();
  }

  private static final class Run {
    private final Lake lake;
    private final NightSpec spec;
    private final ModelConfig model;
    private final StatesReader reader;
    private final WindowJudge judge;
    private final Optional<RunEntry> earlier;
    private final Instant computedAt = Instant.now();
    private final SortedSet<Instant> restated = new TreeSet<>();
    private final List<WindowScope> scopes = new ArrayList<>();
    private final List<Row> metrics = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Severity, Long> firing = new HashMap<>();
    private boolean anyOfInterval;
    private long windows;
    private long comparisons;
    private long rowsWritten;

    Run(SparkSession spark, Lake lake, NightSpec spec) {
      this.lake = lake;
      this.spec = spec;
      this.model = spec.model();
      this.reader = new StatesReader(spark, lake, model.model());
      this.judge = new WindowJudge(model);
      this.earlier =
          spec.asOf().isPresent()
              ? lake.ledger().find(spec.asOf().get(), NAME)
              : lake.ledger().lastSucceeded(model.model(), NAME);
    }

    void judge(Granularity granularity) {
      SortedSet<Instant> wanted = new TreeSet<>(ended(granularity));
      SortedSet<Instant> again = restated(granularity);
      again.removeAll(wanted);
      wanted.addAll(again);
      restated.addAll(again);
      if (wanted.isEmpty()) {
        return;
      }
      DriftRows rows = new DriftRows(model.model(), spec.runId(), computedAt);
      Instant last = null;
      Optional<WindowStates> previous = Optional.empty();
      Map<String, Finding> before = Map.of();
      SortedSet<Instant> judged = new TreeSet<>();
      for (Instant start : wanted) {
        Instant preceding = granularity.previous(start);
        if (!preceding.equals(last)) {
          previous = reader.window(granularity, preceding);
          before = FindingRows.stored(lake, model.model(), granularity, preceding, NAME);
        }
        Optional<WindowStates> window = reader.window(granularity, start);
        List<Finding> found = List.of();
        if (window.isPresent()) {
          WindowStates states = window.get();
          WindowStates baseline = reader.baseline(states.baselineId());
          List<WindowJudge.Judged> all = judge.judge(states, baseline, previous);
          for (WindowJudge.Judged one : all) {
            for (JudgedMetric metric : one.judgement().metrics()) {
              metrics.add(rows.of(granularity, states, one, metric));
            }
          }
          found = new DriftFindings(model.model(), granularity, before).of(states, baseline, all);
          comparisons += all.size();
          anyOfInterval |= !again.contains(start);
          windows++;
        }
        findings.addAll(found);
        count(found);
        judged.add(start);
        if (metrics.size() > MOST_ROWS) {
          write(granularity, judged);
        }
        before = FindingRows.byKey(found);
        previous = window;
        last = start;
      }
      scopes.add(WindowScope.of(model.model(), granularity, judged));
    }

    /** Writes what there is before it is too much for the driver: a long backfill. */
    private void write(Granularity granularity, SortedSet<Instant> judged) {
      scopes.add(WindowScope.of(model.model(), granularity, judged));
      write();
      judged.clear();
    }

    private void count(List<Finding> found) {
      for (Finding finding : found) {
        if (finding.isFiring()) {
          firing.merge(finding.severity(), 1L, Long::sum);
        }
      }
    }

    /** Windows that end within the interval; of a coarse granularity there may be none. */
    private List<Instant> ended(Granularity granularity) {
      List<Instant> starts = new ArrayList<>();
      Instant start = granularity.floor(spec.from());
      while (!granularity.next(start).isAfter(spec.to())) {
        starts.add(start);
        start = granularity.next(start);
      }
      return starts;
    }

    /** Judged windows whose states were written again, and those after them. */
    private SortedSet<Instant> restated(Granularity granularity) {
      if (spec.asOf().isPresent()) {
        return earlier
            .<SortedSet<Instant>>map(
                entry -> {
                  SortedSet<Instant> windows = new TreeSet<>(entry.restated());
                  windows.removeIf(start -> !granularity.floor(start).equals(start));
                  return windows;
                })
            .orElseGet(TreeSet::new);
      }
      Long since =
          earlier.map(entry -> entry.sources().get(lake.path(Tables.PROFILE_STATES))).orElse(null);
      if (since == null) {
        return new TreeSet<>();
      }
      ResultDays days = ResultDays.of(lake, Tables.PROFILE_STATES, model.model(), granularity);
      SortedSet<LocalDate> touched = days.touchedSince(since).orElseGet(days::present);
      SortedSet<Instant> candidates = new TreeSet<>();
      for (LocalDate date : touched) {
        Instant midnight = date.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = Granularity.DAY.next(midnight);
        for (Instant start = granularity.ceiling(midnight);
            start.isBefore(end);
            start = granularity.next(start)) {
          candidates.add(start);
          candidates.add(granularity.next(start));
        }
      }
      candidates.removeAll(ended(granularity));
      return ResultDays.of(lake, Tables.DRIFT_METRICS, model.model(), granularity)
          .among(candidates);
    }

    void write() {
      rowsWritten += (long) metrics.size() + findings.size();
      if (spec.dryRun()) {
        return;
      }
      LakeWriter writer = lake.writer(spec.runId());
      writer.replace(Tables.DRIFT_METRICS, scopes, metrics);
      writer.replace(
          Tables.FINDINGS,
          scopes.stream().map(scope -> scope.ofJob(NAME)).toList(),
          findings.stream()
              .map(finding -> FindingRows.of(finding, spec.runId(), computedAt))
              .toList());
      scopes.clear();
      metrics.clear();
      findings.clear();
    }

    Result result() {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("windows", windows);
      summary.put("windows_restated", restated.size());
      summary.put("comparisons", comparisons);
      for (Severity severity : Severity.values()) {
        summary.put(
            "findings_" + severity.name().toLowerCase(Locale.ROOT),
            firing.getOrDefault(severity, 0L));
      }
      return new Result(
          lake.versionsRead(), List.copyOf(restated), reader.rowsRead(), 0, rowsWritten, summary);
    }
  }
}
