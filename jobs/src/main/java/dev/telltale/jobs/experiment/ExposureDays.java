package dev.telltale.jobs.experiment;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.SqlColumn;
import dev.telltale.jobs.lake.TimeRange;
import java.sql.Date;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The exposures of all experiments by unit and day, with what the unit did on that day from its
 * first exposure on. Experiments that share a log are read from it together, and a fact table is
 * joined once for all.
 */
final class ExposureDays {
  private static final String TRIAL = "trial";

  private final List<Experiment> experiments;
  private final List<FactDays> facts;
  private final Map<String, SourceTable> logs = new HashMap<>();

  /**
   * Opens the logs.
   *
   * @param facts of all experiments
   * @throws dev.telltale.error.TelltaleException if a log, a column or an SQL expression is not
   *     what was declared (exit 2 or 3)
   */
  ExposureDays(Lake lake, List<Experiment> experiments, List<FactDays> facts) {
    this.experiments = experiments;
    this.facts = facts;
    for (Experiment experiment : experiments) {
      Experiment.Exposures log = experiment.exposures();
      SourceTable table = logs.computeIfAbsent(log.table(), lake::source);
      table.require(log.unit(), "unit of the exposures");
      table.require(log.variant(), "variant of the exposures");
      table.requireTimestamp(log.eventTime(), "event time of the exposures");
      log.segments().forEach(segment -> table.require(segment, "segment of the exposures"));
    }
  }

  /** The value of the partition column {@code source} of an experiment. */
  static String source(Experiment experiment) {
    return FactSource.hash(experiment.id() + experiment.exposures() + FactSource.of(experiment));
  }

  /** What the days of an experiment are made of. */
  List<KeptDays.Input> inputs(Experiment experiment) {
    List<KeptDays.Input> inputs = new ArrayList<>();
    Experiment.Exposures log = experiment.exposures();
    inputs.add(new KeptDays.Input(logs.get(log.table()), log.eventTime()));
    facts.stream()
        .filter(one -> FactSource.of(experiment).contains(one.source()))
        .map(FactDays::input)
        .forEach(inputs::add);
    return inputs;
  }

  /**
   * The days, with the columns of {@code experiment_exposures} that are not of the run, and {@code
   * trial}, the place of the experiment.
   *
   * @param days of each experiment, at least one in all
   */
  Dataset<Row> units(List<SortedSet<Instant>> days) {
    Dataset<Row> exposed = exposed(days);
    Dataset<Row> parts =
        exposed.select(
            col(TRIAL),
            col(FactDays.DAY),
            col(FactDays.UNIT),
            struct(
                    col("variant"),
                    col("exposures"),
                    col("first_exposure"),
                    col("is_excluded"),
                    col("segments"))
                .as("exposure"),
            lit(null).cast("struct<source:string,values:array<double>>").as("part"));
    for (FactDays source : facts) {
      SortedSet<Instant> needed = new TreeSet<>();
      List<Integer> using = new ArrayList<>();
      for (int trial = 0; trial < experiments.size(); trial++) {
        if (FactSource.of(experiments.get(trial)).contains(source.source())) {
          needed.addAll(days.get(trial));
          using.add(trial);
        }
      }
      if (!needed.isEmpty()) {
        parts = parts.unionByName(parts(exposed, using, source, needed));
      }
    }
    return parts
        .groupBy(TRIAL, FactDays.DAY, FactDays.UNIT)
        .agg(
            functions.max("exposure").as("exposure"),
            functions.sort_array(functions.collect_list("part")).as("facts"))
        .select(
            col(TRIAL),
            col(FactDays.DAY).as("window_date"),
            col(FactDays.UNIT).as("unit"),
            col("exposure.variant"),
            col("exposure.exposures"),
            col("exposure.first_exposure"),
            col("exposure.is_excluded"),
            col("exposure.segments"),
            col("facts"));
  }

  private static Dataset<Row> parts(
      Dataset<Row> exposed, List<Integer> using, FactDays source, SortedSet<Instant> days) {
    Dataset<Row> first =
        exposed
            .where(col(TRIAL).isin(using.toArray()))
            .select(
                col(TRIAL),
                col(FactDays.DAY).as("d"),
                col(FactDays.UNIT).as("u"),
                col("first_exposure"));
    Dataset<Row> after =
        source
            .rows(days)
            .join(
                first,
                col(FactDays.UNIT)
                    .equalTo(col("u"))
                    .and(col(FactDays.DAY).equalTo(col("d")))
                    .and(col(FactDays.TIME).geq(col("first_exposure"))));
    return source
        .summed(after, TRIAL, FactDays.DAY, FactDays.UNIT)
        .select(
            col(TRIAL),
            col(FactDays.DAY),
            col(FactDays.UNIT),
            struct(lit(source.source().id()).as("source"), col("values")).as("part"))
        .withColumn(
            "exposure",
            lit(null)
                .cast(
                    "struct<variant:string,exposures:bigint,first_exposure:timestamp,"
                        + "is_excluded:boolean,segments:array<string>>"));
  }

