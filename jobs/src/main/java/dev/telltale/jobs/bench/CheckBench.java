package dev.telltale.jobs.bench;

import com.amazon.deequ.analyzers.Analyzer;
import com.amazon.deequ.analyzers.Completeness;
import com.amazon.deequ.analyzers.Compliance;
import com.amazon.deequ.analyzers.CountDistinct;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.Range;
import com.amazon.deequ.analyzers.Size;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.analyzers.Sum;
import com.amazon.deequ.analyzers.Uniqueness;
import com.amazon.deequ.analyzers.runners.AnalysisRunBuilder;
import com.amazon.deequ.metrics.Metric;
import dev.telltale.config.Check;
import dev.telltale.config.Defaults;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.config.Retention;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.check.CheckJob;
import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * What the job {@code check} costs for twenty expectations of each of three tables, with all it
 * writes, beside Deequ called directly: eighteen of them Deequ measures in one shared scan, the
 * other two are of uniqueness and of distinct values. One in each table does not hold.
 */
public final class CheckBench {
  private static final Instant DAY = Instant.parse("2001-03-01T00:00:00Z");
  private static final int ROWS_PER_FILE = 1_000_000;
  private static final int TABLES = 3;
  private static final List<String> AIRPORTS = List.of("ATL", "BOS", "DEN", "DFW", "LAX", "ORD");

  private final Path directory;
  private final long rows;
  private final int rounds;
  private final Progress progress;

