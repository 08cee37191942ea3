package dev.telltale.jobs.quality;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.GroupPlan;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.StateOptions;
import dev.telltale.quality.Task;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** Where states come from: labelled rows, the baseline's rows, and what is stored. */
final class QualityData {
  private static final String SLICES = "slices";
  private static final String VERSION = "model_version";

  /** A slice may be of a column that is called as one of ours is, such as score or label. */
  private static final String SLICE = "slice:";

  private final SparkSession spark;
  private final Lake lake;
  private final ModelConfig model;
  private final List<SlicePlan> slices;
  private final List<SourcePlan> sources;
  private final List<QualityPass> passes = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param slices the values that are kept apart
   */
  QualityData(
      SparkSession spark,
      Lake lake,
      ModelConfig model,
      List<SlicePlan> slices,
      List<SourcePlan> sources) {
    this.spark = spark;
    this.lake = lake;
    this.model = model;
    this.slices = slices.stream().map(slice -> slice.ofPrefixed(SLICE)).toList();
    this.sources = sources;
  }

  /** The origin of a regression is the same for all windows of all baselines: states merge. */
  private StateOptions options(SourcePlan source, List<ModelConfig.Quantile> quantiles) {
    return new StateOptions(
        QualityState.EXACT_SCORES,
        0,
        source.negativeUpTo(),
        model.quality().cutoffs(),
        quantiles.stream().map(ModelConfig.Quantile::level).toList());
  }

  private List<String> sliceColumns() {
    return slices.stream().flatMap(slice -> slice.columns().stream()).distinct().toList();
  }

  /** States of windows from the labelled rows of their days; one scan a source. */
  JavaPairRDD<StateKey, byte[]> fold(
      Granularity finest, SortedSet<Instant> windows, Collection<Instant> days) {
    Dataset<Row> rows =
        lake.read(Tables.LABELLED, WindowScope.of(model.model(), Granularity.DAY, days));
    JavaPairRDD<StateKey, byte[]> states = null;
    for (int s = 0; s < sources.size(); s++) {
      JavaPairRDD<StateKey, byte[]> some =
          fold(finest, windows, s, rows.where(col("source").equalTo(sources.get(s).name())));
      states = states == null ? some : states.union(some);
    }
    return states;
  }

  /**
   * States of windows from rows of one source.
   *
   * @param source its index
   * @param rows as the table {@code labelled} has them
   */
  JavaPairRDD<StateKey, byte[]> fold(
      Granularity finest, SortedSet<Instant> windows, int source, Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    QualityPlan.columns().forEach(name -> columns.add(col(name)));
    columns.addAll(groupColumns());
    List<String> kept = new ArrayList<>(List.of(VERSION));
    sliceColumns().forEach(name -> kept.add(SLICE + name));
    SourcePlan plan = sources.get(source);
    QualityPass pass =
        QualityPass.over(
            spark,
            observations(rows, columns, plan.task(), kept),
            new QualityPlan(
                groups(finest, windows),
                plan.task(),
                options(plan, model.predictions().quantiles())));
    passes.add(pass);
    // Several tables are written from the states at once, and none should compute them again.
    pass.states().count();
    return pass.states().mapToPair(state -> new Tuple2<>(state._1.ofColumn(source), state._2));
  }

  private GroupPlan groups(Granularity finest, SortedSet<Instant> windows) {
    return GroupPlan.windowed(slices, RankedQueries.EVENT, Optional.of(VERSION), finest, windows);
  }

  /** What rows of {@code labelled} are divided by. */
  private List<Column> groupColumns() {
    List<Column> columns = new ArrayList<>(List.of(col(RankedQueries.EVENT), col(VERSION)));
    sliceColumns()
        .forEach(name -> columns.add(functions.element_at(col(SLICES), name).as(SLICE + name)));
    return columns;
  }

  /**
   * States that count rows by a class, whatever their label: those of several classes, in which
   * each row has its own as truth and answer.
   *
   * @param rows as the table {@code labelled} has them
   * @param ofClass string
   */
  JavaPairRDD<StateKey, byte[]> count(
      Granularity finest, SortedSet<Instant> windows, Dataset<Row> rows, Column ofClass) {
    Column none = lit(null);
    List<Column> columns = new ArrayList<>(groupColumns());
    columns.add(none.cast("double").as(QualityPlan.PREDICTION_VALUE));
    columns.add(ofClass.as(QualityPlan.PREDICTION));
    columns.add(none.cast("double").as(QualityPlan.LABEL_VALUE));
    columns.add(ofClass.as(QualityPlan.LABEL));
    columns.add(none.cast("double").as(QualityPlan.SCORE));
    columns.add(col(QualityPlan.WEIGHT));
    columns.add(none.cast("timestamp").as(QualityPlan.LABEL_TS));
    columns.add(none.cast("long").as(QualityPlan.LABEL_DELAY_MICROS));
    QualityPass pass =
        QualityPass.over(
            spark,
            rows.select(columns.toArray(Column[]::new)),
            new QualityPlan(groups(finest, windows), Task.MULTICLASS, StateOptions.DEFAULTS));
    passes.add(pass);
    return pass.states();
  }

