package dev.telltale.jobs.demo;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Says in plain sentences what the nights found; every number is read from the lake's tables. */
final class DemoFindings {
  /** More would be a table, and that is the report's work. */
  private static final int ALERTS_SHOWN = 5;

  private static final int COLUMNS_SHOWN = 3;

  private final SparkSession spark;
  private final Lake lake;
  private final String model;

  DemoFindings(SparkSession spark, Lake lake, String model) {
    this.spark = spark;
    this.lake = lake;
    this.model = model;
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(arrivals());
    sentences.addAll(drifts());
    sentences.addAll(quality());
    sentences.addAll(alerts());
    sentences.add(answers());
    return sentences;
  }

  private String arrivals() {
    Row row =
        predictions()
            .selectExpr(
                "count(*)",
                "count(DISTINCT event_date)",
                "count_if(ingest_ts >= event_ts + INTERVAL 1 DAY)")
            .first();
    long restated =
        results(Tables.RUNS)
            .where("job = 'profile'")
            .selectExpr("explode(restated) AS restated_window")
            .distinct()
            .count();
    return text(
        "%,d predictions of %d days were read; %,d of them arrived a day or two late, and %d"
            + " earlier windows were computed again for them.",
        row.getLong(0), row.getLong(1), row.getLong(2), restated);
  }

  /** How good the answers were on the days whose labels have all come. */
  private List<String> quality() {
    Row row =
        results(Tables.QUALITY_COMPARISONS)
            .where("granularity = '1 day' AND slice_key IS NULL AND mature")
            .where("compared_with = 'TRAINING' AND metric = 'roc_auc' AND difference IS NOT NULL")
            .selectExpr(
                "count(*)",
                "count_if(status = 'DEGRADED')",
                "min_by(CAST(window_date AS STRING), difference)",
                "min_by(because, difference)")
            .first();
    return row.getLong(0) == 0
        ? List.of()
        : List.of(
            text(
                "The model ranked flights worse than in training on %d of %d nights whose labels"
                    + " have come, most on %s: %s",
                row.getLong(1), row.getLong(0), row.getString(2), row.getString(3)));
  }

  private List<String> drifts() {
    Dataset<Row> nights =
        results(Tables.DRIFT_METRICS)
            .where(
                "granularity = '1 day' AND drift_type = 'BASELINE' AND slice_key IS NULL"
                    + " AND status IS NOT NULL AND column_name <> ':table'");
    List<Row> columns =
        nights
            .groupBy("column_name")
            .agg(
                expr("count(DISTINCT CASE WHEN status = 'DRIFT' THEN window_date END) AS drifted"),
                expr("count(DISTINCT window_date) AS judged"),
                expr(
                    "max_by(struct(CAST(window_date AS STRING) AS day, because),"
                        + " value / threshold) FILTER (WHERE status = 'DRIFT') AS worst"))
            .where("drifted > 0")
            .orderBy(col("drifted").desc(), col("column_name"))
            .collectAsList();
    if (columns.isEmpty()) {
      return List.of("On no night did a column differ from the training data enough to matter.");
    }
    List<String> sentences = new ArrayList<>();
    for (Row row : columns.subList(0, Math.min(COLUMNS_SHOWN, columns.size()))) {
      Row worst = row.getAs("worst");
      sentences.add(
          text(
              "%s differed from the training data on %d of %d nights, most on %s: %s",
              row.getAs("column_name"),
              row.<Long>getAs("drifted"),
              row.<Long>getAs("judged"),
              worst.getString(0),
              worst.getString(1)));
    }
    if (columns.size() > COLUMNS_SHOWN) {
      sentences.add(text("So did %d more columns.", columns.size() - COLUMNS_SHOWN));
    }
    return sentences;
  }

  private List<String> alerts() {
    Dataset<Row> latest =
        results(Tables.ALERTS)
            .where("opened IS NOT NULL")
            .withColumn(
                "about",
                expr(
                    "CASE WHEN kind = 'QUALITY' THEN concat(metric, ' against ',"
                        + " lower(replace(drift_type, '_', ' '))) WHEN column_name = ':table' THEN"
                        + " 'the row count' ELSE column_name END"))
            .groupBy("alert_id", "about", "slice_key", "slice_value", "granularity")
            .agg(
                expr("max_by(status, window_start) AS status"),
                expr("max_by(because, window_start) AS because"),
                expr("min(first_seen) AS first_seen"));
    List<Row> open =
        latest
            .where("status IN ('OPEN', 'ACKNOWLEDGED')")
            .orderBy(
                col("slice_key").isNotNull(), col("first_seen"), col("about"), col("slice_value"))
            .selectExpr(
                "about",
                "CASE WHEN slice_key IS NULL THEN '' ELSE concat(' where ', slice_key, ' = ',"
                    + " slice_value) END",
                "CAST(CAST(first_seen AS DATE) AS STRING)",
                "because",
                "granularity")
            .collectAsList();
    List<String> sentences = new ArrayList<>();
    String byWindow =
        open.stream()
            .collect(
                Collectors.groupingBy(row -> row.getString(4), TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " about windows of " + entry.getKey())
            .collect(Collectors.joining(", "));
    sentences.add(
        text(
            "%d alerts opened; %d are open now%s.",
            latest.count(), open.size(), byWindow.isEmpty() ? "" : ": " + byWindow));
    for (Row row : open.subList(0, Math.min(ALERTS_SHOWN, open.size()))) {
      sentences.add(
          text(
              "Open since %s: %s%s. %s",
              row.getString(2), row.getString(0), row.getString(1), row.getString(3)));
    }
    return sentences;
  }

  private String answers() {
    Row row =
        predictions()
            .join(spark.read().format("delta").load(lake.location() + "/labels"), "prediction_id")
            .selectExpr(
                "avg(CAST(label AS INT))",
                "avg(CASE WHEN prediction THEN CAST(label AS INT) END)",
                "count(*)")
            .first();
    if (row.getLong(2) == 0 || row.isNullAt(1)) {
      return "No labels have arrived yet.";
    }
    return text(
        "Of the flights with a label, %.1f %% were late; of those the model announced late,"
            + " %.1f %% were.",
        100 * row.getDouble(0), 100 * row.getDouble(1));
  }

  private Dataset<Row> predictions() {
    return spark.read().format("delta").load(lake.location() + "/predictions");
  }

  /** A result table as it is now, not as it was when the demo began. */
  private Dataset<Row> results(Tables table) {
    return lake.latest().read(table).where(col("model_id").equalTo(model));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
