package dev.telltale.finding;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An alert episode as it stands after a window. With the findings of the next window it is all that
 * {@link AlertMachine} needs to say how the episode stands then.
 *
 * @param subject what the findings are about
 * @param granularity length of the windows
 * @param status where it stands
 * @param severity highest severity seen in the episode
 * @param firstSeen start of the first window with the finding
 * @param opened end of the window in which it opened; empty while PENDING
 * @param lastSeen start of the last window of the episode with the finding
 * @param closed end of the window in which it closed
 * @param acknowledgement who knows of it
 * @param windowsFiring windows of the episode with the finding, at least 1
 * @param recent the last judged windows, oldest first: since it closed if CLOSED
 * @param because why it stands so, in one sentence
 */
public record Alert(
    Subject subject,
    Granularity granularity,
    AlertStatus status,
    Severity severity,
    Instant firstSeen,
    Optional<Instant> opened,
    Instant lastSeen,
    Optional<Instant> closed,
    Optional<Acknowledgement> acknowledgement,
    int windowsFiring,
    List<Judgement> recent,
    String because) {
  public Alert {
    recent = List.copyOf(recent);
  }

  /** Stable id: the same episode has the same id in every run, a later episode another. */
  public String id() {
    return StableId.of(granularity.label(), subject.key(), firstSeen.toString());
  }

  /**
   * This alert, ACKNOWLEDGED if it is OPEN and somebody knows of it.
   *
   * @param acknowledgements by alert id
   */
  public Alert knownTo(Map<String, Acknowledgement> acknowledgements) {
    Acknowledgement who = status == AlertStatus.OPEN ? acknowledgements.get(id()) : null;
    if (who == null) {
      return this;
    }

    return new Alert(
        subject,
        granularity,
        AlertStatus.ACKNOWLEDGED,
        severity,
        firstSeen,
        opened,
        lastSeen,
        closed,
        Optional.of(who),
        windowsFiring,
        recent,
        because);
  }
}
