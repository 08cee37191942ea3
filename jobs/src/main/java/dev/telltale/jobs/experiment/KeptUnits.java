package dev.telltale.jobs.experiment;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The days of exposures and facts that looks are made of: brought up to date in the lake and read
 * from there. A run that reads old versions of the tables again keeps nothing: it computes all days
 * from them.
 */
final class KeptUnits {
  private static final StructType MARK =
      new StructType().add("window_date", DataTypes.DateType).add("source", DataTypes.StringType);

  private final SparkSession spark;
  private final Lake lake;
  private final NightSpec spec;
  private final List<Experiment> experiments;
  private final List<FactSource> sources;
  private final List<FactDays> facts;
  private final ExposureDays exposures;
  private final SortedSet<Instant> interval;

  /**
   * Opens the tables.
   *
   * @param interval the days that looks are taken after
   * @throws dev.telltale.error.TelltaleException if one is not what was declared (exit 2 or 3)
   */
  KeptUnits(
      SparkSession spark,
      Lake lake,
      NightSpec spec,
      List<Experiment> experiments,
      SortedSet<Instant> interval) {
    this.spark = spark;
    this.lake = lake;
    this.spec = spec;
    this.experiments = experiments;
    this.interval = interval;
    this.sources = FactSource.of(experiments);
    this.facts = sources.stream().map(source -> new FactDays(lake, source)).toList();
    this.exposures = new ExposureDays(lake, experiments, facts);
  }

  List<FactSource> sources() {
    return sources;
  }

  /**
   * The days of exposures that the looks at an experiment need: from its beginning to the last look
   * of the interval.
   */
  private SortedSet<Instant> exposureDays(Experiment experiment) {
    return days(experiment.from(), end(experiment));
  }

  private SortedSet<Instant> factDays(FactSource source) {
    SortedSet<Instant> days = new TreeSet<>();
    for (Experiment experiment : experiments) {
      if (FactSource.of(experiment).contains(source)) {
        days.addAll(days(experiment.from().minusDays(experiment.preDays()), end(experiment)));
      }
    }
    return days;
  }

  /** Day after the last look at an experiment in the interval. */
  private LocalDate end(Experiment experiment) {
    LocalDate last = WindowScope.date(interval.last());
    LocalDate settled = experiment.settled().orElse(LocalDate.MAX);
    return last.isBefore(settled) ? last.plusDays(1) : settled;
  }

  private SortedSet<Instant> days(LocalDate from, LocalDate to) {
    return WindowScope.between(
            spec.model().model(),
            Granularity.DAY,
            from.atStartOfDay(ZoneOffset.UTC).toInstant(),
            to.atStartOfDay(ZoneOffset.UTC).toInstant())
        .windows();
  }

  /**
   * What a run has to do, by table and source.
   *
   * @param facts of each source, in their order
   * @param exposures of each experiment, in their order
   * @param undeclaredFacts rows that nothing declares any more
   * @param undeclaredExposures the same of exposures
   */
  record Work(
      List<KeptDays.Work> facts,
      List<KeptDays.Work> exposures,
      List<WindowScope> undeclaredFacts,
      List<WindowScope> undeclaredExposures) {
    /** Days before the interval that are computed although they are kept or were looked at. */
    SortedSet<Instant> restated(SortedSet<Instant> interval) {
      SortedSet<Instant> days = new TreeSet<>();
      facts.forEach(work -> days.addAll(work.changed()));
      exposures.forEach(work -> days.addAll(work.changed()));
      days.removeAll(interval);
      return days;
    }
  }

  /** Finds what has to be done. */
  Work work() {
    if (spec.asOf().isPresent()) {
      return new Work(
          sources.stream().map(source -> KeptDays.Work.ofAll(factDays(source))).toList(),
          experiments.stream()
              .map(experiment -> KeptDays.Work.ofAll(exposureDays(experiment)))
              .toList(),
          List.of(),
          List.of());
    }
    KeptDays kept = new KeptDays(lake, spec, interval);
    List<KeptDays.Work> ofFacts = new ArrayList<>();
    for (FactDays one : facts) {
      ofFacts.add(
          kept.work(
              Tables.EXPERIMENT_FACTS,
              one.source().id(),
              factDays(one.source()),
              List.of(one.input())));
    }
    List<KeptDays.Work> ofExposures = new ArrayList<>();
    for (Experiment experiment : experiments) {
      ofExposures.add(
          kept.work(
              Tables.EXPERIMENT_EXPOSURES,
              ExposureDays.source(experiment),
              exposureDays(experiment),
              exposures.inputs(experiment)));
    }
    return new Work(
        ofFacts,
        ofExposures,
        kept.undeclared(Tables.EXPERIMENT_FACTS, sources.stream().map(FactSource::id).toList()),
        kept.undeclared(
            Tables.EXPERIMENT_EXPOSURES, experiments.stream().map(ExposureDays::source).toList()));
  }

