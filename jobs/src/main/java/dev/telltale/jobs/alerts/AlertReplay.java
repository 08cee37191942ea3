package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Acknowledgement;
import dev.telltale.finding.Alert;
import dev.telltale.finding.AlertMachine;
import dev.telltale.finding.AlertPolicy;
import dev.telltale.finding.Finding;
import dev.telltale.finding.ObservedWindow;
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
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * Replays the alerts of one model and granularity, from a window on up to the newest window there
 * is.
 *
 * <p>It begins with the alerts as they are stored after the last window before, whenever that was.
 * It begins with none where the window before was computed and has none stored, and where windows
 * were profiled but none of the last {@value #LOOKBACK} has an alert, not even a pending one: those
 * windows were quiet. So a night reads a bounded number of windows, however old the lake is.
 */
final class AlertReplay {
  private static final int LOOKBACK = 32;
  private static final List<Tables> TABLES =
      List.of(Tables.PROFILE_METRICS, Tables.FINDINGS, Tables.ALERTS);

  private final Lake lake;
  private final String modelId;
  private final Granularity granularity;
  private final AlertPolicy policy;

  AlertReplay(Lake lake, String modelId, Granularity granularity, AlertPolicy policy) {
    this.lake = lake;
    this.modelId = modelId;
    this.granularity = granularity;
    this.policy = policy;
  }

  /**
   * The alerts after each window.
   *
   * @param alerts what the windows from the first one on should have; only observed windows
   * @param stored what they have now; windows without an alert are absent
   * @param rowsRead rows read from all tables
   */
  record Replayed(
      SortedMap<Instant, List<Alert>> alerts,
      SortedMap<Instant, List<Alert>> stored,
      long rowsRead) {
    /** Whether the table already has what it should. */
    boolean isStored() {
      SortedMap<Instant, List<Alert>> present = new TreeMap<>(alerts);
      present.values().removeIf(List::isEmpty);
      return present.equals(stored);
    }
  }

  /**
   * Replays from the window that starts at {@code first} on.
   *
   * @param computed whether a run has computed the alerts of the window before: without any stored
   *     there are none, and nothing earlier is needed
   */
  Replayed from(Instant first, boolean computed, Map<String, Acknowledgement> acknowledgements) {
    LocalDate day = WindowScope.date(first);
    if (TABLES.stream().allMatch(table -> daysOf(table).tailSet(day).isEmpty())) {
      return new Replayed(new TreeMap<>(), new TreeMap<>(), 0);
    }
    NavigableMap<Instant, List<Alert>> stored = stored(first);
    Instant before = granularity.previous(first);
    Instant checkpoint = computed && isProfiled(before) ? before : stored.lowerKey(first);
    Instant begin = checkpoint == null ? lookback(first) : granularity.next(checkpoint);
    NavigableSet<Instant> profiled = profiled(begin);
    NavigableMap<Instant, List<Finding>> findings = findings(begin);
    long rowsRead =
        profiled.size()
            + findings.values().stream().mapToLong(List::size).sum()
            + stored.values().stream().mapToLong(List::size).sum();

    NavigableSet<Instant> observed = new TreeSet<>(profiled);
    observed.addAll(findings.keySet());
    AlertMachine machine = new AlertMachine(policy, granularity);
    List<Alert> state = checkpoint == null ? List.of() : stored.getOrDefault(checkpoint, List.of());
    SortedMap<Instant, List<Alert>> alerts = new TreeMap<>();
    for (Instant start : observed) {
      ObservedWindow window =
          new ObservedWindow(
              start,
              granularity.next(start),
              profiled.contains(start),
              findings.getOrDefault(start, List.of()));
      state = machine.after(state, window, acknowledgements);
      if (!start.isBefore(first)) {
        alerts.put(start, state);
      }
    }
    return new Replayed(alerts, stored.tailMap(first, true), rowsRead);
  }

  /**
   * Stored alerts of the windows from {@code first} on, and of the last one before that has any.
   */
  private NavigableMap<Instant, List<Alert>> stored(Instant first) {
    LocalDate day = WindowScope.date(first);
    TreeSet<LocalDate> present =
        new TreeSet<>(ResultDays.of(lake, Tables.ALERTS, modelId, granularity).present());
    TreeSet<LocalDate> days = new TreeSet<>(present.tailSet(day));
    // On the day of an hourly window there may be alerts only after it, hence two days.
    present.headSet(day, true).descendingSet().stream()
        .limit(2)
        .filter(candidate -> isRecentOrLast(candidate, first))
        .forEach(days::add);
    NavigableMap<Instant, List<Alert>> stored = new TreeMap<>();
    for (Row row : lake.rows(Tables.ALERTS, WindowScope.ofDays(modelId, granularity, days))) {
      stored
          .computeIfAbsent(FindingRows.instant(row, "window_start"), start -> new ArrayList<>())
          .add(AlertRows.alert(row));
    }
    stored
        .values()
        .forEach(alerts -> alerts.sort(Comparator.comparing(alert -> alert.subject().key())));
    return stored;
  }

  private boolean isRecentOrLast(LocalDate day, Instant first) {
    LocalDate begin = WindowScope.date(lookback(first));
    return !day.isBefore(begin)
        || daysOf(Tables.PROFILE_METRICS).subSet(begin, WindowScope.date(first)).isEmpty();
  }

  private Instant lookback(Instant first) {
    Instant begin = first;
    for (int i = 0; i < LOOKBACK; i++) {
      begin = granularity.previous(begin);
    }
    return begin;
  }

  private boolean isProfiled(Instant window) {
    return !ResultDays.of(lake, Tables.PROFILE_METRICS, modelId, granularity)
        .among(List.of(window))
        .isEmpty();
  }

  private NavigableSet<Instant> profiled(Instant begin) {
    return new TreeSet<>(
        ResultDays.of(lake, Tables.PROFILE_METRICS, modelId, granularity)
            .among(from(Tables.PROFILE_METRICS, begin).windows()));
  }

  private NavigableMap<Instant, List<Finding>> findings(Instant begin) {
    NavigableMap<Instant, List<Finding>> findings = new TreeMap<>();
    for (Row row : lake.rows(Tables.FINDINGS, from(Tables.FINDINGS, begin))) {
      Finding finding = FindingRows.finding(row);
      findings.computeIfAbsent(finding.windowStart(), start -> new ArrayList<>()).add(finding);
    }
    return findings;
  }

  /** The windows from {@code begin} on, on days that a table has. */
  private WindowScope from(Tables table, Instant begin) {
    WindowScope scope =
        WindowScope.ofDays(modelId, granularity, daysOf(table).tailSet(WindowScope.date(begin)));
    return WindowScope.of(modelId, granularity, scope.windows().tailSet(begin));
  }

  private SortedSet<LocalDate> daysOf(Tables table) {
    return ResultDays.of(lake, table, modelId, granularity).present();
  }
}
