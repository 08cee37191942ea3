package dev.telltale.jobs.maintain;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.jobs.lake.RowChoice;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.StateFormat;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Values that name a subject in rows that are counts: they become {@link Subject#ERASED}, and the
 * counts stay. Looked for only in rows that concern the column that the value is of.
 */
final class Names implements RowChoice {
  private static final String FREQUENT = "frequent_items";

  /** Values of segments, of which a row does not say the column; its other texts name no value. */
  private static final String SEGMENTS = "segments";

  private final Tables table;
  private final String modelId;
  private final Map<String, List<String>> values;
  private final HashMap<String, byte[]> anchors;
  private final Set<String> named = new LinkedHashSet<>();
  private final Set<String> needles = new LinkedHashSet<>();

  /**
   * In one table.
   *
   * @param values by column of the telemetry
   * @param anchors of the columns' baselines, under {@link #key}
   */
  Names(
      Tables table, String modelId, Map<String, List<String>> values, Map<String, byte[]> anchors) {
    this.table = table;
    this.modelId = modelId;
    this.values = values;
    this.anchors = new HashMap<>(anchors);
    values.values().forEach(named::addAll);
    named.forEach(
        value -> needles.addAll(List.of(bytes(value), bytes(CategoryState.bounded(value)))));
  }

  /** What {@code anchors} has those of a column in a baseline under. */
  static String key(String baselineId, String column) {
    return baselineId + "\n" + column;
  }

  @Override
  public boolean mayBeIn(Map<String, String> partition) {
    return modelId.equals(partition.getOrDefault("model_id", modelId));
  }

  @Override
  public Optional<StructType> toldBy() {
    return Optional.of(table.schema());
  }

  @Override
  public boolean mayBe(Row row) {
    for (int i = 0; i < row.size(); i++) {
      if (!row.isNullAt(i)) {
        String text =
            row.get(i) instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : bytes(row.get(i).toString());
        if (needles.stream().anyMatch(text::contains)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Text as its bytes, one character each, so that it is found in bytes that are no text. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Override
  public Dataset<Row> chosen(Dataset<Row> rows) {
    Column any = lit(false);
    for (Map.Entry<String, List<String>> entry : values.entrySet()) {
      for (String value : entry.getValue()) {
        Column found = lit(false);
        for (StructField field : table.schema().fields()) {
          found = found.or(functions.coalesce(contains(field, value), lit(false)));
        }
        any = any.or(concerns(entry.getKey()).and(found));
      }
    }
    Column ours = col("model_id").equalTo(modelId).and(any);
    // The subject's own rows go, so that a dry run must not count them as renamed, too.
    return Units.TABLES.contains(table)
        ? rows.where(ours.and(functions.not(Units.isOneOf(named))))
        : rows.where(ours);
  }

  @Override
  public Dataset<Row> instead(Dataset<Row> rows) {
    Column ours = col("model_id").equalTo(modelId);
    Column[] columns = new Column[table.schema().size()];
    int i = 0;
    for (StructField field : table.schema().fields()) {
      Column value = col(field.name());
      for (Map.Entry<String, List<String>> entry : values.entrySet()) {
        for (String name : entry.getValue()) {
          value =
              functions
                  .when(
                      ours.and(concerns(entry.getKey())),
                      renamed(field, value, entry.getKey(), name))
                  .otherwise(value);
        }
      }
      columns[i++] = value.as(field.name());
    }
    return rows.select(columns);
  }

  /** Whether a row is about a column, or about slices or strata of it. */
  private Column concerns(String column) {
    StructType schema = table.schema();
    Column about = lit(false);
    if (SubjectRows.has(schema, "column_name")) {
      about = about.or(col("column_name").equalTo(column));
    }
    if (SubjectRows.has(schema, "slice_key")) {
      about = about.or(functions.array_contains(functions.split(col("slice_key"), ","), column));
    }
    for (String text : List.of("stratum", "predicate", "because")) {
      if (SubjectRows.has(schema, text)) {
        about =
            about.or(text.equals("stratum") ? col(text).isNotNull() : col(text).contains(column));
      }
    }
    if (SubjectRows.has(schema, SEGMENTS)) {
      about = about.or(col(SEGMENTS).isNotNull());
    }
    if (SubjectRows.has(schema, "reasons")) {
      about = about.or(functions.array_join(col("reasons"), " ").contains(column));
    }
    return functions.coalesce(about, lit(false));
  }

  private Column contains(StructField field, String value) {
    Column column = col(field.name());
    if (SubjectRows.has(table.schema(), SEGMENTS)) {
      return field.name().equals(SEGMENTS) ? functions.array_contains(column, value) : lit(false);
    }
    if (field.dataType().equals(DataTypes.StringType)) {
      return column.rlike(pattern(value));
    }
    if (field.dataType().equals(DataTypes.BinaryType)) {
      return column.cast("string").contains(CategoryState.bounded(value));
    }
    if (field.name().equals(FREQUENT)) {
      return functions.array_contains(column.getField("item"), CategoryState.bounded(value));
    }
    return field.name().equals("reasons")
        ? functions.array_join(column, "\n").rlike(pattern(value))
        : lit(false);
  }

  private Column renamed(StructField field, Column value, String column, String name) {
    if (SubjectRows.has(table.schema(), SEGMENTS)) {
      return field.name().equals(SEGMENTS)
          ? functions.transform(
              value, one -> functions.when(one.equalTo(name), Subject.ERASED).otherwise(one))
          : value;
    }
    if (field.dataType().equals(DataTypes.StringType)) {
      // The column's own name may be the same word.
      return field.name().equals("column_name") || field.name().equals("slice_key")
          ? value
          : functions.regexp_replace(value, pattern(name), Subject.ERASED);
    }
    if (field.name().equals("state") && table == Tables.PROFILE_STATES) {
      return functions
          .when(
              isCategory(column),
              stateRenamed().apply(value, col("baseline_id"), lit(column), lit(name)))
          .otherwise(value);
    }
    if (field.name().equals("anchors")) {
      return functions
          .when(isCategory(column).and(value.isNotNull()), anchorsRenamed().apply(value, lit(name)))
          .otherwise(value);
    }
    if (field.name().equals(FREQUENT)) {
      Column kept = lit(CategoryState.bounded(name));
      return functions.transform(
          value,
          item ->
              functions.struct(
                  functions
                      .when(item.getField("item").equalTo(kept), Subject.ERASED)
                      .otherwise(item.getField("item"))
                      .as("item"),
                  item.getField("count").as("count")));
    }
    return field.name().equals("reasons")
        ? functions.transform(
            value, reason -> functions.regexp_replace(reason, pattern(name), Subject.ERASED))
        : value;
  }

  private static Column isCategory(String column) {
    return col("column_name")
        .equalTo(column)
        .and(col("column_kind").equalTo("CATEGORICAL"))
        .and(col("state").isNotNull());
  }

  private UserDefinedFunction stateRenamed() {
    HashMap<String, byte[]> known = anchors;
    UDF4<byte[], String, String, String, byte[]> rename =
        (state, baselineId, column, name) -> {
          byte[] kept = known.get(key(baselineId, column));
          return kept == null || state == null
              ? state
              : StateFormat.renamed(state, StateFormat.readAnchors(kept), name, Subject.ERASED);
        };
    return functions.udf(rename, DataTypes.BinaryType);
  }

  private static UserDefinedFunction anchorsRenamed() {
    UDF2<byte[], String, byte[]> rename =
        (kept, name) ->
            StateFormat.write(StateFormat.readAnchors(kept).renamed(name, Subject.ERASED));
    return functions.udf(rename, DataTypes.BinaryType);
  }

  /** The value as a word of its own. */
  private static String pattern(String value) {
    return "(?<![\\p{Alnum}_])" + Pattern.quote(value) + "(?![\\p{Alnum}_])";
  }
}
