package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Acknowledgement;
import dev.telltale.finding.Alert;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a person sees: the alerts that are open now, newest first. An acknowledgement shows at once,
 * though the rows of {@code alerts} show it only from the next window on.
 */
public final class AlertList {
  private static final Comparator<Alert> NEWEST_FIRST =
      Comparator.comparing((Alert alert) -> alert.opened().orElseThrow())
          .reversed()
          .thenComparing(Alert::severity, Comparator.reverseOrder())
          .thenComparing(alert -> alert.subject().key());

  private AlertList() {}

  /**
   * Alerts that are OPEN or ACKNOWLEDGED after the newest window of each model and granularity.
   *
   * @param modelId only of this model; empty = of all models
   */
  public static List<Alert> open(Lake lake, Optional<String> modelId) {
    List<Alert> open = new ArrayList<>();
    Map<String, Acknowledgement> acknowledgements = Acknowledgements.of(lake);
    for (Row newest : ResultDays.newest(lake, Tables.ALERTS)) {
      String model = newest.getAs("model_id");
      if (modelId.map(model::equals).orElse(true)) {
        Column day =
            ofModel(model, newest.getAs("granularity"))
                .and(functions.col("window_date").equalTo(newest.<Date>getAs("window_date")));
        open.addAll(active(lake.read(Tables.ALERTS).where(day), acknowledgements));
      }
    }
    open.sort(NEWEST_FIRST);
    return open;
  }

  /** Alerts of a model that are OPEN or ACKNOWLEDGED after the last window that ends by then. */
  static List<Alert> openAt(Lake lake, String modelId, Granularity granularity, Instant end) {
    List<Date> days =
        new TreeSet<>(ResultDays.of(lake, Tables.ALERTS, modelId, granularity).present())
            .headSet(FindingRows.date(end), true).descendingSet().stream()
                .limit(2)
                .map(Date::valueOf)
                .toList();
    Column ended =
        ofModel(modelId, granularity.label())
            .and(functions.col("window_date").isInCollection(days))
            .and(functions.col("window_end").leq(Timestamp.from(end)));
    return active(lake.read(Tables.ALERTS).where(ended), Acknowledgements.of(lake, modelId));
  }

  private static Column ofModel(String modelId, String granularity) {
    return functions
        .col("model_id")
        .equalTo(modelId)
        .and(functions.col("granularity").equalTo(granularity));
  }

  /** The active alerts of the newest window among the rows. */
  private static List<Alert> active(
      Dataset<Row> rows, Map<String, Acknowledgement> acknowledgements) {
    Map<Instant, List<Row>> windows =
        rows.collectAsList().stream()
            .collect(Collectors.groupingBy(row -> FindingRows.instant(row, "window_start")));
    return windows.keySet().stream().max(Comparator.naturalOrder()).stream()
        .flatMap(newest -> windows.get(newest).stream())
        .map(AlertRows::alert)
        .map(alert -> alert.knownTo(acknowledgements))
        .filter(alert -> alert.status().isActive())
        .sorted(NEWEST_FIRST)
        .toList();
  }
}