  /**
   * A bench in an empty directory.
   *
   * @param rows rows of each table
   * @param rounds rounds that count; one more warms up
   */
  public CheckBench(Path directory, long rows, int rounds, Progress progress) {
    this.directory = directory;
    this.rows = rows;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Writes the tables, runs the rounds; the first contender is Deequ's shared scan. */
  public List<Measured> run(SparkSession spark) {
    progress.started("writing " + TABLES + " tables of " + rows + " rows", 0, 1);
    String lake = directory.resolve("lake").toString();
    Lake.at(spark, lake).init();
    for (int table = 0; table < TABLES; table++) {
      rows(spark, table)
          .write()
          .format("delta")
          .mode(SaveMode.Overwrite)
          .save(lake + "/" + name(table));
    }
    return Rounds.run(
        List.of(
            new Contender("deequ, shared scan", counted(spark, () -> deequ(spark, lake, shared()))),
            new Contender(
                "telltale check, the same",
                counted(spark, () -> check(spark, lake, expectations(false)))),
            new Contender(
                "deequ, all",
                counted(
                    spark,
                    () -> {
                      List<Object> all = new ArrayList<>(shared());
                      all.add(new Uniqueness(seq("id"), Option.empty(), Option.empty()));
                      all.add(new CountDistinct(seq("origin")));
                      return deequ(spark, lake, all);
                    })),
            new Contender(
                "telltale check, all",
                counted(spark, () -> check(spark, lake, expectations(true))))),
        rounds,
        progress);
  }

  private static String name(int table) {
    return "table_" + table;
  }

  private Dataset<Row> rows(SparkSession spark, int table) {
    return spark
        .range(0, rows, 1, (int) (1 + (rows - 1) / ROWS_PER_FILE))
        .selectExpr(
            "concat('prediction-', id) AS id",
            "timestamp_seconds(" + DAY.getEpochSecond() + " + id % 86400) AS event_ts",
            "rand(" + table + ") AS score",
            "IF(rand("
                + (table + 10)
                + ") < 0.02, NULL, 20 * randn("
                + (table + 20)
                + ")) AS delay",
            "CAST(3000 * rand(" + (table + 30) + ") AS INT) AS distance",
            "CAST(1000 * rand(" + (table + 40) + ") AS DECIMAL(10, 2)) AS price",
            "element_at(array('ATL','BOS','DEN','DFW','LAX','ORD'), 1 + CAST(6 * rand("
                + (table + 50)
                + ") AS INT)) AS origin",
            "concat('customer-', CAST(80000 * rand(" + (table + 60) + ") AS INT)) AS customer",
            "CAST(60 * rand(" + (table + 70) + ") AS INT) AS taxi_out",
            "CAST(60 + 60 * rand(" + (table + 80) + ") AS INT) AS elapsed");
  }

  private static Check.Expectation expect(String name, String condition, Object... parameters) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put((String) parameters[i], parameters[i + 1]);
    }
    return new Check.Expectation(
        "expect_" + name, map, Defaults.MOSTLY, Optional.ofNullable(condition), "WARNING");
  }

  private List<Check.Expectation> expectations(boolean all) {
    List<Check.Expectation> list =
        new ArrayList<>(
            List.of(
                expect("table_row_count_to_equal", null, "value", rows),
                expect("column_values_to_not_be_null", null, "column", "id"),
                expect("column_values_to_not_be_null", null, "column", "origin"),
                expect("column_values_to_not_be_null", null, "column", "delay"),
                expect(
                    "column_values_to_be_between",
                    null,
                    "column",
                    "score",
                    "min_value",
                    0L,
                    "max_value",
                    1L),
                expect(
                    "column_values_to_be_between",
                    null,
                    "column",
                    "distance",
                    "min_value",
                    0L,
                    "max_value",
                    3000L),
                expect(
                    "column_values_to_be_between",
                    null,
                    "column",
                    "price",
                    "min_value",
                    0L,
                    "max_value",
                    1000L),
                expect(
                    "column_values_to_be_between",
                    "origin = 'ATL'",
                    "column",
                    "delay",
                    "min_value",
                    -200L,
                    "max_value",
                    200L),
                expect(
                    "column_values_to_be_in_set", null, "column", "origin", "value_set", AIRPORTS),
                expect(
                    "column_values_to_match_regex",
                    null,
                    "column",
                    "customer",
                    "regex",
                    "^customer-[0-9]+$"),
                expect("column_value_lengths_to_equal", null, "column", "origin", "value", 3L),
                expect(
                    "column_pair_values_a_to_be_greater_than_b",
                    null,
                    "column_A",
                    "elapsed",
                    "column_B",
                    "taxi_out"),
                expect(
                    "column_mean_to_be_between",
                    null,
                    "column",
                    "delay",
                    "min_value",
                    -1L,
                    "max_value",
                    1L),
                expect(
                    "column_mean_to_be_between",
                    null,
                    "column",
                    "price",
                    "min_value",
                    490L,
                    "max_value",
                    510L),
                expect(
                    "column_stdev_to_be_between",
                    null,
                    "column",
                    "delay",
                    "min_value",
                    19L,
                    "max_value",
                    21L),
                expect("column_sum_to_be_between", null, "column", "distance", "min_value", 0L),
                expect("column_min_to_be_between", null, "column", "price", "min_value", 0L),
                expect("column_max_to_be_between", null, "column", "score", "max_value", 1L)));
    if (all) {
      list.add(expect("column_values_to_be_unique", null, "column", "id"));
      list.add(
          expect(
              "column_distinct_values_to_equal_set",
              null,
              "column",
              "origin",
              "value_set",
              AIRPORTS));
    }
    return list;
  }

  /** The analyzers that measure the eighteen, in the words of Deequ's users. */
  private static List<Object> shared() {
    return List.of(
        new Size(Option.empty()),
        complete("id"),
        complete("origin"),
        complete("delay"),
        holds("score >= 0 AND score <= 1", null),
        holds("distance >= 0 AND distance <= 3000", null),
        holds("price >= 0 AND price <= 1000", null),
        holds("delay >= -200 AND delay <= 200", "origin = 'ATL'"),
        holds("origin IN ('" + String.join("', '", AIRPORTS) + "')", null),
        holds("customer RLIKE '^customer-[0-9]+$'", null),
        holds("length(origin) = 3", null),
        holds("elapsed > taxi_out", null),
        new Mean("delay", Option.empty()),
        new Mean("price", Option.empty()),
        new StandardDeviation("delay", Option.empty()),
        new Sum("distance", Option.empty()),
        new Range("price", Option.empty()),
        new Range("score", Option.empty()));
  }

  private static Completeness complete(String column) {
    return new Completeness(column, Option.empty(), Option.empty());
  }

  private static Compliance holds(String condition, String where) {
    return new Compliance(
        condition,
        condition,
        Option.apply(where),
        scala.collection.immutable.List$.MODULE$.empty(),
        Option.empty());
  }

  private static scala.collection.Seq<String> seq(String column) {
    return JavaConverters.asScalaBuffer(List.of(column)).toSeq();
  }

  private static String deequ(SparkSession spark, String lake, List<Object> analyzers) {
    int metrics = 0;
    for (int table = 0; table < TABLES; table++) {
      Dataset<Row> data = spark.read().format("delta").load(lake + "/" + name(table));
      AnalysisRunBuilder builder = new AnalysisRunBuilder(data);
      for (Object analyzer : analyzers) {
        builder = builder.addAnalyzer(cast(analyzer));
      }
      metrics += builder.run().metricMap().size();
    }
    return metrics + " metrics";
  }

  @SuppressWarnings("unchecked")
  private static Analyzer<?, Metric<?>> cast(Object analyzer) {
    return (Analyzer<?, Metric<?>>) analyzer;
  }

  private String check(SparkSession spark, String lake, List<Check.Expectation> expectations) {
    List<Check> checks = new ArrayList<>();
    for (int table = 0; table < TABLES; table++) {
      checks.add(
          new Check(Optional.of(name(table)), Optional.empty(), List.of("id"), expectations));
    }
    ModelConfig model = model(checks);
    NightRunner.run(
        spark,
        new NightSpec(
            lake,
            model,
            ModelFile.hash(model),
            DAY,
            Granularity.DAY.next(DAY),
            "bench",
            Optional.empty(),
            false),
        List.of(new CheckJob()),
        Progress.SILENT);
    List<Row> results = Lake.at(spark, lake).rows(Tables.CHECK_RESULTS, partition -> true);
    long holds = results.stream().filter(row -> row.<Boolean>getAs("success")).count();
    return results.size() + " results, " + holds + " hold";
  }

  private static ModelConfig model(List<Check> checks) {
    return new ModelConfig(
        "bench",
        new ModelConfig.Predictions(
            name(0),
            "id",
            "event_ts",
            Optional.empty(),
            "score",
            Optional.empty(),
            Optional.empty()),
        new ModelConfig.Baseline(name(0), Optional.of(0L)),
        new ModelConfig.Columns(List.of(), List.of(), List.of()),
        List.of(),
        Defaults.MAX_SLICE_VALUES,
        List.of(Granularity.DAY),
        ModelConfig.Drift.defaults(),
        ModelConfig.Alerts.defaults(),
        List.of(),
        ModelConfig.Quality.defaults(),
        List.of(),
        Optional.empty(),
        Privacy.none(),
        Retention.FOR_EVER,
        checks,
        Optional.empty());
  }

  /** Says, too, how often the rows of a table were read. */
  private Supplier<String> counted(SparkSession spark, Supplier<String> work) {
    return () -> {
      AtomicLong read = new AtomicLong();
      SparkListener listener =
          new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
              if (end.taskMetrics() != null) {
                read.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
              }
            }
          };
      spark.sparkContext().addSparkListener(listener);
      String answer;
      try {
        answer = work.get();
        spark.sparkContext().listenerBus().waitUntilEmpty();
      } catch (java.util.concurrent.TimeoutException e) {
        throw new IllegalStateException("Spark's listeners do not keep up", e);
      } finally {
        spark.sparkContext().removeSparkListener(listener);
      }
      double scans = (double) read.get() / (TABLES * rows);
      return String.format(Locale.ROOT, "%s, %.2f scans a table", answer, scans);
    };
  }
}
