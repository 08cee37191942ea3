package dev.telltale.jobs.compare;

import dev.telltale.drift.CategoricalComparison;
import dev.telltale.drift.Comparison;
import dev.telltale.drift.DriftJudge;
import dev.telltale.drift.Judgement;
import dev.telltale.drift.Measurement;
import dev.telltale.drift.NumericComparison;
import dev.telltale.error.Errors;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.engine.AnchorLearner;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.DataPath;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.profile.StateFormat;
import dev.telltale.stats.KolmogorovSmirnovTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Compares two data sets column by column with the engine and the rules of the nightly jobs.
 *
 * <p>A column with at most {@value #EXACT_VALUES} different values on each side is counted value by
 * value, so that every number is that of the raw values. Any other is counted on the reference's
 * values as a nightly job does, with an error bound.
 */
public final class CompareJob {
  /** Different values of a column up to which everything is exact. */
  public static final int EXACT_VALUES = 100_000;

  /** Values that the columns of one pass may keep: some hundred megabytes with their counts. */
  private static final long VALUES_AT_ONCE = 2_000_000;

  private final CompareSpec spec;
  private final Progress progress;

  /** A comparison that says how far it is. */
  public CompareJob(CompareSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param referenceRows rows of the reference
   * @param currentRows rows of what is compared with it
   * @param familySize distribution tests that the p-values are corrected over
   * @param columns the columns compared
   * @param skipped why each of the other columns is not compared, by name
   */
  public record Result(
      long referenceRows,
      long currentRows,
      int familySize,
      List<Column> columns,
      Map<String, String> skipped) {}

  /**
   * One column.
   *
   * @param name name
   * @param kind NUMERIC, CATEGORICAL or TIMESTAMP, which is numeric in seconds since 1970
   * @param comparison what was measured
   * @param judgement what was judged
   */
  public record Column(String name, ColumnKind kind, Comparison comparison, Judgement judgement) {}

  /**
   * Runs the comparison.
   *
   * @throws dev.telltale.error.TelltaleException if a side cannot be read or is empty (exit 3), or
   *     the columns asked for cannot be compared (exit 2)
   */
  public Result run(SparkSession spark) {
    progress.started("reading schemas", 0, 1);
    Dataset<Row> reference = DataPath.read(spark, spec.reference());
    Dataset<Row> current = DataPath.read(spark, spec.current());
    long referenceRows = count(reference, spec.reference());
    long currentRows = count(current, spec.current());
    CompareColumns chosen = new CompareColumns(spec, reference.schema(), current.schema());

    long most = Math.min(EXACT_VALUES, Math.max(referenceRows, currentRows));
    int atOnce = (int) Math.max(4, VALUES_AT_ONCE / most);
    List<CompareColumns.Pair> pairs = chosen.pairs();
    List<Comparison> comparisons = new ArrayList<>();
    for (int from = 0; from < pairs.size(); from += atOnce) {
      progress.started("comparing " + pairs.get(from).name(), from, pairs.size());
      comparisons.addAll(
          compare(
              spark,
              reference,
              current,
              pairs.subList(from, Math.min(pairs.size(), from + atOnce))));
    }
    List<Judgement> judgements =
        new DriftJudge(spec.policy())
            .judgements(comparisons.stream().map(Measurement::of).toList());
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      columns.add(
          new Column(
              pairs.get(i).name(),
              pairs.get(i).reference().kind(),
              comparisons.get(i),
              judgements.get(i)));
    }
    return new Result(
        referenceRows,
        currentRows,
        judgements.get(0).familySize(),
        List.copyOf(columns),
        chosen.skipped());
  }

  private static long count(Dataset<Row> data, String path) {
    long rows = data.count();
    if (rows == 0) {
      throw Errors.noData(path, "It has no rows.");
    }
    return rows;
  }

  private static List<Comparison> compare(
      SparkSession spark,
      Dataset<Row> reference,
      Dataset<Row> current,
      List<CompareColumns.Pair> pairs) {
    Map<String, AnchorLearner.Learned> before =
        AnchorLearner.learn(
            spark, reference, plans(pairs, CompareColumns.Pair::reference), EXACT_VALUES);
    Map<String, AnchorLearner.Learned> now =
        AnchorLearner.learn(
            spark, current, plans(pairs, CompareColumns.Pair::current), EXACT_VALUES);
    List<CompareColumns.Pair> anchored =
        pairs.stream()
            .map(pair -> pair.withAnchors(common(before.get(pair.name()), now.get(pair.name()))))
            .toList();
    Map<Integer, ColumnState> referenceStates =
        states(spark, reference, plans(anchored, CompareColumns.Pair::reference));
    Map<Integer, ColumnState> currentStates =
        states(spark, current, plans(anchored, CompareColumns.Pair::current));
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      comparisons.add(compare(referenceStates.remove(i), currentStates.remove(i)));
    }
    return comparisons;
  }

  private static List<ColumnPlan> plans(
      List<CompareColumns.Pair> pairs, Function<CompareColumns.Pair, ColumnPlan> side) {
    return pairs.stream().map(side).toList();
  }

  /** All values of both sides where these are known, else the anchors of the reference. */
  private static Anchors common(AnchorLearner.Learned before, AnchorLearner.Learned now) {
    if (!before.complete() || !now.complete()) {
      return bounded(before.anchors());
    }
    Set<String> labels = new LinkedHashSet<>(before.anchors().labels());
    labels.addAll(now.anchors().labels());
    if (!labels.isEmpty()) {
      return Anchors.ofLabels(List.copyOf(labels), false);
    }
    return Anchors.ofCuts(
        DoubleStream.concat(
                DoubleStream.of(before.anchors().cuts()), DoubleStream.of(now.anchors().cuts()))
            .sorted()
            .distinct()
            .toArray());
  }

  /** No more anchors than a baseline has, where not all values can be told apart anyway. */
  private static Anchors bounded(Anchors anchors) {
    if (anchors.labels().size() > Anchors.MAX_CATEGORIES) {
      return Anchors.ofLabels(anchors.labels().subList(0, Anchors.MAX_CATEGORIES), true);
    }
    return anchors;
  }

  private static Map<Integer, ColumnState> states(
      SparkSession spark, Dataset<Row> data, List<ColumnPlan> columns) {
    Map<Integer, ColumnState> states = new HashMap<>();
    try (FusedPass pass = FusedPass.over(spark, data, PassPlan.whole(columns, List.of()))) {
      for (Tuple2<StateKey, byte[]> state :
          pass.states().filter(some -> some._1.column() != StateKey.TABLE).collect()) {
        int column = state._1.column();
        states.put(column, StateFormat.read(state._2, columns.get(column).anchors()));
      }
    }
    return states;
  }

  private static Comparison compare(ColumnState reference, ColumnState current) {
    return reference instanceof NumericState numeric
        ? NumericComparison.of(numeric, (NumericState) current, KolmogorovSmirnovTest.EXACT_LIMIT)
        : CategoricalComparison.of((CategoryState) reference, (CategoryState) current);
  }
}
