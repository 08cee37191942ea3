package dev.telltale.jobs.engine;

import dev.telltale.profile.CategoryState;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Which values of a slice are kept apart. */
public final class SliceValues {
  private SliceValues() {}

  /**
   * A slice of the most frequent values.
   *
   * @param columns one or several
   * @param limit so many values are kept apart
   */
  public static SlicePlan mostFrequent(Dataset<Row> data, List<String> columns, int limit) {
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
}
