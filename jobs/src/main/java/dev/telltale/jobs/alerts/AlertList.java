package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Acknowledgement;
import dev.telltale.finding.Alert;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

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
    for (ResultDays.Newest newest : ResultDays.newest(lake, Tables.ALERTS)) {
      if (modelId.map(newest.modelId()::equals).orElse(true)) {
        open.addAll(
            active(
                rows(lake, newest.modelId(), newest.granularity(), List.of(newest.day())),
                acknowledgements));
      }
    }
    open.sort(NEWEST_FIRST);
    return open;
  }

  /** Alerts of a model that are OPEN or ACKNOWLEDGED after the last window that ends by then. */
  public static List<Alert> openAt(
      Lake lake, String modelId, Granularity granularity, Instant end) {
    List<LocalDate> days =
        new TreeSet<>(ResultDays.of(lake, Tables.ALERTS, modelId, granularity).present())
            .headSet(WindowScope.date(end), true).descendingSet().stream().limit(2).toList();
    return active(
        rows(lake, modelId, granularity, days).stream()
            .filter(row -> !FindingRows.instant(row, "window_end").isAfter(end))
            .toList(),
        Acknowledgements.of(lake, modelId));
  }

  private static List<Row> rows(
      Lake lake, String modelId, Granularity granularity, List<LocalDate> days) {
    return lake.rows(Tables.ALERTS, WindowScope.ofDays(modelId, granularity, days));
  }

  /** The active alerts of the newest window among the rows. */
  private static List<Alert> active(List<Row> rows, Map<String, Acknowledgement> acknowledgements) {
    Map<Instant, List<Row>> windows =
        rows.stream()
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
