package dev.telltale.jobs.alerts;

import dev.telltale.finding.Acknowledgement;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/** What people said of alerts. */
final class Acknowledgements {
  private static final BinaryOperator<Acknowledgement> FIRST =
      BinaryOperator.minBy(
          Comparator.comparing(Acknowledgement::at).thenComparing(Acknowledgement::by));

  private Acknowledgements() {}

  /** By alert id; of several the first. */
  static Map<String, Acknowledgement> of(Lake lake, String modelId) {
    return read(lake, partition -> modelId.equals(partition.get("model_id")));
  }

  /** Of all models. */
  static Map<String, Acknowledgement> of(Lake lake) {
    return read(lake, partition -> true);
  }

  private static Map<String, Acknowledgement> read(
      Lake lake, Predicate<Map<String, String>> partitions) {
    Map<String, Acknowledgement> acknowledgements = new HashMap<>();
    for (Row row :
        lake.rows(
            Tables.ALERT_ACKNOWLEDGEMENTS,
            partitions,
            "alert_id",
            "acknowledged",
            "acknowledged_by")) {
      acknowledgements.merge(
          row.getString(0),
          new Acknowledgement(row.getTimestamp(1).toInstant(), row.getString(2)),
          FIRST);
    }
    return acknowledgements;
  }
}