  /**
   * The days themselves, as {@link LookPass} reads them.
   *
   * @param exposures of all experiments
   * @param facts of all sources
   */
  record Days(Dataset<Row> exposures, Dataset<Row> facts) {}

  /** Does the work and reads what looks need. */
  Days upToDate(Work work) {
    if (spec.asOf().isPresent()) {
      return new Days(
          computedExposures(work.exposures),
          computedFacts(work.facts).orElseThrow().withColumn("place", place(sourceIds())));
    }
    LakeWriter writer = lake.writer(spec.runId());
    write(
        writer,
        Tables.EXPERIMENT_FACTS,
        sourceIds(),
        work.facts,
        work.undeclaredFacts,
        computedFacts(work.facts));
    write(
        writer,
        Tables.EXPERIMENT_EXPOSURES,
        trialIds(),
        work.exposures,
        work.undeclaredExposures,
        work.exposures.stream().allMatch(one -> one.computed().isEmpty())
            ? Optional.empty()
            : Optional.of(
                computedExposures(work.exposures).withColumn("source", id("trial", trialIds()))));
    Lake now = lake.latest();
    return new Days(
        read(now, Tables.EXPERIMENT_EXPOSURES, trialIds(), i -> exposureDays(experiments.get(i)))
            .withColumn("trial", place(trialIds())),
        read(now, Tables.EXPERIMENT_FACTS, sourceIds(), i -> factDays(sources.get(i)))
            .withColumn("place", place(sourceIds())));
  }

  private List<String> sourceIds() {
    return sources.stream().map(FactSource::id).toList();
  }

  private List<String> trialIds() {
    return experiments.stream().map(ExposureDays::source).toList();
  }

  private Dataset<Row> read(
      Lake now, Tables table, List<String> ids, IntFunction<SortedSet<Instant>> days) {
    return IntStream.range(0, ids.size())
        .filter(i -> !days.apply(i).isEmpty())
        .mapToObj(i -> now.read(table, KeptDays.scope(spec, ids.get(i), days.apply(i))))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private Optional<Dataset<Row>> computedFacts(List<KeptDays.Work> work) {
    return IntStream.range(0, sources.size())
        .filter(i -> !work.get(i).computed().isEmpty())
        .mapToObj(
            i ->
                facts
                    .get(i)
                    .units(work.get(i).computed())
                    .select(
                        col(FactDays.DAY).as("window_date"),
                        lit(sources.get(i).id()).as("source"),
                        col(FactDays.UNIT).as("unit"),
                        col("values")))
        .reduce(Dataset::unionByName);
  }

  private Dataset<Row> computedExposures(List<KeptDays.Work> work) {
    List<String> names = experiments.stream().map(Experiment::id).toList();
    return exposures
        .units(work.stream().map(KeptDays.Work::computed).toList())
        .withColumn("experiment_id", id("trial", names));
  }

  /** Rows and a mark for each day, so that a day without rows is known to be one. */
  private void write(
      LakeWriter writer,
      Tables table,
      List<String> ids,
      List<KeptDays.Work> work,
      List<WindowScope> undeclared,
      Optional<Dataset<Row>> computed) {
    List<WindowScope> scopes = new ArrayList<>(undeclared);
    List<Row> marks = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (!work.get(i).replaced().isEmpty()) {
        scopes.add(KeptDays.scope(spec, ids.get(i), work.get(i).replaced()));
      }
      for (Instant day : work.get(i).computed()) {
        marks.add(RowFactory.create(Date.valueOf(WindowScope.date(day)), ids.get(i)));
      }
    }
    if (scopes.isEmpty()) {
      return;
    }
    Dataset<Row> rows = spark.createDataFrame(marks, MARK);
    if (computed.isPresent()) {
      rows = rows.unionByName(computed.get().drop("trial"), true);
    }
    rows =
        rows.withColumn("model_id", lit(spec.model().model()))
            .withColumn("granularity", lit(Granularity.DAY.label()));
    List<String> present = Arrays.asList(rows.columns());
    Dataset<Row> all = rows;
    Column[] columns =
        Arrays.stream(table.schema().fields())
            .map(
                field ->
                    present.contains(field.name())
                        ? all.col(field.name())
                        : lit(null).cast(field.dataType()).as(field.name()))
            .toArray(Column[]::new);
    writer.replace(
        table,
        scopes,
        // Few files for a day of few units, several for one of many.
        rows.select(columns).hint("rebalance", col("window_date").expr(), col("source").expr()));
  }

  private static Column id(String place, List<String> ids) {
    Column[] names = ids.stream().map(functions::lit).toArray(Column[]::new);
    return functions.element_at(functions.array(names), col(place).plus(1));
  }

  private static Column place(List<String> ids) {
    List<Column> entries = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      entries.add(lit(ids.get(i)));
      entries.add(lit(i));
    }
    return functions.element_at(functions.map(entries.toArray(Column[]::new)), col("source"));
  }
}
