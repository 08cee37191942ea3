package dev.telltale.jobs.maintain;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Retention;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.SampleTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Upkeep;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code maintain}: drops rows that are older than the model file allows, compacts the
 * small files that nights leave in result tables, and deletes files that no row is in any more.
 *
 * <p>Before anything is dropped, everything is checked: a day of which something is not computed
 * stops the job. That rows of a table are dropped is written down before they are, so that a job
 * that dies in the middle leaves nothing that looks like a correction.
 */
public final class MaintainJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "maintain";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    if (spec.asOf().isPresent()) {
      throw Errors.maintainedAsOf();
    }
    return new Run(lake, spec).run();
  }

  /** One run. */
  private static final class Run {
    private final Lake lake;
    private final NightSpec spec;
    private final ModelConfig model;
    private final Retention retention;
    private final List<Done> done = new ArrayList<>();
    private final Instant computedAt = Instant.now();

    Run(Lake lake, NightSpec spec) {
      this.lake = lake;
      this.spec = spec;
      this.model = spec.model();
      this.retention = spec.model().retention();
    }

    Result run() {
      List<Drop> drops = drops();
      drops.forEach(Drop::check);
      drops.forEach(this::drop);
      compact();
      retention.history().ifPresent(this::vacuum);
      if (!spec.dryRun() && !done.isEmpty()) {
        append(done.stream().map(one -> one.row(spec.runId(), model.model(), computedAt)).toList());
      }
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("tables", done.stream().map(Done::json).toList());
      long rows = done.stream().mapToLong(one -> one.change().rows()).sum();
      summary.put("rows_dropped", rows);
      return new Result(lake.versionsRead(), List.of(), 0, 0, 0, summary);
    }

    private void append(List<Row> rows) {
      lake.writer(spec.runId()).append(Tables.MAINTENANCE, rows);
    }

    /** Rows of one table that are too old. */
    private interface Drop {
      String location();

      Instant keptFrom();

      void check();

      Upkeep.Change apply(boolean dryRun);
    }

    private List<Drop> drops() {
      List<Drop> drops = new ArrayList<>();
      Summarised summarised = new Summarised(lake, spec);
      retention.telemetry().ifPresent(age -> drops.add(telemetry(age, summarised)));
      retention.sample().ifPresent(age -> drops.add(sample(age, summarised)));
      retention
          .labelled()
          .ifPresent(
              age ->
                  drops.add(
                      new ByPartition(
                          lake.upkeep(Tables.LABELLED),
                          keptFrom(age),
                          "window_date",
                          this::isOurs,
                          (location, days) ->
                              summarised.requireLabelled(location, keptFrom(age), days))));
      retention
          .results()
          .ifPresent(
              age ->
                  Arrays.stream(Tables.values())
                      .filter(Done::isResult)
                      .forEach(
                          table ->
                              drops.add(
                                  new ByPartition(
                                      lake.upkeep(table),
                                      keptFrom(age),
                                      "window_date",
                                      this::isOurs,
                                      (location, days) -> {}))));
      return drops;
    }

    /** The start of a day and of a window, so that no window is dropped in part. */
    private Instant keptFrom(Duration age) {
      Instant day = Granularity.DAY.floor(spec.to().minus(age));
      return Granularity.earliestStart(List.of(Granularity.DAY, model.granularities().get(0)), day);
    }

    /** Baselines are of no day. */
    private boolean isOurs(Map<String, String> partition) {
      return model.model().equals(partition.get("model_id"))
          && !WindowScope.BASELINE.equals(partition.get("granularity"));
    }

    private Drop telemetry(Duration age, Summarised summarised) {
      ModelConfig.Predictions log = model.telemetry();
      Upkeep table = lake.upkeep(log.table());
      Instant keptFrom = keptFrom(age);
      return new Drop() {
        @Override
        public String location() {
          return table.location();
        }

        @Override
        public Instant keptFrom() {
          return keptFrom;
        }

        @Override
        public void check() {
          NavigableSet<Instant> days = table.daysBefore(log.eventTime(), keptFrom);
          // What came late for a day that is dropped already is computed as far as it ever will be.
          Optional<Instant> dropped = lake.maintenance().keptFrom(table.location());
          summarised.requireTelemetry(
              location(), keptFrom, dropped.map(from -> days.tailSet(from, true)).orElse(days));
        }

        @Override
        public Upkeep.Change apply(boolean dryRun) {
          return table.removeOlder(log.eventTime(), keptFrom, spec.runId(), dryRun);
        }
      };
    }

    private Drop sample(Duration age, Summarised summarised) {
      Instant keptFrom = keptFrom(age);
      return new ByPartition(
          lake.upkeep(model.predictions().table()),
          keptFrom,
          SampleTable.DAY,
          partition -> true,
          (location, days) -> summarised.requirePredictions(location, keptFrom, days));
    }

    /** Days are partitions. */
    private final class ByPartition implements Drop {
      private final Upkeep table;
      private final Instant keptFrom;
      private final String day;
      private final Predicate<Map<String, String>> ours;
      private final Check check;

      ByPartition(
          Upkeep table,
          Instant keptFrom,
          String day,
          Predicate<Map<String, String>> ours,
          Check check) {
        this.table = table;
        this.keptFrom = keptFrom;
        this.day = day;
        this.ours = ours;
        this.check = check;
      }

      private boolean isOld(Map<String, String> partition) {
        return ours.test(partition)
            && LocalDate.parse(partition.get(day)).isBefore(WindowScope.date(keptFrom));
      }

      @Override
      public String location() {
        return table.location();
      }

      @Override
      public Instant keptFrom() {
        return keptFrom;
      }

      @Override
      public void check() {
        if (table.exists()) {
          check.of(location(), table.days(this::isOld, day));
        }
      }

      @Override
      public Upkeep.Change apply(boolean dryRun) {
        if (!table.exists()) {
          return new Upkeep.Change(0, 0, 0, 0, 0);
        }
        String words = day + " < DATE '" + WindowScope.date(keptFrom) + "'";
        return table.removePartitions(this::isOld, words, spec.runId(), dryRun);
      }
    }

    /** What has to be computed of days before they go. */
    private interface Check {
      void of(String location, NavigableSet<Instant> days);
    }

    private void drop(Drop drop) {
      Upkeep.Change would = drop.apply(true);
      if (would.isNone()) {
        return;
      }
      if (!spec.dryRun()) {
        boolean known =
            lake.maintenance()
                .keptFrom(drop.location())
                .filter(from -> !from.isBefore(drop.keptFrom()))
                .isPresent();
        if (!known) {
          append(
              List.of(
                  Maintenance.row(
                          spec.runId(),
                          model.model(),
                          drop.location(),
                          Maintenance.RETENTION,
                          computedAt)
                      .set("kept_from", drop.keptFrom())
                      .set("files_before", would.filesBefore())
                      .set("bytes_before", would.bytesBefore())
                      .build()));
        }
      }
      add(
          drop.location(),
          Maintenance.RETENTION,
          Optional.of(drop.keptFrom()),
          spec.dryRun() ? would : drop.apply(false));
    }

    private void add(
        String location, String action, Optional<Instant> keptFrom, Upkeep.Change change) {
      if (!change.isNone()) {
        done.add(new Done(location, action, keptFrom, change));
      }
    }

    private void compact() {
      for (Tables table : Tables.values()) {
        if (table.partitionColumns().contains("window_date")) {
          Upkeep upkeep = lake.upkeep(table);
          add(
              upkeep.location(),
              Maintenance.COMPACTION,
              Optional.empty(),
              upkeep.compact(
                  partition -> model.model().equals(partition.get("model_id")), spec.dryRun()));
        }
      }
    }

    private void vacuum(Duration history) {
      List<Upkeep> tables = new ArrayList<>();
      Arrays.stream(Tables.values()).map(lake::upkeep).forEach(tables::add);
      if (model.sampling().isPresent()) {
        tables.add(lake.upkeep(model.predictions().table()));
      }
      // The team's own table: only where its rows are ours to drop.
      retention.telemetry().ifPresent(age -> tables.add(lake.upkeep(model.telemetry().table())));
      for (Upkeep table : tables) {
        if (table.exists()) {
          add(
              table.location(),
              Maintenance.VACUUM,
              Optional.empty(),
              table.history().vacuum(history, spec.dryRun()));
        }
      }
    }
  }
}
