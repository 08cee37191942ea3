package dev.telltale.jobs.profile;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.profile.StateFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.storage.StorageLevel;

/**
 * The profiled baselines of a lake. A baseline is a table at a pinned version and is profiled once:
 * a first pass learns the anchors, a second one keeps every column and slice on them.
 */
public final class BaselineStore {
  private static final String TABLE = ":table";

  private final SparkSession spark;
  private final Lake lake;

  /** The baselines in {@code lake}. */
  public BaselineStore(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  /** The stored baseline with this id; its anchors belong to every state that names the id. */
  public Optional<BaselineProfile> load(String modelId, String baselineId) {
    Dataset<Row> rows =
        stored(modelId)
            .where(functions.col("baseline_id").equalTo(baselineId))
            .where("slice_key IS NULL AND column_name != '" + TABLE + "'");
    List<ColumnPlan> columns = new ArrayList<>();
    for (Row row :
        rows.select("column_name", "column_kind", "data_type", "anchors")
            .orderBy("column_name")
            .collectAsList()) {
      byte[] anchors = row.getAs("anchors");
      columns.add(
          new ColumnPlan(
              row.getAs("column_name"),
              ColumnKind.valueOf(row.getAs("column_kind")),
              DataType.fromDDL(row.getAs("data_type")),
              anchors == null ? Anchors.NONE : StateFormat.readAnchors(anchors)));
    }
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BaselineProfile(baselineId, List.copyOf(columns), slices(modelId, baselineId)));
  }

  private List<SlicePlan> slices(String modelId, String baselineId) {
    Map<String, List<List<String>>> values = new LinkedHashMap<>();
    for (Row row :
        stored(modelId)
            .where(functions.col("baseline_id").equalTo(baselineId))
            .where("slice_key IS NOT NULL AND column_name = '" + TABLE + "'")
            .select("slice_key", "slice_value")
            .orderBy("slice_key", "slice_value")
            .collectAsList()) {
      int parts = SlicePlan.columns(row.getString(0)).size();
      List<List<String>> kept =
          values.computeIfAbsent(row.getString(0), absent -> new ArrayList<>());
      if (!row.getString(1).equals(SlicePlan.OTHER)) {
        kept.add(SlicePlan.split(row.getString(1), parts));
      }
    }
    List<SlicePlan> slices = new ArrayList<>();
    values.forEach((key, kept) -> slices.add(new SlicePlan(SlicePlan.columns(key), kept)));
    return slices;
  }

  private Dataset<Row> stored(String modelId) {
    return lake.read(Tables.PROFILE_STATES, lake.version(Tables.PROFILE_STATES))
        .where(WindowScope.baseline(modelId).predicate());
  }

  /** The baseline as the model file has it now: its table, at the pinned version. */
  SourceTable table(ModelConfig model) {
    String name = model.baseline().table();
    if (model.baseline().version().isPresent()) {
      return lake.source(name, model.baseline().version().get());
    }
    String prefix = name + "@";
    List<Row> first =
        stored(model.model())
            .where(functions.col("baseline_id").startsWith(prefix))
            .where("slice_key IS NULL AND column_name = '" + TABLE + "'")
            .orderBy("computed_at")
            .select("baseline_id")
            .limit(1)
            .collectAsList();
    if (first.isEmpty()) {
      return lake.source(name);
    }
    String id = first.get(0).getString(0);
    return lake.source(name, Long.parseLong(id.substring(prefix.length(), id.lastIndexOf('#'))));
  }

  /** Id of the baseline that the model file asks for. */
  static String id(ModelConfig model, SourceTable table) {
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
            Integer.toString(StateFormat.VERSION));
    hash.update(asked.getBytes(StandardCharsets.UTF_8));
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
    Map<String, ColumnPlan> learned = learn(table, learning);
    for (ColumnPlan column : found) {
      columns.add(learned.getOrDefault(column.name(), column));
    }
    List<SlicePlan> slices =
        model.slices().stream()
            .map(slice -> mostFrequent(table.data(), slice, model.maxSliceValues()))
            .toList();
    BaselineProfile baseline = new BaselineProfile(id(model, table), columns, slices);
    store(model, table, baseline, writer, runId, computedAt);
    return load(model.model(), baseline.id()).orElseThrow();
  }

  /** Anchors by column. Null columns have none, and a column without anchors is profiled as is. */
  private Map<String, ColumnPlan> learn(SourceTable table, List<ColumnPlan> columns) {
    PassPlan plan = PassPlan.whole(columns, List.of());
    Map<String, ColumnPlan> learned = new HashMap<>();
    FusedPass.over(spark, table.data(), plan)
        .states()
        .filter(state -> state._1.column() != StateKey.TABLE)
        .mapToPair(
            state -> {
              ColumnPlan column = plan.columns().get(state._1.column());
              ColumnState learning = StateFormat.read(state._2, column.anchors());
              return new scala.Tuple2<>(
                  state._1.column(),
                  StateFormat.write(
                      learning instanceof NumericState numeric
                          ? numeric.learned()
                          : ((CategoryState) learning).learned()));
            })
        .collect()
        .forEach(
            anchors -> {
              ColumnPlan column = columns.get(anchors._1);
              learned.put(
                  column.name(),
                  new ColumnPlan(
                      column.name(),
                      column.kind(),
                      column.type(),
                      StateFormat.readAnchors(anchors._2)));
            });
    return learned;
  }

  private static SlicePlan mostFrequent(Dataset<Row> data, List<String> columns, int limit) {
    Column[] texts =
        columns.stream()
            .map(
                name ->
                    functions
                        .coalesce(
                            functions.col("`" + name + "`").cast("string"),
                            functions.lit(SlicePlan.NULL))
                        .as(name))
            .toArray(Column[]::new);
    Column[] order = new Column[columns.size() + 1];
    order[0] = functions.col("count").desc();
    for (int part = 0; part < columns.size(); part++) {
      order[part + 1] = functions.col("`" + columns.get(part) + "`");
    }
    List<List<String>> values = new ArrayList<>();
    for (Row row :
        data.select(texts)
            .groupBy(
                columns.stream()
                    .map(name -> functions.col("`" + name + "`"))
                    .toArray(Column[]::new))
            .count()
            .orderBy(order)
            .limit(limit)
            .collectAsList()) {
      List<String> value = new ArrayList<>();
      for (int part = 0; part < columns.size(); part++) {
        value.add(CategoryState.bounded(row.getString(part)));
      }
      values.add(value);
    }
    return new SlicePlan(columns, values);
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
    JavaPairRDD<StateKey, byte[]> states =
        FusedPass.over(spark, table.data(), plan)
            .states()
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    List<Row> skippedStates = new ArrayList<>();
    List<Row> skippedMetrics = new ArrayList<>();
    for (ColumnPlan column : baseline.columns()) {
      if (!column.kind().summarised()) {
        skippedStates.add(rows.notSummarised(Instant.EPOCH, column));
        skippedMetrics.add(rows.notSummarisedMetrics(Instant.EPOCH, column));
      }
    }
    JavaRDD<Row> stateRows = states.map(state -> rows.state(state._1, state._2));
    JavaRDD<Row> metricRows =
        states.map(state -> rows.metrics(state._1, state._2, Map.of(), Map.of()));
    // The states come last: they are what says that the baseline is there.
    write(writer, Tables.PROFILE_METRICS, model, baseline, metricRows, skippedMetrics);
    write(writer, Tables.PROFILE_STATES, model, baseline, stateRows, skippedStates);
    states.unpersist();
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
