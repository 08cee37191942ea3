package dev.telltale.jobs.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything the report says, as plain numbers: what {@code report.json} holds and what the page is
 * drawn from. Shares are 0 to 1, times UTC. Null = not known or not applicable; absent in the JSON.
 *
 * @param reportVersion version of this shape; additions do not change it
 * @param modelId the model
 * @param granularity length of a window, such as {@code 1 day}
 * @param from start of the first window shown
 * @param to end of the last window shown
 * @param newestWindow start of the newest window with data
 * @param baseline what the windows are compared with
 * @param verdict the report in one sentence
 * @param totals the newest window in numbers
 * @param attention what needs attention, most important first
 * @param windows starts of all windows shown; every trend has one entry for each
 * @param rowCounts rows per window
 * @param findingCounts findings that fired per window, slices included
 * @param answers how right the answers were; null where that is not known
 * @param service how well the service worked; null where that is not known
 * @param experiments what the last looks say; null without one
 * @param columns every column, those that need attention first
 * @param slices parts of the rows with a finding in the newest window, worst first
 * @param runs the runs that wrote the rows, newest first
 * @param notKnown what the report cannot say, and why
 */
record Report(
    int reportVersion,
    String modelId,
    String granularity,
    Instant from,
    Instant to,
    Instant newestWindow,
    Baseline baseline,
    Verdict verdict,
    Totals totals,
    List<Concern> attention,
    List<Instant> windows,
    List<Long> rowCounts,
    List<FindingCounts> findingCounts,
    Answers answers,
    Service service,
    List<Trial> experiments,
    List<Column> columns,
    List<Slice> slices,
    List<Run> runs,
    List<NotKnown> notKnown) {

  /** See {@link Report#reportVersion()}. */
  static final int VERSION = 1;

  /** Something is wrong, something is new, nothing is wrong, nobody knows. */
  enum Level {
    ALERT,
    FINDINGS,
    QUIET,
    UNKNOWN
  }

  /** Status of a column, worst first. */
  enum Status {
    FIRING,
    INSUFFICIENT_DATA,
    OK,
    NOT_JUDGED,
    SKIPPED
  }

  /** What a bin of a distribution holds. */
  enum Role {
    VALUE,
    OTHER,
    UNSEEN,
    INFINITE,
    MISSING
  }

  /**
   * The baseline.
   *
   * @param table where it is, as configured
   * @param id id of the baseline, which pins its version
   * @param rows its rows
   */
  record Baseline(String table, String id, Long rows) {}

  /**
   * What is to be acted on, in the order of {@link #attention()}; the rest are {@link #hints()}.
   */
  public List<Concern> urgent() {
    return attention.stream().filter(concern -> !concern.hint()).toList();
  }

  /** What is worth knowing, with nothing to do. */
  public List<Concern> hints() {
    return attention.stream().filter(Concern::hint).toList();
  }

  /** The report in one sentence. */
  record Verdict(Level level, String sentence) {}

  /**
   * The newest window in numbers.
   *
   * @param rows rows in the newest window
   * @param columnsJudged columns with a verdict
   * @param columnsFiring columns with a finding
   * @param alertsOpen alerts that are open or acknowledged
   * @param findings findings that fire, by severity
   * @param checksWithoutData checks that had too little data
   */
  record Totals(
      Long rows,
      int columnsJudged,
      int columnsFiring,
      int alertsOpen,
      Map<String, Integer> alertsOpenElsewhere,
      FindingCounts findings,
      int checksWithoutData) {}

  /** Findings that fire, slices included, by severity. */
  record FindingCounts(int critical, int warning, int info) {
    /** No finding. */
    static final FindingCounts NONE = new FindingCounts(0, 0, 0);

    /** One more. */
    FindingCounts and(String severity) {
      return switch (severity) {
        case "CRITICAL" -> new FindingCounts(critical + 1, warning, info);
        case "WARNING" -> new FindingCounts(critical, warning + 1, info);
        default -> new FindingCounts(critical, warning, info + 1);
      };
    }

    /** Of any severity. */
    public int all() {
      return critical + warning + info;
    }
  }

  /**
   * One fact that needs attention: a finding, the alert that follows it, or both; with the parts of
   * the rows in which it is also true.
   *
   * @param id of the card on the page
   * @param title what happened, in a few words
   * @param kind DRIFT, MISSINGNESS, ROW_COUNT ...
   * @param driftType BASELINE or CONSECUTIVE
   * @param column the column, or {@code :table}
   * @param link id of the column's section
   * @param part the slice or model version; null = all rows
   * @param severity the worst of all parts: CRITICAL, WARNING or INFO
   * @param firing whether it is true in the newest window
   * @param alert the alert, if there is one; of the rows as a whole where they have one
   * @param alertsOpen alerts that are open about this, one for each part of the rows
   * @param metric the metric that decided
   * @param value its value
   * @param threshold its threshold
   * @param pValueAdjusted its corrected p-value
   * @param firstSeen start of the first window of the alert's episode; without an alert, of the
   *     present unbroken run
   * @param lastSeen start of the last window in which it was true
   * @param because rule, value and threshold in one sentence
   * @param elsewhere other parts of the rows in which the same is true, worst first
   * @param distribution the two distributions
   */
  record Concern(
      String id,
      String title,
      String kind,
      String driftType,
      String column,
      String link,
      String part,
      String severity,
      boolean firing,
      Alert alert,
      int alertsOpen,
      String metric,
      Double value,
      Double threshold,
      Double pValueAdjusted,
      Instant firstSeen,
      Instant lastSeen,
      String because,
      List<Elsewhere> elsewhere,
      Distribution distribution) {
    /** Worth knowing, nothing to do: no alert, and no severity above INFO. */
    public boolean hint() {
      return alert == null && severity.equals("INFO");
    }
  }

  /** The episode behind a concern. */
  record Alert(
      String alertId,
      String status,
      Instant opened,
      Instant acknowledged,
      String acknowledgedBy,
      Integer windowsFiring,
      String because) {}

  /** The same fact in another part of the rows. */
  record Elsewhere(String part, String severity, Double value, Double threshold, String because) {}

  /**
   * Two distributions on the same bins; the shares of a side, missing included, add up to 1.
   *
   * @param kind NUMERIC or CATEGORICAL
   * @param reference what the grey side is
   * @param current what the coloured side is
   * @param referenceRows rows of the reference
   * @param currentRows rows of the window
   * @param bins in drawing order
   */
  record Distribution(
      String kind,
      String reference,
      String current,
      long referenceRows,
      long currentRows,
      List<Bin> bins) {}

  /**
   * One bin.
   *
   * @param role what it holds
   * @param label in words
   * @param low lower edge of a numeric bin; the first begins at the baseline's smallest value
   * @param high upper edge of a numeric bin; the last ends at the baseline's largest value
   * @param reference share of the reference's rows
   * @param current share of the window's rows
   */
  record Bin(Role role, String label, Double low, Double high, double reference, double current) {}

  /**
   * One column.
   *
   * @param column name
   * @param id id of its section on the page
   * @param kind NUMERIC, CATEGORICAL, TIMESTAMP, SKIPPED
   * @param dataType type in the source
   * @param status in the newest window
   * @param firingKinds kinds of its findings in the newest window
   * @param slicesFiring parts of the rows in which a warning or worse about it fires in the newest
   *     window; the status is that of all rows
   * @param effectMetric metric that decides on drift
   * @param effect its value in the newest window
   * @param threshold its threshold
   * @param because what came of it: rule, value, threshold and p-value in one sentence
   * @param missingShare share of missing rows in the newest window
   * @param baselineProfile summary of the baseline
   * @param profile summary of the newest window
   * @param metrics every metric of the newest window
   * @param trend over the windows
   * @param distribution newest window against the baseline
   */
  record Column(
      String column,
      String id,
      String kind,
      String dataType,
      Status status,
      List<String> firingKinds,
      int slicesFiring,
      String effectMetric,
      Double effect,
      Double threshold,
      String because,
      Double missingShare,
      Profile baselineProfile,
      Profile profile,
      List<Metric> metrics,
      Trend trend,
      Distribution distribution) {
    /** Whether the effect is large enough to matter, but comes by chance at this many rows. */
    public boolean chance() {
      return status == Status.OK && Attention.excess(effect, threshold) >= 1;
    }
  }

  /** Summary of one column in one window or in the baseline. */
  record Profile(
      Long rows,
      Double missingShare,
      Double min,
      Double median,
      Double mean,
      Double max,
      Double standardDeviation,
      Double distinct,
      Boolean distinctIsExact,
      Double unseenShare,
      Instant constantSince) {}

  /** One distance, test or check. */
  record Metric(
      String driftType,
      String metric,
      Double value,
      Double pValue,
      Double pValueAdjusted,
      Integer familySize,
      Double degreesOfFreedom,
      Double threshold,
      Long referenceCount,
      Long currentCount,
      Double errorBound,
      String status,
      String because) {}

  /**
   * One entry per window of {@link Report#windows()}; null where there is none.
   *
   * @param effect metric that decides on drift from the baseline
   * @param effectStatus what it decided
   * @param missingShare share of missing rows
   * @param mean mean of a numeric column
   * @param status the worst of all checks, also of those against the window before
   */
  record Trend(
      List<Double> effect,
      List<Status> effectStatus,
      List<Double> missingShare,
      List<Double> mean,
      List<Status> status) {}

  /** A part of the rows with findings in the newest window. */
  record Slice(String part, String severity, List<SliceFinding> findings) {}

  /** A finding of a slice. */
  record SliceFinding(
      String column,
      String link,
      String title,
      String severity,
      String metric,
      Double value,
      Double threshold,
      Instant firstSeen,
      String because) {}

  /** One run of one job. */
  record Run(
      String runId,
      String job,
      Instant intervalStart,
      Instant intervalEnd,
      String outcome,
      String message,
      String configHash,
      String codeVersion,
      Map<String, Long> sources,
      List<Instant> restated,
      Long rowsRead,
      Long bytesRead,
      Long rowsWritten,
      Double seconds,
      String asOf,
      Instant startedAt) {}

  /** Something the report cannot say. */
  record NotKnown(String subject, String reason, String because) {}
}
