package dev.telltale.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.jobs.SparkTest;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import dev.telltale.profile.StateFormat;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusedPassTest extends SparkTest {
  private static final int ROWS = 10_000;
  private static final String KEPT = "id % 10 <> 3";
  private static final Set<String> CATEGORICAL = Set.of("code", "big_code", "grade");
  private static final String[] COLUMNS = {
    "id",
    "CAST(id % 120 - 60 AS BYTE) AS tiny",
    "CAST(id % 3000 - 1500 AS SHORT) AS small",
    "CAST(id - 5000 AS INT) AS whole",
    "9007199254740993 + id AS big",
    "CAST(id / 3 AS FLOAT) AS real",
    "CASE id % 7 WHEN 0 THEN double('NaN') WHEN 1 THEN double('Infinity') WHEN 2 THEN -0.0D"
        + " WHEN 3 THEN double('-Infinity') WHEN 4 THEN NULL WHEN 5 THEN 0D ELSE randn(1) END"
        + " AS odd",
    "CAST(id % 1000 / 100.0 AS DECIMAL(9, 2)) AS price",
    "CAST(concat('12345678901234567890123456', lpad(id % 100, 2, '0'), '.0123456789')"
        + " AS DECIMAL(38, 10)) AS wide",
    "date_add(date '1969-06-01', CAST(id % 400 AS INT)) AS day",
    "timestamp_micros(id * 1000000 - 500000) AS at",
    "CAST(timestamp_micros(id * 1000000 - 500000) AS TIMESTAMP_NTZ) AS at_local",
    "id % 3 = 0 AS flag",
    "IF(id % 11 = 0, NULL, concat('word ', id % 40)) AS word",
    "concat('any ', id) AS any_word",
    "CAST(id % 5 AS DECIMAL(5, 3)) AS grade",
    "CAST(id % 4 AS SHORT) AS code",
    "9007199254740993 + id % 3 AS big_code",
    "element_at(array('a', 'b', 'c', 'd', NULL), CAST(id % 5 + 1 AS INT)) AS side",
    "array(id) AS parts",
    "map('a', id) AS pairs",
    "named_struct('a', id) AS nested",
    "CAST('a' AS BINARY) AS bytes"
  };

  @TempDir static Path directory;
  private static Dataset<Row> plain;
  private static Dataset<Row> all;
  private static List<ColumnPlan> columns;

  @BeforeAll
  static void writeTables() {
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(COLUMNS)
        .write()
        .format("delta")
        .save(directory.resolve("all").toString());
    all = spark.read().format("delta").load(directory.resolve("all").toString());
    all.where(KEPT).write().format("delta").save(directory.resolve("plain").toString());
    plain = spark.read().format("delta").load(directory.resolve("plain").toString());
    List<ColumnPlan> plans = new ArrayList<>();
    for (StructField field : plain.schema().fields()) {
      ColumnKind kind = ColumnPlan.kindOf(field.dataType(), CATEGORICAL.contains(field.name()));
      if (kind.summarised()) {
        plans.add(new ColumnPlan(field.name(), kind, field.dataType(), Anchors.NONE));
      }
    }
    // From half of the rows, so that the other half has values that the anchors do not.
    Map<String, AnchorLearner.Learned> learned =
        AnchorLearner.learn(spark, plain.where("id % 2 = 0"), plans, Anchors.MAX_CUTS);
    columns =
        plans.stream().map(plan -> plan.withAnchors(learned.get(plan.name()).anchors())).toList();
  }

  @Test
  void whatHasPartsOrIsBinaryIsSkipped() {
    assertThat(plain.schema().fields())
        .filteredOn(
            field ->
                ColumnPlan.kindOf(field.dataType(), CATEGORICAL.contains(field.name()))
                    == ColumnKind.SKIPPED)
        .extracting(StructField::name)
        .containsExactly("parts", "pairs", "nested", "bytes");
  }

  @Test
  void rowsGiveTheSameStatesAsColumns() {
    Map<String, String> expected = states(plain, List.of());
    assertThat(batches(plain)).as("a plain scan is columnar, 4,096 rows a batch").isEqualTo(3);

    String vectors = "delta.`" + directory.resolve("vectors") + "`";
    spark.sql(
        "CREATE TABLE "
            + vectors
            + " USING delta TBLPROPERTIES (delta.enableDeletionVectors = true) AS SELECT * FROM"
            + " delta.`"
            + directory.resolve("all")
            + "`");
    spark.sql("DELETE FROM " + vectors + " WHERE NOT " + KEPT);
    Dataset<Row> deleted =
        spark.read().format("delta").load(directory.resolve("vectors").toString());
    assertThat(deleted.inputFiles()).as("rows are deleted by a vector, not a rewrite").hasSize(1);

    Column[] parts = new Column[all.columns().length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = functions.col(all.columns()[i]);
    }
    Dataset<Row> nested =
        all.where(KEPT).select(functions.struct(parts).as("s")).select("s.*").repartition(1);
    Map<String, Dataset<Row>> rowWays = new TreeMap<>();
    rowWays.put("deletion vectors", deleted);
    rowWays.put("filter", all.where(KEPT));
    rowWays.put("expression", plain.withColumn("tiny", functions.expr("CAST(tiny + 0 AS BYTE)")));
    rowWays.put("exchange of structs", nested);
    rowWays.forEach(
        (way, data) -> {
          assertThat(batches(data)).as(way + " comes in rows").isEqualTo(1);
          assertThat(states(data, List.of())).as(way).isEqualTo(expected);
        });
  }

  @Test
  void everyTypeIsReadInItsUnit() {
    double kept = plain.count();
    NumericState tiny = numeric("tiny");
    assertThat(tiny.min()).isEqualTo(-60);
    assertThat(tiny.max()).isEqualTo(59);
    assertThat(numeric("small").min()).isEqualTo(-1500);
    assertThat(numeric("whole").max()).isEqualTo(4999);
    assertThat(numeric("real").max()).isEqualTo((float) 9999 / 3);
    // Beyond 2^53 a whole number is rounded to the nearest double.
    assertThat(numeric("big").min()).isEqualTo((double) 9007199254740993L);
    assertThat(numeric("big").max()).isEqualTo((double) (9007199254740993L + 9999));
    assertThat(numeric("big").rows()).isEqualTo((long) kept);
    assertThat(numeric("price").max()).isEqualTo(9.99);
    assertThat(numeric("wide").min())
        .isEqualTo(new BigDecimal("1234567890123456789012345600.0123456789").doubleValue());
    assertThat(numeric("day").min()).isEqualTo(-214 * 86_400.0);
    assertThat(numeric("day").max()).isEqualTo((399 - 214) * 86_400.0);
    for (String time : List.of("at", "at_local")) {
      assertThat(numeric(time).min()).as("half a second before 1970").isEqualTo(-0.5);
      assertThat(numeric(time).max()).isEqualTo(9998.5);
      // Both sums are of 9,000 doubles.
      assertThat(numeric(time).moments().mean())
          .isCloseTo(
              plain.agg(functions.avg(functions.expr("id - 0.5D"))).head().getDouble(0),
              within(1e-9));
    }
  }

  @Test
  void nanInfinityAndNegativeZeroAreToldApart() {
    NumericState odd = numeric("odd");
    assertThat(odd.nans()).isEqualTo(count("isnan(odd)"));
    assertThat(odd.positiveInfinities()).isEqualTo(count("odd = double('Infinity')"));
    assertThat(odd.negativeInfinities()).isEqualTo(count("odd = double('-Infinity')"));
    assertThat(odd.zeros()).as("of either sign").isEqualTo(count("odd = 0"));
    assertThat(odd.nulls()).isEqualTo(count("odd IS NULL"));
    assertThat(odd.rows()).isEqualTo(plain.count());
  }

  @Test
  void categoriesKeepScaleAndEveryDigit() {
    assertThat(category("grade").frequentItems(10).keySet())
        .containsExactlyInAnyOrder("0.000", "1.000", "2.000", "3.000", "4.000");
    assertThat(category("big_code").frequentItems(10).keySet())
        .containsExactlyInAnyOrder("9007199254740993", "9007199254740994", "9007199254740995");
    assertThat(category("code").frequentItems(10).keySet())
        .containsExactlyInAnyOrder("0", "1", "2", "3");
    assertThat(category("flag").frequentItems(10))
        .containsEntry("true", count("flag"))
        .containsEntry("false", count("NOT flag"));
    assertThat(category("word").nulls()).isEqualTo(count("word IS NULL"));
    assertThat(category("word").distinct()).as("40, less those of deleted rows").isEqualTo(36);
    // Five times the standard error of 1.6 %.
    assertThat(category("any_word").distinct()).isCloseTo(9000, within(0.08 * 9000));
  }

  @Test
  void aSliceIsWhatTheFilteredRowsGive() {
    SlicePlan side = new SlicePlan(List.of("side"), List.of(List.of("a"), List.of("b")));
    SlicePlan crossed =
        new SlicePlan(
            List.of("side", "flag"), List.of(List.of("a", "true"), List.of(":null", "false")));
    Map<String, String> sliced = states(plain, List.of(side, crossed));
    Map<String, String> filters = new TreeMap<>();
    filters.put("side/a", "side = 'a'");
    filters.put("side/b", "side = 'b'");
    filters.put("side/:other", "side IN ('c', 'd')");
    filters.put("side/:null", "side IS NULL");
    filters.put("side,flag/a,true", "side = 'a' AND flag");
    filters.put("side,flag/:null,false", "side IS NULL AND NOT flag");
    filters.put("side,flag/:other", "NOT ((side <=> 'a' AND flag) OR (side IS NULL AND NOT flag))");
    Set<String> slices = new java.util.TreeSet<>();
    sliced.keySet().forEach(key -> slices.add(key.substring(0, key.lastIndexOf('/'))));
    slices.remove("null/null");
    assertThat(slices).isEqualTo(filters.keySet());
    filters.forEach(
        (slice, filter) ->
            states(plain.where(filter), List.of())
                .forEach(
                    (key, state) ->
                        assertThat(sliced.get(slice + key.substring(key.lastIndexOf('/'))))
                            .as(slice + key)
                            .isEqualTo(state)));
  }

  @Test
  void theWholeOfASlicedPassIsTheWhole() {
    SlicePlan side = new SlicePlan(List.of("side"), List.of(List.of("a"), List.of("b")));
    Map<String, String> sliced = states(plain, List.of(side));
    Map<String, String> whole = states(plain, List.of());
    for (int c = 0; c < columns.size(); c++) {
      ColumnState expected = read(whole.get("null/null/" + c), columns.get(c));
      ColumnState merged = read(sliced.get("null/null/" + c), columns.get(c));
      assertThat(merged.rows()).isEqualTo(expected.rows());
      assertThat(merged.nulls()).isEqualTo(expected.nulls());
      if (expected instanceof NumericState numbers) {
        NumericState other = (NumericState) merged;
        assertThat(other.counts()).isEqualTo(numbers.counts());
        // Merged pairwise, in another order.
        assertThat(other.moments().mean())
            .isCloseTo(
                numbers.moments().mean(), within(1e-12 * Math.abs(numbers.moments().mean())));
        assertThat(other.moments().m2())
            .isCloseTo(numbers.moments().m2(), within(1e-12 * numbers.moments().m2()));
      } else {
        assertThat(((CategoryState) merged).known()).isEqualTo(((CategoryState) expected).known());
      }
    }
  }

  private static long count(String filter) {
    return plain.where(filter).count();
  }

  private static NumericState numeric(String name) {
    return (NumericState) state(name);
  }

  private static CategoryState category(String name) {
    return (CategoryState) state(name);
  }

  private static ColumnState state(String name) {
    ColumnPlan plan =
        columns.stream().filter(column -> column.name().equals(name)).findFirst().orElseThrow();
    try (FusedPass pass = FusedPass.over(spark, plain, PassPlan.whole(List.of(plan), List.of()))) {
      byte[] state =
          pass.states().filter(entry -> entry._1.column() == 0).values().collect().get(0);
      return StateFormat.read(state, plan.anchors());
    }
  }

  private static ColumnState read(String hex, ColumnPlan plan) {
    return StateFormat.read(HexFormat.of().parseHex(hex), plan.anchors());
  }

  /** States as text, by slice key, slice value and column. */
  private static Map<String, String> states(Dataset<Row> data, List<SlicePlan> slices) {
    Map<String, String> states = new TreeMap<>();
    try (FusedPass pass = FusedPass.over(spark, data, PassPlan.whole(columns, slices))) {
      pass.states()
          .collect()
          .forEach(
              state ->
                  states.put(
                      state._1.sliceKey() + "/" + state._1.sliceValue() + "/" + state._1.column(),
                      HexFormat.of().formatHex(state._2)));
    }
    return states;
  }

  /** How many batches a data set comes in: what tells columns from rows. */
  private static long batches(Dataset<Row> data) {
    Column[] names =
        columns.stream().map(column -> functions.col(column.name())).toArray(Column[]::new);
    return BatchSource.of(data.select(names), Set.of()).batches().count();
  }
}
