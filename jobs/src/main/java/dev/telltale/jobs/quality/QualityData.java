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
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.StateOptions;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
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

  private final SparkSession spark;
  private final Lake lake;
  private final ModelConfig model;
  private final List<SlicePlan> slices;
  private final List<SourcePlan> sources;
  private final List<QualityPass> passes = new ArrayList<>();

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
    this.slices = slices;
    this.sources = sources;
  }

  /** The origin of a regression is the same for all windows of all baselines: states merge. */
  private static StateOptions options(SourcePlan source) {
    return new StateOptions(QualityState.EXACT_SCORES, 0, source.negativeUpTo());
  }

  /** States of windows from the labelled rows of their days; one scan a source. */
  JavaPairRDD<StateKey, byte[]> fold(
      Granularity finest, SortedSet<Instant> windows, Collection<Instant> days) {
    GroupPlan groups =
        GroupPlan.windowed(slices, "event_ts", Optional.of("model_version"), finest, windows);
    List<Column> columns = new ArrayList<>();
    QualityPlan.columns().forEach(name -> columns.add(col(name)));
    columns.add(col("event_ts"));
    columns.add(col("model_version"));
    slices.stream()
        .flatMap(slice -> slice.columns().stream())
        .distinct()
        .forEach(name -> columns.add(functions.element_at(col(SLICES), name).as(name)));
    Dataset<Row> rows =
        lake.read(Tables.LABELLED, WindowScope.of(model.model(), Granularity.DAY, days));
    JavaPairRDD<StateKey, byte[]> states = null;
    for (int s = 0; s < sources.size(); s++) {
      int index = s;
      QualityPass pass =
          QualityPass.over(
              spark,
              rows.where(col("source").equalTo(sources.get(s).name()))
                  .select(columns.toArray(Column[]::new)),
              new QualityPlan(groups, sources.get(s).task(), options(sources.get(s))));
      passes.add(pass);
      // Several tables are written from the states at once, and none should compute them again.
      pass.states().count();
      JavaPairRDD<StateKey, byte[]> some =
          pass.states().mapToPair(state -> new Tuple2<>(state._1.ofColumn(index), state._2));
      states = states == null ? some : states.union(some);
    }
    return states;
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
    return model.truth().flatMap(truth -> truth.value()).filter(names::contains).isPresent()
        && names.contains(model.predictions().prediction());
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
    columns.add(number(model.predictions().score(), names).as(QualityPlan.SCORE));
    columns.add(number(model.predictions().weight(), names).as(QualityPlan.WEIGHT));
    columns.add(none.cast("timestamp").as(QualityPlan.LABEL_TS));
    columns.add(none.cast("long").as(QualityPlan.LABEL_DELAY_MICROS));
    slices.stream()
        .flatMap(slice -> slice.columns().stream())
        .distinct()
        .forEach(name -> columns.add(column(name)));
    QualityPass pass =
        QualityPass.over(
            spark,
            baseline.data().select(columns.toArray(Column[]::new)),
            new QualityPlan(GroupPlan.whole(slices), source.task(), options(source)));
    passes.add(pass);
    return pass;
  }

  private static Column number(Optional<String> name, List<String> names) {
    return name.filter(names::contains)
        .map(OutcomeColumns::column)
        .orElse(lit(null))
        .cast("double");
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
