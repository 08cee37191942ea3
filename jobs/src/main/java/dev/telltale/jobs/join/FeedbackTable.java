package dev.telltale.jobs.join;

import static dev.telltale.jobs.engine.OutcomeColumns.column;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Feedback;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.SmallData;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The table of one feedback source, and what is in force of it for each prediction. */
final class FeedbackTable {
  /** Id of the prediction. */
  static final String ID = "telltale_id";

  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");
  private static final String ARRIVAL = "arrival";

  /** When the first label arrived. */
  static final String FIRST = "first_label_ts";

  /** How many labels arrived. */
  static final String COUNT = "label_count";

  /** The newest label of each annotator: map of text, null where nobody annotates. */
  static final String ANNOTATIONS = "annotations";

  private final Feedback source;
  private final SourceTable table;
  private final OutcomeColumns outcomes;

  private FeedbackTable(Feedback source, SourceTable table, OutcomeColumns outcomes) {
    this.source = source;
    this.table = table;
    this.outcomes = outcomes;
  }

  /**
   * Opens a source.
   *
   * @throws dev.telltale.error.TelltaleException if the table or a column is missing or of a type
   *     that cannot be what it was declared to be (exit 3)
   */
  static FeedbackTable open(Lake lake, Feedback source, OutcomeColumns outcomes) {
    SourceTable table = lake.source(source.table());
    List<String> needed = new ArrayList<>(List.of(source.id(), source.arrivalTime()));
    source.value().ifPresent(needed::add);
    source.annotator().ifPresent(needed::add);
    needed.forEach(name -> table.require(name, "feedback source " + source.name()));
    table.requireTimestamp(
        source.arrivalTime(), "arrival time of feedback source " + source.name());
    return new FeedbackTable(source, table, outcomes);
  }

  Feedback source() {
    return source;
  }

  SourceTable table() {
    return table;
  }

  /** The columns in which a change matters. */
  List<String> columns() {
    List<String> columns = new ArrayList<>(List.of(source.id(), source.arrivalTime()));
    source.value().filter(name -> !columns.contains(name)).ifPresent(columns::add);
    source.annotator().filter(name -> !columns.contains(name)).ifPresent(columns::add);
    return columns;
  }

  /**
   * What was said of predictions, with the columns {@link MergeJoin#KNOWN}. Of several annotators
   * it is the label that most of them gave.
   *
   * @param earliest feedback that arrived before cannot be about the predictions
   */
  Dataset<Row> known(Instant earliest) {
    Dataset<Row> rows = rows(earliest);
    if (source.annotator().isPresent()) {
      return consensus(SmallData.together(rows));
    }
    return rows.select(
        col(ID),
        col(QualityPlan.LABEL),
        col(QualityPlan.LABEL_VALUE),
        col(ARRIVAL).as(QualityPlan.LABEL_TS),
        col(ARRIVAL).as(FIRST),
        lit(1).as(COUNT),
        lit(null).cast("map<string,string>").as(ANNOTATIONS));
  }

  /** The value of a merged label; where a row itself is the news, it counts. */
  Column value() {
    return source.kind().needsValue() || source.value().isPresent()
        ? col(QualityPlan.LABEL_VALUE)
        : col(COUNT).cast("double");
  }

  private Dataset<Row> rows(Instant earliest) {
    StructType schema = table.schema();
    List<Column> columns = new ArrayList<>();
    columns.add(column(source.id()).cast("string").as(ID));
    columns.add(column(source.arrivalTime()).as(ARRIVAL));
    if (source.value().isPresent()) {
      String name = source.value().get();
      columns.add(OutcomeColumns.text(name, schema).as(QualityPlan.LABEL));
      columns.add(
          (source.kind().isLabel()
                  ? outcomes.value(name, schema)
                  : column(name).cast("string").cast("double"))
              .as(QualityPlan.LABEL_VALUE));
    } else {
      columns.add(lit("1").as(QualityPlan.LABEL));
      columns.add(lit(1.0).as(QualityPlan.LABEL_VALUE));
    }
    source
        .annotator()
        .ifPresent(
            name ->
                columns.add(
                    functions.coalesce(column(name).cast("string"), lit("")).as("annotator")));
    return table
        .data(source.arrivalTime(), List.of(new TimeRange(earliest, END_OF_TIME)))
        .select(columns.toArray(Column[]::new))
        .where(col(ID).isNotNull().and(col(QualityPlan.LABEL).isNotNull()));
  }

  /** Each annotator's newest label; of those the most frequent, of equals the greatest. */
  private static Dataset<Row> consensus(Dataset<Row> rows) {
    Dataset<Row> votes =
        rows.groupBy(col(ID), col("annotator"))
            .agg(
                functions
                    .max(
                        functions.struct(
                            col(ARRIVAL), col(QualityPlan.LABEL), col(QualityPlan.LABEL_VALUE)))
                    .as("newest"),
                functions.min(col(ARRIVAL)).as(FIRST));
    Dataset<Row> counted =
        votes
            .groupBy(col(ID), col("newest.label"), col("newest.label_value"))
            .agg(
                functions.count(lit(1)).as("votes"),
                functions.max(col("newest.arrival")).as(ARRIVAL),
                functions.min(col(FIRST)).as(FIRST),
                functions
                    .collect_list(functions.struct(col("annotator"), col("newest.label")))
                    .as(ANNOTATIONS));
    return counted
        .groupBy(col(ID))
        .agg(
            functions
                .max(
                    functions.struct(
                        col("votes"),
                        col(QualityPlan.LABEL),
                        col(QualityPlan.LABEL_VALUE),
                        col(ARRIVAL)))
                .as("winner"),
            functions.min(col(FIRST)).as(FIRST),
            functions.sum(col("votes")).cast("int").as(COUNT),
            // In the order of annotators, so that equal labels are equal rows.
            functions
                .map_from_entries(
                    functions.array_sort(functions.flatten(functions.collect_list(ANNOTATIONS))))
                .as(ANNOTATIONS))
        .select(
            col(ID),
            col("winner.label").as(QualityPlan.LABEL),
            col("winner.label_value").as(QualityPlan.LABEL_VALUE),
            col("winner.arrival").as(QualityPlan.LABEL_TS),
            col(FIRST),
            col(COUNT),
            col(ANNOTATIONS));
  }
}
