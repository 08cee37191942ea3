package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.Mass;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** Of regressions: from how large errors were where labels are known, told by features. */
final class LossEstimator implements Estimator {
  private static final String VERSION = "model_version";
  private static final String CELL = "loss_cell";

  private final Lake lake;
  private final ModelConfig model;
  private final Granularity finest;
  private final QualityData data;
  private final SourceTable baseline;
  private final SourcePlan source;
  private final MatureWindows mature;
  private final WindowRows rows;
  private final PropensityColumns features;
  private Optional<Learned> learned;

  /** A model and where its labels are from, in words. */
  private record Learned(LossModel model, String from) {}

  /**
   * Learns when first asked.
   *
   * @param known columns of the baseline; none where it is not profiled
   */
  LossEstimator(
      Lake lake,
      ModelConfig model,
      QualityData data,
      SourceTable baseline,
      List<ColumnPlan> known,
      SourcePlan source,
      MatureWindows mature) {
    this.lake = lake;
    this.model = model;
    this.finest = model.granularities().get(0);
    this.data = data;
    this.baseline = baseline;
    this.source = source;
    this.mature = mature;
    this.rows = new WindowRows(lake, model);
    this.features = new PropensityColumns(model, Task.REGRESSION, known, rows.log().schema());
  }

  @Override
  public Optional<String> learnedFrom() {
    return learned().map(Learned::from);
  }

  /** From mature windows; before there are any with enough labels, the baseline's rows. */
  private Optional<Learned> learned() {
    if (learned == null) {
      learned = ofMature().or(this::ofBaseline);
    }
    return learned;
  }

  private Optional<Learned> ofMature() {
    NavigableSet<Instant> windows = mature.windows();
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    try (PropensitySample sample =
        PropensitySample.ofLabelled(
            rows.labelled(source.name(), windows),
            rows.logged(windows, features.ofLog()),
            features.names())) {
      return fit(sample).map(fitted -> new Learned(fitted, mature.words(windows)));
    }
  }

  private Optional<Learned> ofBaseline() {
    List<String> names = Arrays.asList(baseline.schema().fieldNames());
    if (!QualityData.canEvaluate(baseline, model)) {
      return Optional.empty();
    }
    String label = model.truth().orElseThrow().value().orElseThrow();
    ModelConfig.Predictions named = model.predictions();
    List<Column> chosen = new ArrayList<>(features.ofLog());
    chosen.addAll(said(baseline.schema()));
    chosen.add(OutcomeColumns.text(label, baseline.schema()).as(QualityPlan.LABEL));
    chosen.add(
        new OutcomeColumns(Task.REGRESSION, Optional.empty())
            .value(label, baseline.schema())
            .as(QualityPlan.LABEL_VALUE));
    chosen.add(
        named
            .weight()
            .filter(names::contains)
            .map(OutcomeColumns::column)
            .orElse(lit(null))
            .cast("double")
            .as(QualityPlan.WEIGHT));
    // A baseline has no ids, or not those of the log; which rows are chosen must not be chance.
    chosen.add(
        functions
            .xxhash64(names.stream().map(OutcomeColumns::column).toArray(Column[]::new))
            .cast("string")
            .as(RankedQueries.ID));
    chosen.add(lit(null).cast("timestamp").as(RankedQueries.EVENT));
    try (PropensitySample sample =
        PropensitySample.ofLabelled(baseline.data().select(chosen.toArray(Column[]::new)))) {
      return fit(sample).map(fitted -> new Learned(fitted, SourcePlan.TRAINING));
    }
  }

  /** The answer, score and version of a table that is like the log. */
  private List<Column> said(StructType schema) {
    List<String> names = Arrays.asList(schema.fieldNames());
    ModelConfig.Predictions named = model.predictions();
    List<Column> said = new ArrayList<>();
    said.add(
        new OutcomeColumns(Task.REGRESSION, Optional.empty())
            .value(named.prediction(), schema)
            .as(QualityPlan.PREDICTION_VALUE));
    said.add(
        named
            .score()
            .filter(names::contains)
            .map(OutcomeColumns::column)
            .orElse(lit(null))
            .cast("double")
            .as(QualityPlan.SCORE));
    said.add(
        named
            .modelVersion()
            .filter(names::contains)
            .map(OutcomeColumns::column)
            .orElse(lit(null))
            .cast("string")
            .as(VERSION));
    return said;
  }

  private Optional<LossModel> fit(PropensitySample sample) {
    PropensityFeatures told =
        model.predictions().modelVersion().isEmpty()
            ? features.learn(sample.rows())
            : features.learn(
                sample.rows(),
                PropensityFeature.category(
                    VERSION, col(VERSION), PropensityColumns.most(sample.rows(), VERSION)));
    return LossModel.fit(sample, told, source.minimumLabels());
  }

  @Override
  public List<Estimated> estimates(
      Granularity granularity, SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states) {
    LossModel fitted = learned().orElseThrow().model();
    NavigableSet<Instant> parts = parts(granularity, windows);
    if (parts.isEmpty()) {
      return List.of();
    }
    List<Estimated> estimates = new ArrayList<>();
    for (Tuple2<StateKey, byte[]> state :
        data.count(finest, parts, cells(fitted, parts), col(CELL))
            .mapToPair(
                state ->
                    new Tuple2<>(
                        state._1.inWindow(granularity.floor(state._1.windowStart())), state._2))
            .groupByKey()
            .mapValues(QualityPass::merge)
            .collect()) {
      fitted
          .calibration()
          .estimates(masses(state._2))
          .forEach((metric, estimate) -> estimates.add(new Estimated(state._1, metric, estimate)));
    }
    return estimates;
  }

  /** The finest windows with predictions that windows consist of. */
  private NavigableSet<Instant> parts(Granularity granularity, SortedSet<Instant> windows) {
    SortedSet<LocalDate> present =
        ResultDays.of(lake, Tables.LABELLED, model.model(), Granularity.DAY).present();
    NavigableSet<Instant> parts = new TreeSet<>();
    for (Instant window : windows) {
      for (Instant start = window;
          start.isBefore(granularity.next(window));
          start = finest.next(start)) {
        if (present.contains(WindowScope.date(start))) {
          parts.add(start);
        }
      }
    }
    return parts;
  }

  /** Rows of {@code labelled}, with a label or without, and their cell. */
  private Dataset<Row> cells(LossModel fitted, NavigableSet<Instant> windows) {
    List<String> key = List.of(RankedQueries.ID, RankedQueries.EVENT);
    List<Column> columns = new ArrayList<>(features.ofLog());
    columns.addAll(said(rows.log().schema()));
    // One number a row crosses the shuffle, and not the features. An id may have come twice at
    // once; which of them is taken must not be chance.
    Dataset<Row> cells =
        fitted
            .cells(rows.logged(windows, columns), key, CELL)
            .groupBy(key.stream().map(functions::col).toArray(Column[]::new))
            .agg(functions.min(CELL).as(CELL));
    Column value = col(QualityPlan.PREDICTION_VALUE);
    Column cell = functions.coalesce(col(CELL), lit(fitted.calibration().cells()));
    return rows.labelled(source.name(), windows)
        .where(PropensityFeature.finite(value).isNotNull())
        .join(cells, JavaConverters.asScalaBuffer(key).toSeq(), "left")
        .withColumn(CELL, cell.cast("string"));
  }

  private static Map<Integer, Mass> masses(byte[] state) {
    Map<Integer, Mass> masses = new HashMap<>();
    QualityState.read(state)
        .confusion()
        .forEach(cell -> masses.put(Integer.valueOf(cell.label()), cell.mass()));
    return masses;
  }
}
