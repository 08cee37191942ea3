package dev.telltale.jobs.sample;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SampleTable;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TelemetryChanges;
import dev.telltale.jobs.lake.TimeRange;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.ColumnChoice;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code sample}: draws the predictions of the interval's days, by the hash of their ids,
 * with the weight that each stands for. Days of earlier nights whose telemetry has changed since
 * are drawn again.
 */
public final class SampleJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "sample";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Map<String, Object> summary = new LinkedHashMap<>();
    Optional<Sampling> declared = model.sampling();
    summary.put("sampled", declared.isPresent());
    if (declared.isEmpty()) {
      return Result.nothingDone(lake.versionsRead(), List.of(), summary);
    }
    ModelConfig.Predictions log = model.telemetry();
    SourceTable telemetry = lake.source(log.table());
    new ColumnChoice(model).checkTelemetry(telemetry);
    Telemetry believed = Telemetry.of(telemetry, log);
    Draw draw = Draw.of(declared.get(), log, telemetry);
    SampleTable sample = lake.sample(model.predictions().table());
    if (sample.location().equals(telemetry.location())) {
      throw Errors.sampleIsTelemetry(sample.location());
    }

    SortedSet<Instant> interval =
        WindowScope.between(
                model.model(), Granularity.DAY, Granularity.DAY.floor(spec.from()), spec.to())
            .windows();
    TelemetryChanges changes =
        TelemetryChanges.since(
            lake, spec, NAME, Tables.SAMPLING_VOLUMES, believed, Granularity.DAY, interval);
    SortedSet<Instant> restated = changes.windows();
    SortedSet<Instant> days = new TreeSet<>(interval);
    days.addAll(restated);
    summary.put("table", sample.location());
    summary.put("days", interval.size());
    summary.put("days_restated", restated.size());
    if (changes.lateRows() > 0) {
      summary.put("late_rows_of_dropped_days", changes.lateRows());
    }
    if (spec.dryRun()) {
      return Result.nothingDone(lake.versionsRead(), restated, summary);
    }

    List<TimeRange> ranges = TimeRange.of(Granularity.DAY, days);
    SortedSet<LocalDate> dates = dates(days);
    Map<LocalDate, Map<String, Double>> plans =
        declared.get().allocation() == Sampling.Allocation.ADAPTIVE
            ? PlanRows.rates(lake, model.model(), days)
            : Map.of();
    Function<Dataset<Row>, Strata> drawn =
        rows -> {
          Strata strata =
              Strata.of(
                  declared.get(), draw.counted(rows), plans, telemetry.location(), dates.size());
          if (dates(interval).stream().noneMatch(strata.days()::containsKey)) {
            throw Errors.noRows(telemetry.location(), spec.from().toString(), spec.to().toString());
          }
          // Drawn by what clients know, kept as it may be seen.
          sample.replace(
              dates,
              telemetry.seen(
                  draw.drawn(rows, strata.rates(spark)),
                  model.privacy(),
                  Optional.of(log.eventTime())),
              spec.runId());
          return strata;
        };
    Strata strata = drawn.apply(believed.rows(ranges));
    // The rows of an id are kept or not as one, so that a sample shows whether the telemetry has
    // repeats; looking for them in all of it would cost as much as the rest.
    SortedSet<LocalDate> repeated = draw.repeated(sample.data(dates));
    summary.put("days_with_repeated_ids", repeated.size());
    if (!repeated.isEmpty()) {
      strata = drawn.apply(draw.once(believed.arrivals(ranges), believed.first(), repeated));
    }
    List<Row> volumes =
        new VolumeRows(spec, declared.get(), telemetry.bytesPerRow(log.eventTime(), ranges))
            .rows(strata, Draw.kept(sample.data(dates)), sample.bytes(dates));
    long written =
        lake.writer(spec.runId())
            .replace(
                Tables.SAMPLING_VOLUMES,
                List.of(WindowScope.of(model.model(), Granularity.DAY, days)),
                volumes);
    long kept =
        volumes.stream()
            .filter(row -> row.getAs("stratum") == null)
            .mapToLong(row -> row.<Long>getAs("rows_kept"))
            .sum();
    summary.put("rows_kept", kept);
    summary.put("strata", strata.size());
    summary.put("rows_without_id", strata.rowsWithoutId());
    return new Result(
        lake.versionsRead(), List.copyOf(restated), strata.rows(), 0, kept + written, summary);
  }

  private static SortedSet<LocalDate> dates(SortedSet<Instant> days) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    days.forEach(day -> dates.add(WindowScope.date(day)));
    return dates;
  }
}