  /**
   * The rows of a pass: predictions, or the queries of those that are ranked.
   *
   * @param labelled as the table {@code labelled} has them
   * @param columns what every task has
   * @param kept the columns among them that divide rows
   */
  private Dataset<Row> observations(
      Dataset<Row> labelled, List<Column> columns, Task task, List<String> kept) {
    List<Column> all = new ArrayList<>(columns);
    if (task == Task.RANKING) {
      all.add(col(RankedQueries.GROUP));
      all.add(col(RankedQueries.ID));
    } else if (task == Task.REGRESSION) {
      all.add(
          quantiles(
              model.predictions().quantiles(),
              one -> functions.element_at(col("quantiles"), one.level())));
    }
    Dataset<Row> rows = labelled.select(all.toArray(Column[]::new));
    return task == Task.RANKING ? queries(rows, kept) : rows;
  }

  private Dataset<Row> queries(Dataset<Row> items, List<String> kept) {
    boolean scored = model.predictions().score().isPresent();
    return RankedQueries.of(
        items,
        scored ? RankedQueries.byScore() : RankedQueries.byPlace(),
        Collections.max(model.quality().cutoffs()),
        kept);
  }

  /** The predicted quantiles, by level. */
  private static Column quantiles(
      List<ModelConfig.Quantile> quantiles, Function<ModelConfig.Quantile, Column> value) {
    return functions
        .array(quantiles.stream().map(value).toArray(Column[]::new))
        .cast("array<double>")
        .as(QualityPlan.QUANTILES);
  }

  /** States of windows that are stored. */
  JavaPairRDD<StateKey, byte[]> stored(Granularity granularity, Collection<Instant> windows) {
    List<String> names = sources.stream().map(SourcePlan::name).toList();
    ArrayList<String> known = new ArrayList<>(names);
    return lake.read(Tables.QUALITY_STATES, WindowScope.of(model.model(), granularity, windows))
        .where(col("source").isInCollection(names))
        .select("window_start", "model_version", "slice_key", "slice_value", "source", "state")
        .toJavaRDD()
        .mapToPair(
            row ->
                new Tuple2<>(
                    new StateKey(
                        row.<Timestamp>getAs(0).getTime(),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        known.indexOf(row.getString(4))),
                    row.<byte[]>getAs(5)));
  }

  /** Whether the baseline has what is needed to evaluate the model on it. */
  static boolean canEvaluate(SourceTable baseline, ModelConfig model) {
    List<String> names = Arrays.asList(baseline.schema().fieldNames());
    ModelConfig.Predictions log = model.predictions();
    boolean ordered =
        names.contains(log.id()) && names.contains(log.score().orElse(log.prediction()));
    return model.truth().flatMap(truth -> truth.value()).filter(names::contains).isPresent()
        && names.contains(log.prediction())
        && (log.group().isEmpty() || (names.contains(log.group().get()) && ordered));
  }

  /** States of the baseline. */
  QualityPass training(SourceTable baseline, SourcePlan source) {
    String label = model.truth().orElseThrow().value().orElseThrow();
    OutcomeColumns outcomes = new OutcomeColumns(source.task(), model.quality().positive());
    String prediction = model.predictions().prediction();
    List<String> names = Arrays.asList(baseline.schema().fieldNames());
    Column none = lit(null);
    List<Column> columns = new ArrayList<>();
    columns.add(outcomes.value(prediction, baseline.schema()).as(QualityPlan.PREDICTION_VALUE));
    columns.add(OutcomeColumns.text(prediction, baseline.schema()).as(QualityPlan.PREDICTION));
    columns.add(outcomes.value(label, baseline.schema()).as(QualityPlan.LABEL_VALUE));
    columns.add(OutcomeColumns.text(label, baseline.schema()).as(QualityPlan.LABEL));
    columns.add(present(model.predictions().score(), names, "double").as(QualityPlan.SCORE));
    columns.add(present(model.predictions().weight(), names, "double").as(QualityPlan.WEIGHT));
    columns.add(none.cast("timestamp").as(QualityPlan.LABEL_TS));
    columns.add(none.cast("long").as(QualityPlan.LABEL_DELAY_MICROS));
    sliceColumns().forEach(name -> columns.add(column(name).as(SLICE + name)));
    ModelConfig.Predictions log = model.predictions();
    boolean hasQuantiles = log.quantiles().stream().allMatch(one -> names.contains(one.column()));
    List<ModelConfig.Quantile> quantiles = hasQuantiles ? log.quantiles() : List.of();
    if (source.task() == Task.RANKING) {
      columns.add(present(log.group(), names, "string").as(RankedQueries.GROUP));
      columns.add(present(Optional.of(log.id()), names, "string").as(RankedQueries.ID));
      columns.add(
          present(Optional.of(log.eventTime()), names, "timestamp").as(RankedQueries.EVENT));
    } else if (source.task() == Task.REGRESSION) {
      columns.add(quantiles(quantiles, one -> column(one.column())));
    }
    Dataset<Row> rows = baseline.data().select(columns.toArray(Column[]::new));
    QualityPass pass =
        QualityPass.over(
            spark,
            source.task() == Task.RANKING
                ? queries(rows, sliceColumns().stream().map(SLICE::concat).toList())
                : rows,
            new QualityPlan(GroupPlan.whole(slices), source.task(), options(source, quantiles)));
    passes.add(pass);
    return pass;
  }

  private static Column present(Optional<String> name, List<String> names, String type) {
    return name.filter(names::contains).map(OutcomeColumns::column).orElse(lit(null)).cast(type);
  }

  /** Rows scanned. */
  long rowsRead() {
    return passes.stream().mapToLong(QualityPass::rowsRead).sum();
  }

  /** Forgets what is kept in memory. */
  void close() {
    passes.forEach(QualityPass::close);
  }
}
