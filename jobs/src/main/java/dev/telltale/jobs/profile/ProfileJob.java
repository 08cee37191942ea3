package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.lake.ChangeReader;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.ColumnKind;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job {@code profile}: one scan of the new telemetry into mergeable states per window, version,
 * slice and column, and the metrics that follow from them; coarser granularities from the states
 * alone. Windows of earlier nights whose input has changed since are computed again.
 */
public final class ProfileJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "profile";

  private static final Logger LOG = LoggerFactory.getLogger(ProfileJob.class);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Granularity finest = model.granularities().get(0);
    SortedSet<Instant> interval = wholeWindows(spec, finest);
    ColumnChoice choice = new ColumnChoice(model);
    SourceTable predictions = lake.source(model.predictions().table());
    choice.checkPredictions(predictions);
    BaselineStore store = new BaselineStore(spark, lake);
    SourceTable baselineTable = store.table(model);
    choice.checkBaseline(baselineTable);
    SortedSet<Instant> restated = restated(lake, spec, predictions, interval);
    SortedSet<Instant> windows = new TreeSet<>(interval);
    windows.addAll(restated);

    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("windows", interval.size());
    summary.put("windows_restated", restated.size());
    String baselineId = BaselineStore.id(model, baselineTable);
    summary.put("baseline", baselineId);
    Optional<BaselineProfile> known = store.load(model.model(), baselineId);
    if (spec.dryRun()) {
      summary.put("baseline_profiled", known.isPresent());
      return new Result(lake.versionsRead(), List.copyOf(restated), 0, 0, 0, summary);
    }
    Instant computedAt = Instant.now();
    LakeWriter writer = lake.writer(spec.runId());
    BaselineProfile baseline =
        known.orElseGet(
            () -> store.profile(model, baselineTable, writer, spec.runId(), computedAt));

    List<ColumnPlan> columns = choice.ofPredictions(predictions.schema(), baseline.columns());
    List<ColumnPlan> summarised =
        columns.stream().filter(column -> column.kind().summarised()).toList();
    Dataset<Row> rows = predictions.data().where(within(model, finest, windows));
    FusedPass pass =
        FusedPass.over(
            spark,
            rows,
            PassPlan.windowed(
                summarised,
                baseline.slices(),
                model.predictions().eventTime(),
                model.predictions().modelVersion(),
                finest,
                windows));
    WindowWriter windowWriter =
        new WindowWriter(spark, lake, writer, spec, baseline, columns, computedAt);
    Map<Instant, Long> duplicates = duplicateIds(model, finest, rows);
    WindowWriter.Written written =
        windowWriter.write(
            finest,
            windows,
            pass.states(),
            duplicates,
            counts -> {
              if (interval.stream().noneMatch(counts::containsKey)) {
                throw Errors.noRows(
                    predictions.location(), spec.from().toString(), spec.to().toString());
              }
            });
    long rowsWritten = written.rows() + new RollUp(spark, lake, windowWriter).run(model, windows);

    summary.put("columns", summarised.size());
    summary.put("columns_skipped", names(columns, ColumnKind.SKIPPED));
    summary.put("columns_lost", names(columns, ColumnKind.LOST));
    summary.put("columns_gained", names(columns, ColumnKind.GAINED));
    summary.put("columns_retyped", names(columns, ColumnKind.RETYPED));
    summary.put(
        "windows_empty",
        interval.stream().filter(window -> !written.rowsByWindow().containsKey(window)).count());
    summary.put("rows_without_time", pass.rowsWithoutTime());
    summary.put("duplicate_ids", duplicates.values().stream().mapToLong(Long::longValue).sum());
    return new Result(
        lake.versionsRead(),
        List.copyOf(restated),
        pass.rowsRead(),
        pass.bytesRead(),
        rowsWritten,
        summary);
  }

  private static List<String> names(List<ColumnPlan> columns, ColumnKind kind) {
    return columns.stream().filter(column -> column.kind() == kind).map(ColumnPlan::name).toList();
  }

  private static SortedSet<Instant> wholeWindows(NightSpec spec, Granularity granularity) {
    if (!granularity.floor(spec.from()).equals(spec.from())
        || !granularity.floor(spec.to()).equals(spec.to())) {
      throw Errors.partialWindow(spec.from().toString(), spec.to().toString(), granularity.label());
    }
    return WindowScope.between(spec.model().model(), granularity, spec.from(), spec.to()).windows();
  }

  /** Windows outside the interval that were profiled before and whose input has changed since. */
  private static SortedSet<Instant> restated(
      Lake lake, NightSpec spec, SourceTable predictions, SortedSet<Instant> interval) {
    String modelId = spec.model().model();
    if (spec.asOf().isPresent()) {
      return lake.ledger()
          .find(spec.asOf().get(), NAME)
          .<SortedSet<Instant>>map(entry -> new TreeSet<>(entry.restated()))
          .orElseGet(TreeSet::new);
    }
    Optional<Long> since =
        lake.ledger()
            .lastSucceeded(modelId, NAME)
            .map(RunEntry::sources)
            .map(sources -> sources.get(predictions.location()));
    if (since.isEmpty() || since.get() >= predictions.version()) {
      return new TreeSet<>();
    }
    Granularity finest = spec.model().granularities().get(0);
    Optional<SortedSet<Instant>> touched =
        new ChangeReader(predictions, spec.model().predictions().eventTime(), finest)
            .touchedSince(since.get(), interval);
    if (touched.isEmpty()) {
      LOG.warn(
          "Late input to earlier windows is not looked for: {} no longer has the commits since"
              + " version {}. Run the earlier interval again to be sure.",
          predictions.location(),
          since.get());
      return new TreeSet<>();
    }
    if (touched.get().isEmpty()) {
      return new TreeSet<>();
    }
    SortedSet<Instant> profiled = new TreeSet<>();
    lake.read(Tables.PROFILE_METRICS, lake.version(Tables.PROFILE_METRICS))
        .where(WindowScope.of(modelId, finest, touched.get()).predicate())
        .where("column_name = ':table' AND slice_key IS NULL AND model_version IS NULL")
        .select("window_start")
        .collectAsList()
        .forEach(row -> profiled.add(row.<Timestamp>getAs(0).toInstant()));
    profiled.retainAll(touched.get());
    return profiled;
  }

  /** Rows of these windows; runs of adjacent windows are one range, which Delta prunes files by. */
  private static Column within(
      ModelConfig model, Granularity granularity, SortedSet<Instant> windows) {
    Column time = quoted(model.predictions().eventTime());
    Column condition = null;
    Instant start = null;
    Instant end = null;
    List<Instant> starts = new ArrayList<>(windows);
    for (int i = 0; i < starts.size(); i++) {
      if (start == null) {
        start = starts.get(i);
      }
      end = granularity.next(starts.get(i));
      if (i + 1 == starts.size() || !starts.get(i + 1).equals(end)) {
        Column range =
            time.geq(functions.lit(Timestamp.from(start)))
                .and(time.lt(functions.lit(Timestamp.from(end))));
        condition = condition == null ? range : condition.or(range);
        start = null;
      }
    }
    return condition;
  }

  /** Rows beyond the first with the same id, by window; windows without any are left out. */
  private static Map<Instant, Long> duplicateIds(
      ModelConfig model, Granularity granularity, Dataset<Row> rows) {
    Map<Instant, Long> duplicates = new HashMap<>();
    // A day's duplicates are found by the hash of the id: 64 bits, so that a chance collision
    // among a billion ids of a window is counted in 3 % of such windows.
    rows.select(
            functions.date_trunc("hour", quoted(model.predictions().eventTime())).as("hour"),
            functions.xxhash64(quoted(model.predictions().id())).as("id"))
        .groupBy("hour", "id")
        .count()
        .where("count > 1")
        .groupBy("hour")
        .agg(functions.sum(functions.col("count").minus(1)))
        .collectAsList()
        .forEach(
            row ->
                duplicates.merge(
                    granularity.floor(row.<Timestamp>getAs(0).toInstant()),
                    row.getLong(1),
                    Long::sum));
    return duplicates;
  }

  private static Column quoted(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
