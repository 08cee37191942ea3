package dev.telltale.jobs.maintain;

import static org.apache.spark.sql.functions.col;

import dev.telltale.jobs.lake.RowChoice;
import dev.telltale.jobs.lake.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of a model's experiments whose unit is the subject, in any form. */
final class Units implements RowChoice {
  /** Tables with a row for every unit. */
  static final List<Tables> TABLES = List.of(Tables.EXPERIMENT_FACTS, Tables.EXPERIMENT_EXPOSURES);

  private static final String UNIT = "unit";

  private final String modelId;
  private final Set<String> forms;
  private final RowChoice rows;

  Units(String modelId, Set<String> forms) {
    this.modelId = modelId;
    this.forms = forms;
    Column ours = col("model_id").equalTo(modelId);
    this.rows = RowChoice.of(ours.and(isOneOf(forms)));
  }

  /** Whether the unit of a row is one of these; one without a unit is not. */
  static Column isOneOf(Set<String> forms) {
    return functions.coalesce(col(UNIT).isInCollection(forms), functions.lit(false));
  }

  @Override
  public boolean mayBeIn(Map<String, String> partition) {
    return modelId.equals(partition.get("model_id"));
  }

  @Override
  public Optional<StructType> toldBy() {
    return Optional.of(new StructType().add(UNIT, DataTypes.StringType));
  }

  @Override
  public boolean mayBe(Row row) {
    return !row.isNullAt(0) && forms.contains(row.getString(0));
  }

  @Override
  public Dataset<Row> chosen(Dataset<Row> all) {
    return rows.chosen(all);
  }

  @Override
  public Dataset<Row> instead(Dataset<Row> all) {
    return rows.instead(all);
  }
}
