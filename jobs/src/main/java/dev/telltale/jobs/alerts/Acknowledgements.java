package dev.telltale.jobs.alerts;

import dev.telltale.finding.Acknowledgement;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What people said of alerts. */
final class Acknowledgements {
  private static final BinaryOperator<Acknowledgement> FIRST =
      BinaryOperator.minBy(
          Comparator.comparing(Acknowledgement::at).thenComparing(Acknowledgement::by));

  private Acknowledgements() {}

  /** By alert id; of several the first. */
  static Map<String, Acknowledgement> of(Lake lake, String modelId) {
    return read(lake, functions.col("model_id").equalTo(modelId));
  }

  /** Of all models. */
  static Map<String, Acknowledgement> of(Lake lake) {
    return read(lake, functions.lit(true));
  }

  private static Map<String, Acknowledgement> read(Lake lake, Column condition) {
    Map<String, Acknowledgement> acknowledgements = new HashMap<>();
    for (Row row :
        lake.read(Tables.ALERT_ACKNOWLEDGEMENTS)
            .where(condition)
            .select("alert_id", "acknowledged", "acknowledged_by")
            .collectAsList()) {
      acknowledgements.merge(
          row.getString(0),
          new Acknowledgement(row.getTimestamp(1).toInstant(), row.getString(2)),
          FIRST);
    }
    return acknowledgements;
  }
}
