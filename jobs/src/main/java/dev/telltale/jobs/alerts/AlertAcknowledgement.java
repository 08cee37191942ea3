package dev.telltale.jobs.alerts;

import dev.telltale.error.Errors;
import dev.telltale.finding.Alert;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Says that somebody knows of an alert. */
public final class AlertAcknowledgement {
  private static final String WRITER = "alerts-ack";
  private static final int SHORTEST_BEGINNING = 4;

  private AlertAcknowledgement() {}

  /**
   * Acknowledges an open alert. It stays acknowledged until it closes; the first acknowledgement
   * counts, later ones add their notes.
   *
   * @param alertId its id, or at least four characters that only one open alert begins with
   * @param by who, not blank
   * @param note what they have to say
   * @param at when
   * @return the alert as it was
   * @throws dev.telltale.error.TelltaleException if no open alert has this id (exit 2)
   */
  public static Alert acknowledge(
      Lake lake, String alertId, String by, Optional<String> note, Instant at) {
    if (by.isBlank()) {
      throw Errors.acknowledgedByNobody();
    }

    Alert alert = find(AlertList.open(lake, Optional.empty()), alertId.strip());
    Row row =
        new TableRow(Tables.ALERT_ACKNOWLEDGEMENTS.schema())
            .set("model_id", alert.subject().modelId())
            .set("alert_id", alert.id())
            .set("acknowledged", at)
            .set("acknowledged_by", by.strip())
            .set("note", note.filter(text -> !text.isBlank()))
            .build();
    lake.writer(WRITER).append(Tables.ALERT_ACKNOWLEDGEMENTS, List.of(row));
    return alert;
  }

  private static Alert find(List<Alert> open, String alertId) {
    List<Alert> named =
        open.stream()
            .filter(
                alert ->
                    alert.id().equals(alertId)
                        || (alertId.length() >= SHORTEST_BEGINNING
                            && alert.id().startsWith(alertId)))
            .toList();
    if (named.size() != 1) {
      throw Errors.unknownAlert(alertId, open.stream().map(Alert::id).toList());
    }

    return named.get(0);
  }
}
