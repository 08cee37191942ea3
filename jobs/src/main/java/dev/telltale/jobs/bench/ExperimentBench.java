package dev.telltale.jobs.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.Kpi;
import dev.telltale.experiment.ArmState;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.experiment.UnitLook;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a look at many experiments costs: one pass over what units did day by day, for all
 * experiments and metrics, beside what Spark takes for means and variances alone of the same rows.
 *
 * <p>One unit has a tenth of all rows, as a bot or a company behind one address has.
 */
public final class ExperimentBench {
  private static final int DAYS = 28;
  private static final LocalDate FROM = LocalDate.of(2026, 1, 1);
  private final Path directory;
  private final long rows;
  private final int experiments;
  private final int metrics;
  private final int preDays;
  private final int rounds;
  private final Progress progress;

  /**
   * A bench in an empty directory.
   *
   * @param rows unit-day rows
   * @param preDays days before the first exposures that covariates are made of; 0 = none
   * @param rounds rounds that count; one more warms up
   */
  public ExperimentBench(
      Path directory,
      long rows,
      int experiments,
      int metrics,
      int preDays,
      int rounds,
      Progress progress) {
    this.directory = directory;
    this.rows = rows;
    this.experiments = experiments;
    this.metrics = metrics;
    this.preDays = preDays;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Writes the rows, runs the rounds: Spark first, then the look. */
  public List<Measured> run(SparkSession spark) {
    progress.started("writing " + rows + " rows", 0, 1);
    write(spark);
    Dataset<Row> flat = spark.read().parquet(path("flat"));
    Dataset<Row> kept = spark.read().parquet(path("kept"));
    Dataset<Row> exposures = spark.read().parquet(path("exposures"));
    List<Experiment> declared = IntStream.range(0, experiments).mapToObj(this::experiment).toList();
    UnitLook look = new UnitLook(declared, FROM.plusDays(DAYS - 1));
    return Rounds.run(
        List.of(
            new Contender("Spark's avg and var_samp", () -> plain(flat, exposures)),
            new Contender("a look at all of them", () -> words(look.states(exposures, kept)))),
        rounds,
        progress);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private void write(SparkSession spark) {
    long units = Math.max(1, rows / DAYS);
    Dataset<Row> ids =
        spark
            .range(rows)
            .select(
                functions
                    .expr(
                        "CASE WHEN id % 10 = 0 THEN 'whale' ELSE concat('u', id % "
                            + units
                            + ") END")
                    .as("unit"),
                functions
                    .expr(
                        "date_add(DATE '"
                            + FROM
                            + "', CAST(id DIV "
                            + units
                            + " % "
                            + DAYS
                            + " AS INT))")
                    .as("window_date"),
                col("id"));
    List<Column> flat = new ArrayList<>(List.of(col("unit"), col("window_date")));
    Column[] values =
        IntStream.range(0, metrics)
            .mapToObj(
                m -> functions.expr("pmod(xxhash64(id, " + m + "), 1000) / 10.0D").as("m" + m))
            .toArray(Column[]::new);
    flat.addAll(List.of(values));
    ids.select(flat.toArray(Column[]::new)).write().parquet(path("flat"));
    Dataset<Row> written = spark.read().parquet(path("flat"));
    written
        .select(
            col("unit"),
            col("window_date"),
            lit(0).as("place"),
            functions
                .array(
                    IntStream.range(0, metrics).mapToObj(m -> col("m" + m)).toArray(Column[]::new))
                .as("values"))
        .write()
        .parquet(path("kept"));
    written
        .select("unit")
        .distinct()
        .crossJoin(spark.range(experiments).select(col("id").cast("int").as("trial")))
        .select(
            col("trial"),
            functions
                .expr(
                    "date_add(DATE '"
                        + FROM
                        + "', CAST("
                        + preDays
                        + " + pmod(xxhash64(unit, trial, 1), 7) AS INT))")
                .as("window_date"),
            col("unit"),
            functions
                .expr("IF(pmod(xxhash64(unit, trial), 2) = 0, 'control', 'treatment')")
                .as("variant"),
            lit(false).as("is_excluded"),
            lit(null).cast("array<string>").as("none"))
        .withColumn("segments", functions.expr("CAST(array() AS ARRAY<STRING>)"))
        .withColumn(
            "facts",
            functions.expr("CAST(array() AS ARRAY<STRUCT<source: STRING, values: ARRAY<DOUBLE>>>)"))
        .drop("none")
        .write()
        .parquet(path("exposures"));
  }

  private Experiment experiment(int number) {
    Map<String, Double> variants = new LinkedHashMap<>();
    variants.put("control", 0.5);
    variants.put("treatment", 0.5);
    return new Experiment(
        "experiment-" + number,
        "bench",
        FROM.plusDays(preDays),
        Optional.of(FROM.plusDays(DAYS)),
        "control",
        variants,
        new Experiment.Exposures(
            "exposures", "unit", "variant", "ts", Optional.empty(), Optional.empty(), List.of()),
        IntStream.range(0, metrics).mapToObj(ExperimentBench::metric).toList(),
        preDays,
        0.05,
        "obf",
        OptionalLong.empty(),
        OptionalDouble.empty());
  }

  private static ExperimentMetric metric(int number) {
    return new ExperimentMetric(
        "m" + number,
        "facts",
        "unit",
        "ts",
        Optional.empty(),
        ExperimentMetric.Kind.SUM,
        Optional.of("m" + number),
        Optional.empty(),
        0,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        number == 0 ? ExperimentMetric.Role.PRIMARY : ExperimentMetric.Role.SECONDARY,
        Kpi.Goal.INCREASE,
        OptionalDouble.empty(),
        false);
  }

  /** Means and variances of the rows after the exposure, as a query would have them. */
  private String plain(Dataset<Row> facts, Dataset<Row> exposures) {
    Dataset<Row> exposed =
        exposures.select(
            col("unit").as("u"), col("window_date").as("exposed"), col("trial"), col("variant"));
    List<Column> measures = new ArrayList<>();
    for (int metric = 0; metric < metrics; metric++) {
      measures.add(functions.avg("m" + metric));
      measures.add(functions.var_samp("m" + metric));
    }
    List<Row> answer =
        facts
            .join(
                exposed,
                facts
                    .col("unit")
                    .equalTo(col("u"))
                    .and(facts.col("window_date").geq(col("exposed"))))
            .groupBy("trial", "variant")
            .agg(functions.count(lit(1)).as("n"), measures.toArray(Column[]::new))
            .collectAsList();
    long joined = answer.stream().mapToLong(row -> row.<Long>getAs("n")).sum();
    return String.format(Locale.ROOT, "%,d joined rows in %d groups", joined, answer.size());
  }

  private static String words(Map<String, ArmState> states) {
    long units = states.values().stream().mapToLong(ArmState::units).sum();
    return String.format(Locale.ROOT, "%,d units in %d arms", units, states.size());
  }
}
