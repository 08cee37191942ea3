package dev.telltale.jobs.bench;

import dev.telltale.jobs.Progress;
import dev.telltale.jobs.engine.AnchorLearner;
import dev.telltale.jobs.engine.BinnedRows;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.slices.WeakSliceSearch;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What the search for weak slices costs, and what it finds: a wide table in which 15 % of the
 * answers are wrong, and twice as many in three conjunctions; and the same with none.
 */
public final class SlicesBench {
  private static final long BASELINE_ROWS = 200_000;
  private static final int BASELINE_SEED = 1;
  private static final int SEED = 1_000_003;
  private static final double ALPHA = 0.05;

  /** Of 3.2, 1.6 and 4 % of the rows, of columns of different types; so many columns are needed. */
  private static final List<String> PLANTED =
      List.of(
          "column_2 = 'ATL' AND column_5 AND column_0 > 0",
          "column_12 = 'ORD' AND column_11 < 1250",
          "column_15 AND column_25");

  /** Columns that the planted conjunctions need. */
  public static final int LEAST_COLUMNS = 26;

  private final Path directory;
  private final long rows;
  private final int columns;
  private final int rounds;
  private final Progress progress;

  /**
   * A bench in an empty directory.
   *
   * @param columns at least {@link #LEAST_COLUMNS}
   * @param rounds rounds that count; one more warms up
   */
  public SlicesBench(Path directory, long rows, int columns, int rounds, Progress progress) {
    this.directory = directory;
    this.rows = rows;
    this.columns = columns;
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * What was measured.
   *
   * @param measured the contenders: bare scan, search, search of a table without weak slices
   * @param planted the conditions that were planted, as SQL
   * @param found what the search found and the held-out rows confirm, in words
   * @param falseFound the same where nothing is planted
   */
  public record Result(
      List<Measured> measured, List<String> planted, List<String> found, List<String> falseFound) {}

  /** Writes the tables, runs the rounds. */
  public Result run(SparkSession spark) {
    progress.started("writing " + rows + " rows", 0, 1);
    String table = directory.resolve("wide").toString();
    String reference = directory.resolve("baseline").toString();
    WideTable.write(spark, table, rows, columns, 1, SEED);
    WideTable.write(spark, reference, BASELINE_ROWS, columns, 1, BASELINE_SEED);
    Dataset<Row> data = spark.read().parquet(table);
    WeakSliceSearch search =
        new WeakSliceSearch(spark, binnings(spark, spark.read().parquet(reference)), true);
    List<String> found = new ArrayList<>();
    List<String> falseFound = new ArrayList<>();
    List<Measured> measured =
        Rounds.run(
            List.of(
                new Contender("bare scan", () -> scan(data)),
                new Contender(
                    "weak slices",
                    () -> search(search, data, String.join(" OR ", bracketed()), found)),
                new Contender(
                    "weak slices, none there", () -> search(search, data, "false", falseFound))),
            rounds,
            progress);
    return new Result(measured, PLANTED, found, falseFound);
  }

  private static List<String> bracketed() {
    return PLANTED.stream().map(condition -> "(" + condition + ")").toList();
  }

  private String scan(Dataset<Row> data) {
    data.select(WideTable.columns(columns).stream().map(functions::col).toArray(Column[]::new))
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return "";
  }

  private static String search(
      WeakSliceSearch search, Dataset<Row> data, String weak, List<String> found) {
    Dataset<Row> judged =
        data.withColumn(
                BinnedRows.LOSS,
                functions.expr(
                    "CAST(pmod(xxhash64(prediction_id, 'loss'), 10000) < IF("
                        + weak
                        + ", 3000, 1500) AS INT)"))
            .withColumn(
                BinnedRows.HELD_OUT, functions.expr("pmod(xxhash64(prediction_id), 2) = 1"));
    WeakSliceSearch.Result result = search.run(judged);
    found.clear();
    for (WeakSliceSearch.Found one : result.found()) {
      if (one.pValueAdjusted() < ALPHA) {
        found.add(
            String.format(
                java.util.Locale.ROOT,
                "%s: %.1f %% of %,d wrong, %.1f %% elsewhere",
                one.words(),
                100 * one.heldOut().mean(),
                one.heldOut().rows(),
                100 * one.heldOut().otherMean()));
      }
    }
    return result.triples() + " of " + result.allTriples() + " triples counted";
  }

  private List<BinnedRows.Binning> binnings(SparkSession spark, Dataset<Row> baseline) {
    List<ColumnPlan> plans = new ArrayList<>();
    for (String name : WideTable.columns(columns)) {
      var type = baseline.schema().apply(name).dataType();
      ColumnKind kind = ColumnPlan.kindOf(type, false);
      if (kind == ColumnKind.NUMERIC || kind == ColumnKind.CATEGORICAL) {
        plans.add(new ColumnPlan(name, kind, type, Anchors.NONE));
      }
    }
    Map<String, AnchorLearner.Learned> learned =
        AnchorLearner.learn(spark, baseline, plans, Anchors.MAX_CUTS);
    return plans.stream()
        .map(plan -> new BinnedRows.Binning(plan.withAnchors(learned.get(plan.name()).anchors())))
        .toList();
  }
}
