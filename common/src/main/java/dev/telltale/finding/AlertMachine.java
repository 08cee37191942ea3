package dev.telltale.finding;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns findings into alert episodes, window by window: pure, deterministic, and with no memory but
 * the alerts themselves, so that a night costs the same however old the lake is.
 *
 * <p>A subject is judged by a window that has the finding (firing), or that was profiled and has no
 * finding of the subject (quiet). A finding of severity INFO is worth knowing and nothing to act
 * on: it counts as none. A window with INSUFFICIENT_DATA, and one without a profile, judges
 * nothing: the alerts pass through it unchanged, as though it were not there. Then, per subject:
 *
 * <ul>
 *   <li>an alert opens in a firing window when {@code required} of the last {@code windows} judged
 *       windows fire; windows up to the close of an earlier episode do not count;
 *   <li>it closes when {@code closeAfter} judged windows in a row are quiet;
 *   <li>it does not open again in the {@code coolDown} judged windows after the one that closed it;
 *       what fires there counts as evidence afterwards;
 *   <li>opening again begins a new episode with a new id;
 *   <li>an acknowledged episode is ACKNOWLEDGED instead of OPEN until it closes.
 * </ul>
 */
public final class AlertMachine {
  private final AlertPolicy policy;
  private final Granularity granularity;

  /** A machine for windows of one length. */
  public AlertMachine(AlertPolicy policy, Granularity granularity) {
    this.policy = policy;
    this.granularity = granularity;
  }

  /**
   * The alerts after a window, in the order of their keys; PENDING ones included, as the next
   * window needs them.
   *
   * @param before the alerts after the window before; empty at the very beginning
   * @param window the window; its findings are of this machine's granularity
   * @param acknowledgements by alert id
   */
  public List<Alert> after(
      List<Alert> before, ObservedWindow window, Map<String, Acknowledgement> acknowledgements) {
    Map<String, Alert> alerts = new TreeMap<>();
    before.forEach(alert -> alerts.put(alert.subject().key(), alert.knownTo(acknowledgements)));
    Map<String, Finding> findings = new TreeMap<>();
    window.findings().stream()
        .filter(finding -> !finding.isFiring() || finding.severity() != Severity.INFO)
        .forEach(finding -> findings.merge(finding.subject().key(), finding, AlertMachine::worse));
    if (window.profiled()) {
      alerts.entrySet().stream()
          .filter(entry -> !findings.containsKey(entry.getKey()))
          .toList()
          .forEach(entry -> put(alerts, entry.getKey(), quiet(entry.getValue(), window)));
    }
    findings.forEach(
        (key, finding) -> {
          if (finding.isFiring()) {
            put(alerts, key, firing(alerts.get(key), window, finding));
          }
        });
    return alerts.values().stream().map(alert -> alert.knownTo(acknowledgements)).toList();
  }

  private static void put(Map<String, Alert> alerts, String key, Optional<Alert> alert) {
    alert.ifPresentOrElse(present -> alerts.put(key, present), () -> alerts.remove(key));
  }

  private static Finding worse(Finding left, Finding right) {
    if (left.isFiring() != right.isFiring()) {
      return left.isFiring() ? left : right;
    }

    return left.severity().atLeast(right.severity()) ? left : right;
  }

  private Optional<Alert> quiet(Alert before, ObservedWindow window) {
    Judgement judgement = new Judgement(window.start(), Optional.empty());
    List<Judgement> recent = append(before.recent(), judgement);
    if (before.status().isActive()) {
      int quiet = trailingQuiet(recent);
      String absent =
          "Absent from the last " + windows(quiet) + "; " + policy.closeAfter() + " close it.";
      return Optional.of(
          quiet < policy.closeAfter()
              ? next(before, before.status(), Optional.empty(), recent, absent)
              : next(before, AlertStatus.CLOSED, Optional.of(window.end()), List.of(), absent));
    }

    if (isCoolingDown(before)) {
      return Optional.of(
          next(before, AlertStatus.CLOSED, before.closed(), recent, before.because()));
    }

    return pending(before.subject(), recent);
  }

