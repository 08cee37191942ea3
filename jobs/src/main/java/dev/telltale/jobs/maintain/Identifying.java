package dev.telltale.jobs.maintain;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The values that name a subject where rows are only counted: its own, and those of other columns
 * that no other row of the telemetry has.
 */
final class Identifying {
  private final ModelConfig model;
  private final Subject subject;
  private final Map<String, ColumnKind> kinds = new TreeMap<>();
  private final Map<String, byte[]> anchors = new HashMap<>();

  Identifying(Lake lake, ModelConfig model, Subject subject) {
    this.model = model;
    this.subject = subject;
    for (Row row :
        lake.rows(
            Tables.PROFILE_STATES,
            WindowScope.baseline(model.model()),
            "column_name",
            "column_kind",
            "baseline_id",
            "anchors")) {
      String name = row.getAs("column_name");
      kinds.put(name, ColumnKind.valueOf(row.getAs("column_kind")));
      if (row.getAs("anchors") != null) {
        anchors.put(Names.key(row.getAs("baseline_id"), name), row.getAs("anchors"));
      }
    }
  }

  /** The values of baselines that states are kept on, see {@link Names#key}. */
  Map<String, byte[]> anchors() {
    return anchors;
  }

  /**
   * Whether what was counted of the subject's column has to go as a whole: its values are numbers,
   * which cannot be told apart once they are summarised, and nobody counts them any more.
   *
   * @throws dev.telltale.error.TelltaleException if they are still counted (exit 2)
   */
  boolean isSummarisedAsNumber() {
    ColumnKind kind = kinds.get(subject.column());
    boolean isNumber = kind == ColumnKind.NUMERIC || kind == ColumnKind.TIMESTAMP;
    if (isNumber && !model.columns().exclude().contains(subject.column())) {
      throw Errors.subjectIsNumber(model.model(), subject.column());
    }
    return isNumber;
  }

  /** By column. */
  Map<String, List<String>> values(SourceTable telemetry, Column isSubject) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put(subject.column(), subject.storedForms());
    List<String> columns =
        kinds.entrySet().stream()
            .filter(entry -> entry.getValue() == ColumnKind.CATEGORICAL)
            .map(Map.Entry::getKey)
            .filter(name -> !name.equals(subject.column()))
            .filter(name -> SubjectRows.has(telemetry.schema(), name))
            .toList();
    if (columns.isEmpty()) {
      return values;
    }
    Column ours = functions.coalesce(isSubject, functions.lit(false));
    Row own =
        distinct(
            telemetry.data().where(ours),
            columns,
            Collections.nCopies(columns.size(), functions.lit(true)));
    List<Column> seen = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      List<String> some = own.getList(i + 1);
      seen.add(text(columns.get(i)).isInCollection(some));
    }
    Row others = distinct(telemetry.data().where(functions.not(ours)), columns, seen);
    for (int i = 0; i < columns.size(); i++) {
      List<String> only = new ArrayList<>(own.<String>getList(i + 1));
      only.removeAll(others.<String>getList(i + 1));
      if (!only.isEmpty()) {
        values.put(columns.get(i), only);
      }
    }
    return values;
  }

  /** The different values of each column where its condition holds. */
  private static Row distinct(Dataset<Row> rows, List<String> columns, List<Column> conditions) {
    Column[] sets = new Column[columns.size()];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = functions.collect_set(functions.when(conditions.get(i), text(columns.get(i))));
    }
    return rows.agg(functions.count(functions.lit(1)), sets).head();
  }

  private static Column text(String name) {
    return column(name).cast("string");
  }
}
