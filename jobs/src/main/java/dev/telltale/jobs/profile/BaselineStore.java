package dev.telltale.jobs.profile;

import dev.telltale.bytes.StateBytes;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.AnchorLearner;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.SliceValues;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.StateFormat;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;

/**
 * The profiled baselines of a lake. A baseline is a table at a pinned version and is profiled once:
 * a first pass learns the anchors, a second one keeps every column and slice on them.
 */
public final class BaselineStore {
  private static final String TABLE = ":table";

  /** A column with at most so many different values is compared exactly, value by value. */
  private static final int LEARN_LIMIT = Anchors.MAX_CUTS;

  private final SparkSession spark;
  private final Lake lake;

  /** The baselines in {@code lake}. */
  public BaselineStore(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  /** The stored baseline with this id; its anchors belong to every state that names the id. */
  public Optional<BaselineProfile> load(String modelId, String baselineId) {
    List<ColumnPlan> columns = new ArrayList<>();
    Map<String, List<List<String>>> slices = new TreeMap<>();
    for (Row row :
        stored(
            modelId,
            "baseline_id",
            "slice_key",
            "slice_value",
            "column_name",
            "column_kind",
            "data_type",
            "anchors")) {
      boolean table = row.<String>getAs("column_name").equals(TABLE);
      String sliceKey = row.getAs("slice_key");
      if (!row.getAs("baseline_id").equals(baselineId) || table == (sliceKey == null)) {
        continue;
      }
      if (table) {
        addValue(
            slices.computeIfAbsent(sliceKey, absent -> new ArrayList<>()),
            SlicePlan.columns(sliceKey).size(),
            row.getAs("slice_value"));
      } else {
        columns.add(column(row));
      }
    }
    columns.sort(Comparator.comparing(ColumnPlan::name));
    List<SlicePlan> plans = new ArrayList<>();
    slices.forEach(
        (key, values) -> {
          values.sort(Comparator.comparing(SlicePlan::join));
          plans.add(new SlicePlan(SlicePlan.columns(key), values));
        });
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(new BaselineProfile(baselineId, List.copyOf(columns), plans));
  }

  private static ColumnPlan column(Row row) {
    byte[] anchors = row.getAs("anchors");
    return new ColumnPlan(
        row.getAs("column_name"),
        ColumnKind.valueOf(row.getAs("column_kind")),
        DataType.fromDDL(row.getAs("data_type")),
        anchors == null ? Anchors.NONE : StateFormat.readAnchors(anchors));
  }

  private static void addValue(List<List<String>> values, int parts, String sliceValue) {
    if (!sliceValue.equals(SlicePlan.OTHER)) {
      values.add(new ArrayList<>(SlicePlan.split(sliceValue, parts)));
    }
  }

  /** As the lake is now: a baseline is never changed once it has its id. */
  private List<Row> stored(String modelId, String... columns) {
    return lake.latest().rows(Tables.PROFILE_STATES, WindowScope.baseline(modelId), columns);
  }

  /**
   * The baseline as the model file has it now: its table, at the pinned version, with its columns
   * as they may be seen.
   */
  public SourceTable table(ModelConfig model) {
    return stored(model).seenUnder(model.privacy(), Optional.empty());
  }

  /** The same with its columns as they are stored. */
  public SourceTable stored(ModelConfig model) {
    String name = model.baseline().table();
    if (model.baseline().version().isPresent()) {
      return lake.source(name, model.baseline().version().get());
    }
    String prefix = name + "@";
    return stored(model.model(), "baseline_id", "column_name", "slice_key", "computed_at").stream()
        .filter(row -> row.<String>getAs("baseline_id").startsWith(prefix))
        .filter(row -> row.getAs("column_name").equals(TABLE) && row.getAs("slice_key") == null)
        .min(Comparator.comparing(row -> row.<Timestamp>getAs("computed_at")))
        .map(row -> row.<String>getAs("baseline_id"))
        .map(id -> Long.parseLong(id.substring(prefix.length(), id.lastIndexOf('#'))))
        .map(version -> lake.source(name, version))
        .orElseGet(() -> lake.source(name));
  }

  /** Id of the baseline that the model file asks for. */
  public static String id(ModelConfig model, SourceTable table) {
    CRC32 hash = new CRC32();
    String asked =
        String.join(
            "\n",
            model.columns().toString(),
            model.slices().toString(),
            Integer.toString(model.maxSliceValues()),
            model.predictions().id(),
            model.predictions().eventTime(),
            model.predictions().modelVersion().orElse(""),
            Integer.toString(StateBytes.VERSION));
    hash.update(asked.getBytes(StandardCharsets.UTF_8));
    // Like the other columns that are no features it is not profiled.
    model
        .predictions()
        .group()
        .ifPresent(group -> hash.update(group.getBytes(StandardCharsets.UTF_8)));
    if (!model.privacy().columns().isEmpty()) {
      String privacy =
          model.privacy().columns()
              + "\n"
              + model.privacy().truncate()
              + "\n"
              + model.privacy().generalise();
      hash.update(privacy.getBytes(StandardCharsets.UTF_8));
    }
    return model.baseline().table()
        + "@"
        + table.version()
        + "#"
        + String.format("%08x", hash.getValue());
  }

  /** Profiles the baseline and stores it. */
  BaselineProfile profile(
      ModelConfig model, SourceTable table, LakeWriter writer, String runId, Instant computedAt) {
    List<ColumnPlan> found = new ColumnChoice(model).ofBaseline(table.schema());
    List<ColumnPlan> learning =
        found.stream().filter(column -> column.kind().summarised()).toList();
    List<ColumnPlan> columns = new ArrayList<>();
    Map<String, AnchorLearner.Learned> learned =
        AnchorLearner.learn(spark, table.data(), learning, LEARN_LIMIT);
    for (ColumnPlan column : found) {
      AnchorLearner.Learned anchors = learned.get(column.name());
      columns.add(anchors == null ? column : column.withAnchors(anchors.anchors()));
    }
    List<SlicePlan> slices =
        model.slices().stream()
            .map(slice -> SliceValues.mostFrequent(table.data(), slice, model.maxSliceValues()))
            .toList();
    BaselineProfile baseline = new BaselineProfile(id(model, table), columns, slices);
    store(model, table, baseline, writer, runId, computedAt);
    return load(model.model(), baseline.id()).orElseThrow();
  }

  private void store(
      ModelConfig model,
      SourceTable table,
      BaselineProfile baseline,
      LakeWriter writer,
      String runId,
      Instant computedAt) {
    PassPlan plan = PassPlan.whole(baseline.summarised(), baseline.slices());
    StateRows rows =
        new StateRows(
            model.model(),
            runId,
            computedAt,
            baseline.id(),
            WindowScope.BASELINE,
            baseline.summarised());
    List<Row> skippedStates = new ArrayList<>();
    List<Row> skippedMetrics = new ArrayList<>();
    for (ColumnPlan column : baseline.columns()) {
      if (!column.kind().summarised()) {
        skippedStates.add(rows.notSummarised(Instant.EPOCH, column));
        skippedMetrics.add(rows.notSummarisedMetrics(Instant.EPOCH, column));
      }
    }
    try (FusedPass pass = FusedPass.over(spark, table.data(), plan)) {
      JavaPairRDD<StateKey, byte[]> states = pass.states();
      JavaRDD<Row> stateRows = states.map(state -> rows.state(state._1, state._2));
      JavaRDD<Row> metricRows =
          states.map(state -> rows.metrics(state._1, state._2, Map.of(), Map.of()));
      // The states come last: they are what says that the baseline is there.
      write(writer, Tables.PROFILE_METRICS, model, baseline, metricRows, skippedMetrics);
      write(writer, Tables.PROFILE_STATES, model, baseline, stateRows, skippedStates);
    }
  }

  private void write(
      LakeWriter writer,
      Tables table,
      ModelConfig model,
      BaselineProfile baseline,
      JavaRDD<Row> rows,
      List<Row> more) {
    Dataset<Row> data =
        spark
            .createDataFrame(rows, table.schema())
            .union(spark.createDataFrame(more, table.schema()))
            .coalesce(1);
    writer.replaceBaseline(table, model.model(), baseline.id(), data);
  }
}
