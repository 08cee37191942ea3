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
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    // Reading these first pins them: the whole job sees one state of the lake.
    List.of(Tables.PROFILE_STATES, Tables.PROFILE_METRICS, Tables.FINDINGS).forEach(lake::read);
    Run run = new Run(spark, lake, spec);
    for (Granularity granularity : spec.model().granularities()) {
      run.judge(granularity);
    }
    if (run.windows == 0) {
      throw Errors.notProfiled(spec.model().model(), spec.from().toString(), spec.to().toString());
    }
    return run.result();
  }

  private static final class Run {
    private final SparkSession spark;
    private final Lake lake;
    private final NightSpec spec;
    private final ModelConfig model;
    private final StatesReader reader;
    private final WindowJudge judge;
    private final Optional<RunEntry> earlier;
    private final Instant computedAt = Instant.now();
    private final SortedSet<Instant> restated = new TreeSet<>();
    private final Map<Severity, Long> firing = new HashMap<>();
    private long windows;
    private long comparisons;
    private long rowsWritten;

    Run(SparkSession spark, Lake lake, NightSpec spec) {
      this.spark = spark;
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
      List<Row> metrics = new ArrayList<>();
      List<Finding> findings = new ArrayList<>();
      Instant last = null;
      Optional<WindowStates> previous = Optional.empty();
      Map<String, Finding> before = Map.of();
      for (Instant start : wanted) {
        Instant preceding = granularity.previous(start);
        if (!preceding.equals(last)) {
          previous = reader.window(granularity, preceding);
          before = stored(granularity, preceding);
        }
        Optional<WindowStates> window = reader.window(granularity, start);
        List<Finding> found = List.of();
        if (window.isPresent()) {
          WindowStates states = window.get();
          WindowStates baseline = reader.baseline(states.baselineId());
          List<WindowJudge.Judged> judged = judge.judge(states, baseline, previous);
          for (WindowJudge.Judged one : judged) {
            for (JudgedMetric metric : one.judgement().metrics()) {
              metrics.add(rows.of(granularity, states, one, metric));
            }
          }
          found =
              new DriftFindings(model.model(), granularity, before).of(states, baseline, judged);
          comparisons += judged.size();
          windows++;
        }
        findings.addAll(found);
        before = byKey(found);
        previous = window;
        last = start;
      }
      count(findings);
      if (!spec.dryRun()) {
        write(WindowScope.of(model.model(), granularity, wanted), metrics, findings);
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
      return judgedBefore(granularity, candidates);
    }

    private SortedSet<Instant> judgedBefore(
        Granularity granularity, SortedSet<Instant> candidates) {
      SortedSet<Instant> judged = new TreeSet<>();
      if (!candidates.isEmpty()) {
        lake.read(Tables.DRIFT_METRICS)
            .where(WindowScope.of(model.model(), granularity, candidates).predicate())
            .select("window_start")
            .distinct()
            .collectAsList()
            .forEach(row -> judged.add(row.<Timestamp>getAs(0).toInstant()));
        judged.retainAll(candidates);
      }
      return judged;
    }

    private Map<String, Finding> stored(Granularity granularity, Instant start) {
      List<Finding> findings =
          lake
              .read(Tables.FINDINGS)
              .where(WindowScope.of(model.model(), granularity, List.of(start)).predicate())
              .where("job = '" + NAME + "'")
              .collectAsList()
              .stream()
              .map(FindingRows::finding)
              .filter(finding -> finding.windowStart().equals(start))
              .toList();
      return byKey(findings);
    }

    private static Map<String, Finding> byKey(List<Finding> findings) {
      Map<String, Finding> byKey = new HashMap<>();
      findings.forEach(finding -> byKey.put(finding.subject().key(), finding));
      return byKey;
    }

    private void count(List<Finding> findings) {
      for (Finding finding : findings) {
        if (finding.isFiring()) {
          firing.merge(finding.severity(), 1L, Long::sum);
        }
      }
    }

    private void write(WindowScope scope, List<Row> metrics, List<Finding> findings) {
      lake.writer(spec.runId())
          .replace(
              Tables.DRIFT_METRICS,
              scope,
              spark.createDataFrame(metrics, Tables.DRIFT_METRICS.schema()).coalesce(1));
      lake.writer(spec.runId())
          .replace(
              Tables.FINDINGS, scope, FindingRows.of(spark, findings, spec.runId(), computedAt));
      rowsWritten += metrics.size() + findings.size();
    }

    Result result() {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("windows", windows);
      summary.put("windows_restated", restated.size());
      summary.put("comparisons", comparisons);
      for (Severity severity : Severity.values()) {
        summary.put(
            "findings_" + severity.name().toLowerCase(java.util.Locale.ROOT),
            firing.getOrDefault(severity, 0L));
      }
      return new Result(
          lake.versionsRead(), List.copyOf(restated), reader.rowsRead(), 0, rowsWritten, summary);
    }
  }
}