  /** One row for each experiment, unit and day of exposure. */
  private Dataset<Row> exposed(List<SortedSet<Instant>> days) {
    Map<List<String>, List<Integer>> byLog = new LinkedHashMap<>();
    for (int trial = 0; trial < experiments.size(); trial++) {
      if (!days.get(trial).isEmpty()) {
        Experiment.Exposures log = experiments.get(trial).exposures();
        byLog
            .computeIfAbsent(
                List.of(log.table(), log.unit(), log.variant(), log.eventTime()),
                any -> new ArrayList<>())
            .add(trial);
      }
    }
    return byLog.values().stream()
        .map(trials -> ofLog(trials, days))
        .reduce(Dataset::unionByName)
        .orElseThrow()
        .groupBy(TRIAL, FactDays.DAY, FactDays.UNIT)
        .agg(
            functions.min(struct(col(FactDays.TIME), col("variant"), col("segments"))).as("first"),
            functions.min("variant").as("least"),
            functions.max("variant").as("most"),
            functions.count(lit(1)).as("exposures"),
            functions.max("excluded").as("is_excluded"))
        .select(
            col(TRIAL),
            col(FactDays.DAY),
            col(FactDays.UNIT),
            functions.when(col("least").equalTo(col("most")), col("least")).as("variant"),
            col("exposures"),
            col("first." + FactDays.TIME).as("first_exposure"),
            col("is_excluded"),
            col("first.segments").as("segments"));
  }

  private Dataset<Row> ofLog(List<Integer> trials, List<SortedSet<Instant>> days) {
    Experiment.Exposures log = experiments.get(trials.get(0)).exposures();
    SourceTable table = logs.get(log.table());
    SortedSet<Instant> all = new TreeSet<>();
    trials.forEach(trial -> all.addAll(days.get(trial)));
    Column time = column(log.eventTime());
    Column day = functions.to_date(time);
    Column[] exposures =
        trials.stream()
            .map(trial -> exposure(trial, day.isin(dates(days.get(trial))), table))
            .toArray(Column[]::new);
    return table
        .data(log.eventTime(), TimeRange.of(Granularity.DAY, all))
        .select(
            day.as(FactDays.DAY),
            column(log.unit()).cast("string").as(FactDays.UNIT),
            time.as(FactDays.TIME),
            column(log.variant()).cast("string").as("variant"),
            functions.explode(functions.array_compact(functions.array(exposures))).as("one"))
        .where(col(FactDays.UNIT).isNotNull().and(col("variant").isNotNull()))
        .select(
            col(FactDays.DAY),
            col(FactDays.UNIT),
            col(FactDays.TIME),
            col("variant"),
            col("one.trial").as(TRIAL),
            col("one.excluded").as("excluded"),
            col("one.segments").as("segments"));
  }

  /** What a row of a log is to an experiment: nothing, or whether to leave it out, and segments. */
  private Column exposure(int trial, Column isOfDays, SourceTable table) {
    Experiment.Exposures log = experiments.get(trial).exposures();
    Column counts =
        log.where()
            .map(sql -> isOfDays.and(SqlColumn.CONDITION.of("exposures.where", sql, table)))
            .orElse(isOfDays);
    Column excluded =
        log.exclude()
            .map(
                sql ->
                    coalesce(SqlColumn.CONDITION.of("exposures.exclude", sql, table), lit(false)))
            .orElse(lit(false));
    Column segments =
        functions
            .array(
                log.segments().stream()
                    .map(segment -> column(segment).cast("string"))
                    .toArray(Column[]::new))
            .cast("array<string>");
    return functions.when(
        counts, struct(lit(trial).as("trial"), excluded.as("excluded"), segments.as("segments")));
  }

  private static Object[] dates(SortedSet<Instant> days) {
    return days.stream()
        .map(day -> Date.valueOf(day.atZone(ZoneOffset.UTC).toLocalDate()))
        .toArray();
  }
}
