package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows that a propensity is fitted on: at most 25,000 with a label and as many without; or the
 * error of a regression: at most 25,000 with a label. They are those whose ids have the least
 * hashes, in one partition and in that order. A fit on them is the same to the last bit in whatever
 * order and files the rows are stored.
 */
final class PropensitySample implements AutoCloseable {
  /** Whether there is a label, boolean. */
  static final String KNOWN = "known";

  /** Predictions of its kind, labelled or not, that a row of the sample stands for; double. */
  static final String STANDS_FOR = "stands_for";

  private static final int MOST_ROWS = 25_000;
  private static final String HASH = "id_hash";
  private static final String OF_LOG = "of_log";

  private static final List<String> KEY = List.of(RankedQueries.ID, RankedQueries.EVENT);
  private static final Column[] ORDER = {
    col(HASH), col(RankedQueries.ID), col(RankedQueries.EVENT)
  };

  private final Dataset<Row> chosen;
  private final long size;
  private final Dataset<Row> rows;

  private PropensitySample(Dataset<Row> chosen, long size, Dataset<Row> rows) {
    this.chosen = chosen;
    this.size = size;
    this.rows = rows;
  }

  /**
   * Chooses the rows.
   *
   * @param labelled of the table {@code labelled}
   * @param log the columns {@code prediction_id} and {@code event_ts}, and features
   * @param features the features' names
   * @param predictions number of rows that {@code labelled} has
   * @param labels of them, those with a label
   */
  static PropensitySample of(
      Dataset<Row> labelled,
      Dataset<Row> log,
      List<String> features,
      long predictions,
      long labels) {
    Dataset<Row> all = columns(labelled);
    return of(
        some(all.where(col(KNOWN)), labels)
            .union(some(all.where(functions.not(col(KNOWN))), predictions - labels)),
        log,
        features);
  }

  /**
   * Chooses rows with a label.
   *
   * @param labelled of the table {@code labelled}
   * @param log the columns {@code prediction_id} and {@code event_ts}, and features
   * @param features the features' names
   */
  static PropensitySample ofLabelled(
      Dataset<Row> labelled, Dataset<Row> log, List<String> features) {
    return of(some(columns(labelled).where(col(KNOWN)), 0), log, features);
  }

  /**
   * Chooses rows with a label, which have features already.
   *
   * @param rows of the columns of {@code labelled} and features
   */
  static PropensitySample ofLabelled(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>(List.of(col("*")));
    columns.add(col(QualityPlan.LABEL).isNotNull().as(KNOWN));
    columns.add(functions.xxhash64(col(RankedQueries.ID)).as(HASH));
    return of(
        some(rows.select(columns.toArray(Column[]::new)).where(col(KNOWN)), 0), rows, List.of());
  }

  private static Dataset<Row> columns(Dataset<Row> labelled) {
    return labelled.select(
        col(RankedQueries.ID),
        col(RankedQueries.EVENT),
        col(QualityPlan.LABEL).isNotNull().as(KNOWN),
        col(QualityPlan.SCORE),
        col(QualityPlan.PREDICTION),
        col(QualityPlan.PREDICTION_VALUE),
        col(QualityPlan.LABEL_VALUE),
        col(QualityPlan.WEIGHT),
        col("model_version"),
        functions.xxhash64(col(RankedQueries.ID)).as(HASH));
  }

  private static PropensitySample of(Dataset<Row> some, Dataset<Row> log, List<String> features) {
    Dataset<Row> chosen = some.coalesce(1).persist(StorageLevel.MEMORY_AND_DISK());
    // Both sides of the join read it, and would else both compute it.
    long size = chosen.count();
    Dataset<Row> rows = features.isEmpty() ? chosen : joined(chosen, log, features);
    return new PropensitySample(
        chosen,
        size,
        rows.coalesce(1).sortWithinPartitions(ORDER).persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Dataset<Row> some(Dataset<Row> rows, long count) {
    double standsFor = (double) Math.max(count, MOST_ROWS) / MOST_ROWS;
    return rows.orderBy(ORDER).limit(MOST_ROWS).withColumn(STANDS_FOR, lit(standsFor));
  }

  private static Dataset<Row> joined(Dataset<Row> chosen, Dataset<Row> log, List<String> features) {
    Column[] columns = features.stream().map(functions::col).toArray(Column[]::new);
    Column[] key = KEY.stream().map(functions::col).toArray(Column[]::new);
    Dataset<Row> found =
        log.join(functions.broadcast(chosen.select(key)), names(KEY), "inner")
            .groupBy(key)
            // An id may have come twice at once; which of them is taken must not be chance.
            .agg(functions.min(functions.struct(columns)).as(OF_LOG));
    Dataset<Row> rows = chosen.join(found, names(KEY), "left");
    for (String feature : features) {
      rows = rows.withColumn(feature, col(OF_LOG).getField(feature));
    }
    return rows.drop(OF_LOG);
  }

  private static scala.collection.Seq<String> names(List<String> names) {
    return scala.collection.JavaConverters.asScalaBuffer(names).toSeq();
  }

  /** Number of rows. */
  long size() {
    return size;
  }

  /** The rows, with the features. */
  Dataset<Row> rows() {
    return rows;
  }

  /** The rows with more columns, in their order. */
  Dataset<Row> select(Column... columns) {
    return rows.select(Arrays.copyOf(columns, columns.length));
  }

  @Override
  public void close() {
    rows.unpersist();
    chosen.unpersist();
  }
}
