package dev.telltale.jobs.profile;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TelemetryChanges;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.ColumnKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code profile}: one scan of the new telemetry into mergeable states per window, version,
 * slice and column, and the metrics that follow from them; coarser granularities from the states
 * alone. Windows of earlier nights whose input has changed since are computed again.
 */
public final class ProfileJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "profile";

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
    // One scan counts everything; a sample would only add noise.
    ModelConfig.Predictions log = model.telemetry();
    SourceTable predictions = lake.telemetry(model);
    choice.checkTelemetry(predictions);
    Telemetry telemetry = Telemetry.of(predictions, log);
    BaselineStore store = new BaselineStore(spark, lake);
    SourceTable baselineTable = store.table(model);
    choice.checkBaseline(baselineTable);
    TelemetryChanges changes =
        TelemetryChanges.since(
            lake, spec, NAME, Tables.PROFILE_METRICS, telemetry, finest, interval);
    SortedSet<Instant> restated = changes.windows();
    SortedSet<Instant> windows = new TreeSet<>(interval);
    windows.addAll(restated);

    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("windows", interval.size());
    summary.put("windows_restated", restated.size());
    if (changes.lateRows() > 0) {
      summary.put("late_rows_of_dropped_days", changes.lateRows());
    }
    String baselineId = BaselineStore.id(model, baselineTable);
    summary.put("baseline", baselineId);
    Optional<BaselineProfile> known = store.load(model.model(), baselineId);
    if (spec.dryRun()) {
      summary.put("baseline_profiled", known.isPresent());
      return Result.nothingDone(lake.versionsRead(), restated, summary);
    }
    Instant computedAt = Instant.now();
    LakeWriter writer = lake.writer(spec.runId());
    // First: where all clocks are wrong there is nothing else to say.
    Uploads uploads = new Uploads(lake, spec, telemetry);
    long quarantineRows = uploads.write(computedAt);
    BaselineProfile baseline =
        known.orElseGet(
            () -> store.profile(model, baselineTable, writer, spec.runId(), computedAt));

    List<ColumnPlan> columns = choice.ofPredictions(predictions.schema(), baseline.columns());
    List<ColumnPlan> summarised =
        columns.stream().filter(column -> column.kind().summarised()).toList();
    PassPlan plan =
        PassPlan.windowed(
                summarised,
                baseline.slices(),
                log.id(),
                log.weight(),
                log.eventTime(),
                log.modelVersion(),
                finest,
                windows)
            .believing(log.clocks());
    Optional<Privacy.Units> units = model.privacy().units();
    if (units.isPresent()) {
      predictions.require(units.get().column(), "unit of privacy");
      plan = plan.withoutFewUnits(units.get().column(), units.get().minimum());
    }
    WindowWriter windowWriter =
        new WindowWriter(spark, lake, writer, spec, baseline, columns, computedAt);
    try (FusedPass pass =
        FusedPass.over(spark, telemetry.rows(TimeRange.of(finest, windows)), plan)) {
      Map<Instant, Long> duplicates = pass.duplicateIds();
      JavaPairRDD<StateKey, byte[]> states =
          pass.statesOnce(
              repeated -> telemetry.arrivals(TimeRange.of(finest, repeated)), telemetry.first());
      Map<Instant, Long> counts = windowWriter.add(finest, windows, states, duplicates);
      if (interval.stream().noneMatch(counts::containsKey)) {
        throw Errors.noRows(predictions.location(), spec.from().toString(), spec.to().toString());
      }
      long rowsWritten;
      try (RollUp rollUp = new RollUp(spark, lake, windowWriter, model, duplicates)) {
        for (Granularity coarse : model.granularities().subList(1, model.granularities().size())) {
          rollUp.run(coarse, windows, states);
        }
        rowsWritten = windowWriter.write();
      }

      summary.put("columns", summarised.size());
      summary.put("columns_skipped", names(columns, ColumnKind.SKIPPED));
      summary.put("columns_lost", names(columns, ColumnKind.LOST));
      summary.put("columns_gained", names(columns, ColumnKind.GAINED));
      summary.put("columns_retyped", names(columns, ColumnKind.RETYPED));
      summary.put(
          "windows_empty", interval.stream().filter(window -> !counts.containsKey(window)).count());
      uploads.addTo(summary);
      summary.put("rows_without_time", pass.rowsWithoutTime());
      summary.put("slices_of_few_units", pass.slicesOfFewUnits().size());
      summary.put("rows_without_weight", pass.rowsWithoutWeight());
      summary.put("duplicate_ids", duplicates.values().stream().mapToLong(Long::longValue).sum());
      return new Result(
          lake.versionsRead(),
          List.copyOf(restated),
          pass.rowsRead(),
          pass.bytesRead(),
          quarantineRows + rowsWritten,
          summary);
    }
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
}