  private Optional<Alert> firing(Alert before, ObservedWindow window, Finding finding) {
    Judgement judgement = new Judgement(window.start(), Optional.of(finding.severity()));
    List<Judgement> recent = append(before == null ? List.of() : before.recent(), judgement);
    if (before != null && before.status().isActive()) {
      return Optional.of(
          new Alert(
              before.subject(),
              granularity,
              before.status(),
              before.severity().max(finding.severity()),
              before.firstSeen(),
              before.opened(),
              window.start(),
              Optional.empty(),
              before.acknowledgement(),
              before.windowsFiring() + 1,
              recent,
              "In "
                  + windows(before.windowsFiring() + 1)
                  + " since "
                  + before.firstSeen()
                  + ". "
                  + finding.because()));
    }

    if (before != null && isCoolingDown(before)) {
      return Optional.of(
          next(before, AlertStatus.CLOSED, before.closed(), recent, before.because()));
    }

    return pending(finding.subject(), recent)
        .map(
            pending ->
                pending.windowsFiring() < policy.required()
                    ? pending
                    : opened(pending, window, finding));
  }

  /** What the judged windows say of a subject without an episode; empty if none of them fires. */
  private Optional<Alert> pending(Subject subject, List<Judgement> recent) {
    List<Judgement> looked = recent.subList(from(recent, policy.windows()), recent.size());
    List<Judgement> firing = looked.stream().filter(Judgement::isFiring).toList();
    if (firing.isEmpty()) {
      return Optional.empty();
    }

    return Optional.of(
        new Alert(
            subject,
            granularity,
            AlertStatus.PENDING,
            firing.stream()
                .flatMap(judgement -> judgement.severity().stream())
                .reduce(Severity.INFO, Severity::max),
            firing.get(0).windowStart(),
            Optional.empty(),
            firing.get(firing.size() - 1).windowStart(),
            Optional.empty(),
            Optional.empty(),
            firing.size(),
            recent,
            "In "
                + firing.size()
                + " of the last "
                + windows(looked.size())
                + "; "
                + policy.required()
                + " of "
                + policy.windows()
                + " open an alert."));
  }

  private Alert opened(Alert pending, ObservedWindow window, Finding finding) {
    return new Alert(
        pending.subject(),
        granularity,
        AlertStatus.OPEN,
        pending.severity(),
        pending.firstSeen(),
        Optional.of(window.end()),
        window.start(),
        Optional.empty(),
        Optional.empty(),
        pending.windowsFiring(),
        pending.recent(),
        pending.because() + " " + finding.because());
  }

  private boolean isCoolingDown(Alert alert) {
    return alert.status() == AlertStatus.CLOSED && alert.recent().size() < policy.coolDown();
  }

  private Alert next(
      Alert before,
      AlertStatus status,
      Optional<Instant> closed,
      List<Judgement> recent,
      String because) {
    return new Alert(
        before.subject(),
        granularity,
        status,
        before.severity(),
        before.firstSeen(),
        before.opened(),
        before.lastSeen(),
        closed,
        before.acknowledgement(),
        before.windowsFiring(),
        recent,
        because);
  }

  private List<Judgement> append(List<Judgement> recent, Judgement judgement) {
    List<Judgement> appended = new ArrayList<>(recent);
    appended.add(judgement);
    return appended.subList(from(appended, policy.memory()), appended.size());
  }

  private static int from(List<Judgement> judgements, int last) {
    return Math.max(0, judgements.size() - last);
  }

  private static int trailingQuiet(List<Judgement> recent) {
    int quiet = 0;
    while (quiet < recent.size() && !recent.get(recent.size() - 1 - quiet).isFiring()) {
      quiet++;
    }
    return quiet;
  }

  private static String windows(int count) {
    return count + (count == 1 ? " judged window" : " judged windows");
  }
}
