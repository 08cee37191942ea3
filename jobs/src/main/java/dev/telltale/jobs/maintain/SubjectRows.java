package dev.telltale.jobs.maintain;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.config.Feedback;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.RowChoice;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a subject in every table of a model: where a table has the subject's column by it,
 * elsewhere by the ids of the predictions that are the subject's.
 */
final class SubjectRows {
  private static final String ID = "telltale_subject_id";
  private static final String HIT = "telltale_of_subject";

  private final Lake lake;
  private final ModelConfig model;
  private final Subject subject;
  private final Dataset<Row> ids;

  SubjectRows(Lake lake, ModelConfig model, Subject subject) {
    this.lake = lake;
    this.model = model;
    this.subject = subject;
    Dataset<Row> found =
        lake.source(model.telemetry().table()).data().limit(0).selectExpr("'' AS " + ID);
    for (Map.Entry<String, String> named : idColumns().entrySet()) {
      if (exists(named.getKey())) {
        SourceTable table = lake.source(named.getKey());
        if (has(table.schema(), subject.column()) && has(table.schema(), named.getValue())) {
          found =
              found.union(
                  table
                      .data()
                      .where(isSubject())
                      .select(column(named.getValue()).cast("string").as(ID)));
        }
      }
    }
    // Kept apart from the tables: a cached plan would be made anew whenever one of them is written.
    this.ids = found.where(functions.col(ID).isNotNull()).distinct().localCheckpoint();
  }

  /** Ids of the subject's predictions that are still known. */
  long predictions() {
    return ids.count();
  }

  /**
   * Tables that name predictions, with the column that they do it in. The telemetry is the last.
   */
  private Map<String, String> idColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Feedback source : model.feedback()) {
      columns.put(source.table(), source.id());
    }
    for (Kpi kpi : model.kpis()) {
      kpi.id().ifPresent(id -> columns.put(kpi.table(), id));
    }
    columns.put(model.predictions().table(), model.predictions().id());
    columns.put(model.telemetry().table(), model.telemetry().id());
    return columns;
  }

  private boolean exists(String table) {
    return lake.upkeep(table).exists();
  }

  /**
   * The tables that are not Telltale's own, but for the baseline: those that only follow from
   * others first, so that what says which rows are the subject's is there until the end.
   */
  List<String> sources() {
    List<String> tables = new ArrayList<>(idColumns().keySet());
    model.kpis().stream()
        .map(Kpi::table)
        .filter(name -> !tables.contains(name))
        .forEach(name -> tables.add(0, name));
    return tables.stream().filter(this::exists).toList();
  }

  /** The subject's rows of a table that is not Telltale's own. */
  RowChoice of(String table) {
    StructType schema = lake.source(table).schema();
    Optional<String> id =
        Optional.ofNullable(idColumns().get(table))
            .or(() -> Optional.of(model.telemetry().id()))
            .filter(name -> has(schema, name));
    Column condition = has(schema, subject.column()) ? isSubject() : functions.lit(false);
    return new OfSubject(condition, id, functions.lit(true));
  }

  /** The subject's rows of a result table whose rows are predictions. */
  RowChoice of(Tables table) {
    Column condition =
        table == Tables.LABELLED
            ? functions
                .element_at(functions.col("slices"), subject.column())
                .isInCollection(subject.storedForms())
            : functions.lit(false);
    return new OfSubject(
        condition, Optional.of("prediction_id"), functions.col("model_id").equalTo(model.model()));
  }

  /** The subject's rows of a table of units of experiments, whatever these experiments call it. */
  RowChoice units() {
    return new Units(model.model(), Set.copyOf(subject.storedForms()));
  }

  Column isSubject() {
    return column(subject.column()).cast("string").isInCollection(subject.storedForms());
  }

  static boolean has(StructType schema, String name) {
    return Arrays.asList(schema.fieldNames()).contains(name);
  }

  /** Rows by a condition or by the ids of predictions, among some rows. */
  private final class OfSubject implements RowChoice {
    private final Column condition;
    private final Optional<String> idColumn;
    private final Column among;

    OfSubject(Column condition, Optional<String> idColumn, Column among) {
      this.condition = condition;
      this.idColumn = idColumn;
      this.among = among;
    }

    @Override
    public Dataset<Row> chosen(Dataset<Row> rows) {
      return marked(rows).where(functions.col(HIT)).drop(HIT);
    }

    @Override
    public Dataset<Row> instead(Dataset<Row> rows) {
      return marked(rows).where(functions.not(functions.col(HIT))).drop(HIT);
    }

    private Dataset<Row> marked(Dataset<Row> rows) {
      Dataset<Row> joined = rows;
      Column hit = condition;
      if (idColumn.isPresent()) {
        joined =
            rows.join(
                functions.broadcast(ids),
                column(idColumn.get()).cast("string").equalTo(functions.col(ID)),
                "left");
        hit = hit.or(functions.col(ID).isNotNull());
      }
      return joined
          .withColumn(HIT, functions.coalesce(among.and(hit), functions.lit(false)))
          .drop(ID);
    }
  }
}
