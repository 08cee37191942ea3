package dev.telltale.jobs.check;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.Together;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code check}: what is expected of tables, in each window of the interval, days where the
 * model has days. Windows of earlier nights whose rows have changed since are checked again. A
 * table without an event time is checked as a whole, once, and the answer is that of each window of
 * the interval.
 */
public final class CheckJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "check";

  private static final int AT_ONCE = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    return new Run(lake, spec).result();
  }

  /** How long the windows are: days where there are any, as a scan for each hour is for nobody. */
  public static Granularity granularity(ModelConfig model) {
    return model.granularities().contains(Granularity.DAY)
        ? Granularity.DAY
        : model.granularities().get(0);
  }

  /** One run of the job. */
  private static final class Run {
    private final Lake lake;
    private final NightSpec spec;
    private final ModelConfig model;
    private final Granularity granularity;
    private final Instant computedAt = Instant.now();
    private final SortedMap<Instant, List<Row>> rows = new TreeMap<>();
    private final SortedSet<Instant> interval = new TreeSet<>();
    private final SortedSet<Instant> restated = new TreeSet<>();
    private final Map<String, Integer> sources = new TreeMap<>();
    private int failed;
    private int exceptions;
    private int tooLittle;
    private long rowsRead;
    private long rowsWritten;

    Run(Lake lake, NightSpec spec) {
      this.lake = lake;
      this.spec = spec;
      this.model = spec.model();
      this.granularity = granularity(model);
      Instant start = granularity.floor(spec.from());
      while (!granularity.next(start).isAfter(spec.to())) {
        interval.add(start);
        start = granularity.next(start);
      }
    }

    Result result() {
      List<CheckedTable> tables =
          model.checks().stream()
              .map(check -> CheckedTable.open(lake, spec, granularity, computedAt, check))
              .toList();
      tables.forEach(table -> restated.addAll(table.restated(interval)));
      restated.removeAll(interval);
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("tables", tables.size());
      summary.put(
          "expectations",
          model.checks().stream().mapToInt(check -> check.expectations().size()).sum());
      summary.put("windows", interval.size());
      summary.put("windows_restated", restated.size());
      if (spec.dryRun()) {
        return Result.nothingDone(lake.versionsRead(), restated, summary);
      }
      for (Instant window : interval) {
        rows.put(window, new ArrayList<>());
      }
      for (Instant window : restated) {
        rows.put(window, kept(window, tables));
      }
      // While one table is planned the other is read.
      List<Supplier<CheckedTable.Results>> checks = new ArrayList<>();
      tables.forEach(table -> checks.add(() -> table.check(interval, rows.keySet())));
      Together.all(AT_ONCE, checks).forEach(this::add);
      write();
      summary.put("failed", failed);
      summary.put("not_judged", exceptions);
      summary.put("too_little_data", tooLittle);
      sources.forEach((source, count) -> summary.put("from_" + source, count));
      return new Result(
          lake.versionsRead(), List.copyOf(restated), rowsRead, 0, rowsWritten, summary);
    }

    /** Rows of an earlier window that are of tables as a whole, which are not checked again. */
    private List<Row> kept(Instant window, List<CheckedTable> tables) {
      List<String> whole =
          tables.stream().filter(CheckedTable::isWhole).map(CheckedTable::name).toList();
      return new ArrayList<>(
          lake
              .rows(
                  Tables.CHECK_RESULTS, WindowScope.of(model.model(), granularity, List.of(window)))
              .stream()
              .filter(row -> whole.contains(row.<String>getAs("table_name")))
              .toList());
    }

    private void add(CheckedTable.Results results) {
      rowsRead += results.rowsRead();
      results.rows().forEach((window, of) -> rows.get(window).addAll(of));
      for (TableCheck.Outcome outcome : results.outcomes()) {
        failed += outcome.result().success() || outcome.result().tooLittle() ? 0 : 1;
        tooLittle += outcome.result().tooLittle() ? 1 : 0;
        exceptions += outcome.result().exception().isPresent() ? 1 : 0;
        sources.merge(outcome.source(), 1, Integer::sum);
      }
    }

    private void write() {
      List<Row> results = rows.values().stream().flatMap(List::stream).toList();
      SortedMap<Instant, List<Finding>> findings = findings();
      List<Row> found =
          findings.values().stream()
              .flatMap(List::stream)
              .map(finding -> FindingRows.of(finding, spec.runId(), computedAt))
              .toList();
      LakeWriter writer = lake.writer(spec.runId());
      rowsWritten =
          writer.together(
              List.of(
                  () ->
                      writer.replace(
                          Tables.CHECK_RESULTS,
                          List.of(WindowScope.of(model.model(), granularity, rows.keySet())),
                          results),
                  () ->
                      writer.replace(
                          Tables.FINDINGS,
                          List.of(
                              WindowScope.of(model.model(), granularity, findings.keySet())
                                  .ofJob(NAME)),
                          found)));
    }

    /** Findings of the checked windows, and of those after them, which say since when. */
    private SortedMap<Instant, List<Finding>> findings() {
      SortedSet<Instant> windows = new TreeSet<>(rows.keySet());
      SortedSet<Instant> after = new TreeSet<>();
      rows.keySet().forEach(window -> after.add(granularity.next(window)));
      after.removeAll(windows);
      if (!after.isEmpty()) {
        after.retainAll(
            ResultDays.of(lake, Tables.CHECK_RESULTS, model.model(), granularity).among(after));
        windows.addAll(after);
      }
      CheckFindings judge =
          new CheckFindings(model.model(), model.telemetry().table(), granularity);
      SortedMap<Instant, List<Finding>> findings = new TreeMap<>();
      for (Instant window : windows) {
        Instant preceding = granularity.previous(window);
        Map<String, Finding> before =
            findings.containsKey(preceding)
                ? FindingRows.byKey(findings.get(preceding))
                : FindingRows.stored(lake, model.model(), granularity, preceding, NAME);
        List<Row> results = rows.containsKey(window) ? rows.get(window) : storedRows(window);
        List<Finding> found = judge.of(window, results, before);
        found.sort(Comparator.comparing(finding -> finding.subject().key()));
        findings.put(window, found);
      }
      return findings;
    }

    private List<Row> storedRows(Instant window) {
      return lake.rows(
          Tables.CHECK_RESULTS, WindowScope.of(model.model(), granularity, List.of(window)));
    }
  }
}
