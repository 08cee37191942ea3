package dev.telltale.jobs.join;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.ColumnChoice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job {@code join}: every prediction of the interval's days with what each feedback source
 * knows of it. Days of earlier nights about which feedback has come, gone or been corrected since
 * are joined again, and no others.
 */
public final class JoinJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "join";

  private static final Logger LOG = LoggerFactory.getLogger(JoinJob.class);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Map<String, Object> summary = new LinkedHashMap<>();
    Map<String, Long> late = new LinkedHashMap<>();
    if (model.feedback().isEmpty()) {
      summary.put("feedback_sources", 0);
      return Result.nothingDone(lake.versionsRead(), List.of(), summary);
    }
    SourceTable predictions = lake.predictions(model);
    new ColumnChoice(model).checkPredictions(predictions);
    OutcomeColumns outcomes =
        new OutcomeColumns(
            ModelTask.of(model, predictions.schema(), predictions.location()),
            model.quality().positive());
    List<FeedbackTable> sources = new ArrayList<>();
    for (Feedback source : model.feedback()) {
      sources.add(FeedbackTable.open(lake, source, outcomes));
    }
    SortedSet<Instant> interval = days(spec);
    Map<String, Long> orphans = new LinkedHashMap<>();
    SortedSet<Instant> restated =
        restated(lake, spec, predictions, sources, interval, orphans, late);
    SortedSet<Instant> days = new TreeSet<>(interval);
    days.addAll(restated);
    summary.put("feedback_sources", sources.size());
    summary.put("days", interval.size());
    summary.put("days_restated", restated.size());
    summary.put("orphans", orphans);
    if (!late.isEmpty()) {
      summary.put("late_rows_of_dropped_days", late);
    }
    if (spec.dryRun()) {
      return Result.nothingDone(lake.versionsRead(), restated, summary);
    }
    LabelJoin join = new LabelJoin(model, predictions, outcomes);
    Dataset<Row> rows = null;
    for (FeedbackTable source : sources) {
      Dataset<Row> ofSource = join.rows(source, days);
      rows = rows == null ? ofSource : rows.unionByName(ofSource);
    }
    long written =
        lake.writer(spec.runId())
            .replace(
                Tables.LABELLED,
                List.of(WindowScope.of(model.model(), Granularity.DAY, days)),
                rows);
    return new Result(lake.versionsRead(), List.copyOf(restated), 0, 0, written, summary);
  }

  private static SortedSet<Instant> days(NightSpec spec) {
    Instant first = Granularity.DAY.floor(spec.from());
    return WindowScope.between(spec.model().model(), Granularity.DAY, first, spec.to()).windows();
  }

  /**
   * Days outside the interval that were joined before and have changed since.
   *
   * @param late receives what came of days whose predictions or labelled rows are dropped, by
   *     source: it is not taken in, as the rest of the day could not be joined again
   */
  private static SortedSet<Instant> restated(
      Lake lake,
      NightSpec spec,
      SourceTable predictions,
      List<FeedbackTable> sources,
      SortedSet<Instant> interval,
      Map<String, Long> orphans,
      Map<String, Long> late) {
    String modelId = spec.model().model();
    if (spec.asOf().isPresent()) {
      return lake.ledger().restated(spec.asOf().get(), NAME);
    }
    Maintenance maintenance = lake.maintenance();
    maintenance.requireKept(predictions.location(), interval.first());
    maintenance.requireKept(lake.path(Tables.LABELLED), interval.first());
    Instant keptLog = maintenance.latestKeptFrom(predictions.location());
    Instant kept = maintenance.latestKeptFrom(predictions.location(), lake.path(Tables.LABELLED));
    Optional<RunEntry> earlier = lake.ledger().lastSucceeded(modelId, NAME);
    NavigableSet<Instant> touched = new TreeSet<>();
    if (earlier.isEmpty()) {
      return touched;
    }
    Map<String, Long> versions = earlier.get().sources();
    for (FeedbackTable source : sources) {
      Long since = versions.get(source.table().location());
      if (since == null) {
        continue; // A source that is new; its past is joined where the interval is run again.
      }
      Maintenance.Since from = maintenance.since(source.table().location(), since);
      touched.addAll(from.restate().tailSet(kept));
      FeedbackChanges.since(from.version(), source, new LoggedIds(lake, predictions, spec, keptLog))
          .ifPresentOrElse(
              changes -> {
                touched.addAll(changes.days().tailMap(kept).keySet());
                changes.days().headMap(kept).values().stream()
                    .reduce(Long::sum)
                    .ifPresent(rows -> late.put(source.source().name(), rows));
                // What is not in a sample may well have been predicted.
                if (spec.model().sampling().isEmpty()) {
                  orphans.put(source.source().name(), changes.orphans());
                }
              },
              () -> warn(source.table().location(), since));
    }
    Long since = versions.get(predictions.location());
    if (since != null && since < predictions.version()) {
      Maintenance.Since from = maintenance.since(predictions.location(), since);
      touched.addAll(from.restate().tailSet(kept));
      Optional<SortedSet<Instant>> changed =
          Telemetry.of(predictions, spec.model().predictions())
              .touchedSince(from.version(), Granularity.DAY, interval);
      if (changed.isPresent()) {
        touched.addAll(changed.get().tailSet(kept));
      } else {
        warn(predictions.location(), since);
      }
    }
    touched.removeAll(interval);
    return ResultDays.of(lake, Tables.LABELLED, modelId, Granularity.DAY).among(touched);
  }

  private static void warn(String table, long since) {
    LOG.warn(
        "What changed of earlier days is not looked for: {} no longer has the commits since version"
            + " {}. Run the earlier interval again to be sure.",
        table,
        since);
  }
}
