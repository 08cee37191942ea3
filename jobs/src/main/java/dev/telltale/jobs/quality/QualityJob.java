package dev.telltale.jobs.quality;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.followup.AnnotatorAgreement;
import dev.telltale.jobs.followup.LabellingQueue;
import dev.telltale.jobs.followup.RegressionSet;
import dev.telltale.jobs.join.ModelTask;
import dev.telltale.jobs.kpi.Kpis;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.BaselineProfile;
import dev.telltale.jobs.profile.BaselineStore;
import dev.telltale.jobs.slices.WeakSlices;
import dev.telltale.quality.QualityPolicy;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code quality}: the metrics of every window, version and slice as far as its labels are
 * known, from mergeable states; compared with training and with the previous version.
 *
 * <p>Windows whose labelled rows were written again since the job last ran are computed again;
 * windows whose declared wait ends in the interval are judged again, from their stored states.
 */
public final class QualityJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "quality";

  private static final List<Tables> READ =
      List.of(
          Tables.LABELLED,
          Tables.QUALITY_STATES,
          Tables.QUALITY_METRICS,
          Tables.QUALITY_ESTIMATES,
          Tables.LABEL_MATURITY,
          Tables.FINDINGS);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Map<String, Object> summary = new LinkedHashMap<>();
    if (model.feedback().isEmpty()) {
      summary.put("feedback_sources", 0);
      return Result.nothingDone(lake.versionsRead(), List.of(), summary);
    }
    READ.forEach(lake::pin);
    SortedSet<LocalDate> present =
        ResultDays.of(lake, Tables.LABELLED, model.model(), Granularity.DAY).present();
    if (spec.asOf().isEmpty()) {
      Instant first = Granularity.DAY.floor(spec.from());
      lake.maintenance().requireKept(lake.path(Tables.LABELLED), finest(model).floor(first));
      lake.maintenance().requireKept(lake.path(Tables.QUALITY_STATES), coarsest(model, first));
    }
    NavigableSet<Instant> interval = days(spec, present);
    if (interval.isEmpty()) {
      throw Errors.notJoined(model.model(), spec.from().toString(), spec.to().toString());
    }
    NavigableSet<Instant> restated = restated(lake, spec, present, interval);
    NavigableSet<Instant> days = new TreeSet<>(interval);
    days.addAll(restated);
    summary.put("days", interval.size());
    summary.put("days_restated", restated.size());

    SourceTable predictions = lake.predictions(model);
    Task task = ModelTask.of(model, predictions.schema(), predictions.location());
    List<SourcePlan> sources = new ArrayList<>();
    for (Feedback source : model.feedback()) {
      sources.add(SourcePlan.of(source, task, model.quality()));
    }
    BaselineStore store = new BaselineStore(spark, lake);
    SourceTable baseline = store.table(model);
    String baselineId = BaselineStore.id(model, baseline);
    Optional<BaselineProfile> profile = store.load(model.model(), baselineId);
    if (profile.isEmpty() && !model.slices().isEmpty()) {
      throw Errors.notProfiled(model.model(), spec.from().toString(), spec.to().toString());
    }
    List<SlicePlan> slices = profile.map(BaselineProfile::slices).orElse(List.of());
    Training training = Training.of(spark, lake, spec, baseline, baselineId, slices, task);
    List<ColumnPlan> columns = profile.map(BaselineProfile::columns).orElse(List.of());
    QualityData data = new QualityData(spark, lake, model, slices, sources);
    try {
      QualityRun run = new QualityRun(spark, lake, spec, sources, data, training, columns);
      run.compute(days);
      summary.putAll(run.summary());
      long weakSlices = WeakSlices.write(spark, lake, spec, task, profile, policy(model));
      summary.put("weak_slices", weakSlices);
      NavigableSet<Instant> weeks =
          model
              .truth()
              .map(truth -> WeakSlices.weeks(spec, truth))
              .orElse(Collections.emptyNavigableSet());
      long mistakes = RegressionSet.write(lake, spec, task, columns, weeks);
      summary.put("regression_set", mistakes);
      long queued = LabellingQueue.write(lake, spec, task, columns, interval);
      summary.put("labelling_queue", queued);
      long agreements = AnnotatorAgreement.write(lake, spec, run.windows());
      long kpis =
          Kpis.write(
              lake,
              spec,
              task,
              run.windows().get(model.granularities().get(0)),
              run.realized(),
              slices,
              policy(model));
      if (!model.kpis().isEmpty()) {
        summary.put("kpi_rows", kpis);
      }
      return new Result(
          lake.versionsRead(),
          List.copyOf(restated),
          data.rowsRead(),
          0,
          run.rowsWritten() + weakSlices + mistakes + queued + agreements + kpis,
          summary);
    } finally {
      data.close();
    }
  }

  /** When a difference matters, as the model file declares it. */
  static QualityPolicy policy(ModelConfig model) {
    ModelConfig.Quality quality = model.quality();
    return new QualityPolicy(
        quality.tolerance(), quality.toleranceRatio(), quality.alpha(), quality.minimumLabels());
  }

  private static NavigableSet<Instant> days(NightSpec spec, SortedSet<LocalDate> present) {
    NavigableSet<Instant> days = new TreeSet<>();
    for (Instant day = Granularity.DAY.floor(spec.from());
        day.isBefore(spec.to());
        day = Granularity.DAY.next(day)) {
      if (present.contains(WindowScope.date(day))) {
        days.add(day);
      }
    }
    return days;
  }

  /** Days outside the interval that were joined again since the job last ran. */
  private static NavigableSet<Instant> restated(
      Lake lake, NightSpec spec, SortedSet<LocalDate> present, SortedSet<Instant> interval) {
    if (spec.asOf().isPresent()) {
      return lake.ledger().restated(spec.asOf().get(), NAME);
    }
    Optional<RunEntry> earlier = lake.ledger().lastSucceeded(spec.model().model(), NAME);
    Long since = earlier.map(entry -> entry.sources().get(lake.path(Tables.LABELLED))).orElse(null);
    NavigableSet<Instant> restated = new TreeSet<>();
    if (since == null) {
      return restated;
    }
    ResultDays days = ResultDays.of(lake, Tables.LABELLED, spec.model().model(), Granularity.DAY);
    for (LocalDate day : days.touchedSince(since).orElseGet(days::present)) {
      if (present.contains(day)) {
        restated.add(day.atStartOfDay(ZoneOffset.UTC).toInstant());
      }
    }
    restated.removeAll(interval);
    // Of a window that is only partly there the rest would take the place of all.
    ModelConfig model = spec.model();
    Instant labelled = lake.maintenance().latestKeptFrom(lake.path(Tables.LABELLED));
    Instant states = lake.maintenance().latestKeptFrom(lake.path(Tables.QUALITY_STATES));
    restated.removeIf(
        day ->
            finest(model).floor(day).isBefore(labelled) || coarsest(model, day).isBefore(states));
    return restated;
  }

  private static Granularity finest(ModelConfig model) {
    return model.granularities().get(0);
  }

  private static Instant coarsest(ModelConfig model, Instant day) {
    return Granularity.earliestStart(model.granularities(), day);
  }
}
