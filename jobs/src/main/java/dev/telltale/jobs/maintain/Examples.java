package dev.telltale.jobs.maintain;

import static org.apache.spark.sql.functions.col;

import dev.telltale.jobs.lake.RowChoice;
import dev.telltale.jobs.lake.Tables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Examples of rows that results keep: at an erasure all of a model's go, since whose they are
 * cannot be told from every one, and the results say the same without.
 */
final class Examples implements RowChoice {
  /** Tables that keep examples. */
  static final List<Tables> TABLES = List.of(Tables.CHECK_RESULTS, Tables.CLOCK_QUARANTINE);

  private static final Set<String> COLUMNS =
      Set.of(
          "partial_unexpected_list",
          "partial_unexpected_ids",
          "observed_value",
          "details",
          "example_ids");

  private final String[] columns;
  private final String modelId;
  private final Column chosen;

  Examples(Tables table, String modelId) {
    this.modelId = modelId;
    this.columns = table.schema().fieldNames();
    Column any = functions.lit(false);
    for (String name : columns) {
      any = any.or(COLUMNS.contains(name) ? isExample(name) : functions.lit(false));
    }
    this.chosen = col("model_id").equalTo(modelId).and(any);
  }

  /** A number that was judged is no example. */
  private static Column isExample(String name) {
    return name.equals("observed_value") || name.equals("details")
        ? functions.coalesce(col(name).rlike("[\\[{\"]"), functions.lit(false))
        : col(name).isNotNull();
  }

  @Override
  public boolean mayBeIn(Map<String, String> partition) {
    return modelId.equals(partition.getOrDefault("model_id", modelId));
  }

  @Override
  public Dataset<Row> chosen(Dataset<Row> rows) {
    return rows.where(chosen);
  }

  @Override
  public Dataset<Row> instead(Dataset<Row> rows) {
    Column[] kept = new Column[columns.length];
    for (int i = 0; i < kept.length; i++) {
      String name = columns[i];
      kept[i] =
          COLUMNS.contains(name)
              ? functions.when(functions.not(chosen.and(isExample(name))), col(name)).as(name)
              : col(name);
    }
    return rows.select(kept);
  }
}
