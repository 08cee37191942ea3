package dev.telltale.jobs.kpi;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.QualityPolicy;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * The KPIs of a model: measured in every window of the finest granularity that a run of quality
 * computes, related to the metrics of quality, and held against them.
 *
 * <p>A window that is written changes what is said of the windows after it whose periods hold it;
 * these are judged again.
 */
public final class Kpis {
  private final Lake lake;
  private final NightSpec spec;
  private final ModelConfig model;
  private final Feedback truth;
  private final Granularity granularity;
  private final Instant computedAt = Instant.now();

  private Kpis(Lake lake, NightSpec spec, Feedback truth) {
    this.lake = lake;
    this.spec = spec;
    this.model = spec.model();
    this.truth = truth;
    this.granularity = model.granularities().get(0);
  }

  /**
   * Measures, relates and judges, and writes what comes of it.
   *
   * @param windows windows of the finest granularity that the run has computed
   * @param realized their rows of {@code quality_metrics}
   * @param slices the values that are kept apart
   * @param policy how much better the model has to be
   * @return rows written
   */
  public static long write(
      Lake lake,
      NightSpec spec,
      Task task,
      NavigableSet<Instant> windows,
      List<Row> realized,
      List<SlicePlan> slices,
      QualityPolicy policy) {
    ModelConfig model = spec.model();
    Optional<Feedback> truth = model.truth();
    if (model.kpis().isEmpty() || truth.isEmpty() || windows.isEmpty() || spec.dryRun()) {
      return 0;
    }
    List<String> metrics =
        model.quality().metrics().isEmpty()
            ? MetricKind.judged(task, model.quality().cutoffs())
            : model.quality().metrics();
    return new Kpis(lake, spec, truth.get()).write(windows, realized, metrics, slices, policy);
  }

  private long write(
      NavigableSet<Instant> windows,
      List<Row> realized,
      List<String> metrics,
      List<SlicePlan> slices,
      QualityPolicy policy) {
    List<Row> measured = new KpiMetrics(lake, spec, truth, slices, computedAt).rows(windows);
    int reach = Math.max(KpiRelations.WINDOWS, 2 * KpiFindings.period(granularity)) - 1;
    KpiHistory history = KpiHistory.of(lake, model, truth, windows, reach, measured, realized);

    KpiRelations relations = new KpiRelations(spec, truth, metrics, history, computedAt);
    NavigableSet<Instant> related = touched(windows, history.mature(), KpiRelations.WINDOWS - 1);
    List<Row> relationRows = new ArrayList<>();
    related.forEach(window -> relationRows.addAll(relations.rows(window)));
    // A window of the run that is awaited again has no relations any more.
    NavigableSet<Instant> relationWindows = new TreeSet<>(windows);
    relationWindows.addAll(related);

    NavigableSet<Instant> judged =
        touched(windows, history.mature(), 2 * KpiFindings.period(granularity) - 1);
    judged.addAll(history.awaited().tailSet(windows.first()));
    List<Row> findings =
        findings(judged, history, new KpiFindings(model, metrics, history, policy));

    LakeWriter writer = lake.writer(spec.runId()).without(model.privacy());
    return writer.together(
        List.of(
            () -> writer.replace(Tables.KPI_METRICS, List.of(scope(windows)), measured),
            () ->
                writer.replace(Tables.KPI_RELATIONS, List.of(scope(relationWindows)), relationRows),
            () ->
                writer.replace(
                    Tables.FINDINGS, List.of(scope(judged).ofJob(KpiFindings.JOB)), findings)));
  }

  private WindowScope scope(NavigableSet<Instant> windows) {
    return WindowScope.of(model.model(), granularity, windows);
  }

  /** Mature windows among those of the run and up to {@code reach} after each of them. */
  private NavigableSet<Instant> touched(
      NavigableSet<Instant> windows, NavigableSet<Instant> mature, int reach) {
    NavigableSet<Instant> touched = new TreeSet<>();
    for (Instant window : windows) {
      Instant start = window;
      for (int i = 0; i <= reach; i++) {
        touched.add(start);
        start = granularity.next(start);
      }
    }
    touched.retainAll(mature);
    return touched;
  }

  private List<Row> findings(NavigableSet<Instant> windows, KpiHistory history, KpiFindings judge) {
    List<Row> rows = new ArrayList<>();
    Map<String, Finding> before = Map.of();
    Instant last = null;
    for (Instant window : windows) {
      Instant preceding = granularity.previous(window);
      if (!preceding.equals(last)) {
        before = FindingRows.stored(lake, model.model(), granularity, preceding, KpiFindings.JOB);
      }
      List<Finding> found =
          history.mature().contains(window)
              ? judge.at(window, before)
              : judge.awaited(window, before);
      found.forEach(finding -> rows.add(FindingRows.of(finding, spec.runId(), computedAt)));
      before = FindingRows.byKey(found);
      last = window;
    }
    return rows;
  }
}
