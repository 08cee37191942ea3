package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.profile.ColumnState;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The rows of the result tables that a report is made of, for one model and one granularity. Boxed
 * numbers are null where the table has null.
 *
 * @param modelId the model
 * @param granularity length of a window
 * @param from start of the first window shown
 * @param to end of the last window shown
 * @param profiles of whole windows, no slices
 * @param drifts every row of the newest window, no slices
 * @param trends what decided on each column in each window, no slices
 * @param sparse slices of the newest window with checks that had too little data
 * @param findings of windows and slices
 * @param alerts as they stood after each window
 * @param alertsElsewhere how many are open about windows of another length, by that length
 * @param answers what is known of the truth
 * @param service what is known of the service
 * @param trials what is known of experiments
 * @param runs that touched the windows
 * @param states decoded, as far as a distribution is drawn from them
 */
record ReportData(
    String modelId,
    Granularity granularity,
    Instant from,
    Instant to,
    List<ProfileRow> profiles,
    List<DriftRow> drifts,
    List<TrendRow> trends,
    List<SparseSlice> sparse,
    List<FindingRow> findings,
    List<AlertRow> alerts,
    Map<String, Integer> alertsElsewhere,
    AnswerRows answers,
    ServiceRows service,
    TrialRows trials,
    List<Report.Run> runs,
    States states) {

  /** A row of {@code profile_metrics}. */
  record ProfileRow(
      Instant windowStart,
      String column,
      String kind,
      String dataType,
      Long count,
      Long nulls,
      Long nans,
      Double min,
      Double max,
      Double mean,
      Double standardDeviation,
      Double median,
      Double distinct,
      Boolean distinctIsExact,
      Long unseen,
      Instant lastValueChange) {}

  /** A row of {@code drift_metrics}. */
  record DriftRow(
      String column,
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
      String because) {
    boolean isSparse() {
      return "INSUFFICIENT_DATA".equals(status);
    }
  }

  /**
   * All checks of one column in one window.
   *
   * @param effect value of the metric that decides on drift from the baseline
   * @param effectStatus what it decided
   * @param status the worst of the checks: DRIFT, INSUFFICIENT_DATA or OK
   */
  record TrendRow(
      Instant windowStart, String column, Double effect, String effectStatus, String status) {}

  /**
   * A slice with too little data.
   *
   * @param checks how many checks had too little
   * @param because what one of them said
   */
  record SparseSlice(Subject subject, long checks, String because) {}

  /** A row of {@code findings}. */
  record FindingRow(
      Instant windowStart,
      Subject subject,
      String findingKey,
      String kind,
      String driftType,
      String metric,
      Double value,
      Double threshold,
      Double pValueAdjusted,
      String severity,
      String status,
      Instant firstSeen,
      Instant lastSeen,
      String because) {
    boolean fires() {
      return status.equals("FIRING");
    }

    /** How many times the threshold; half the rows are as far off as twice as many. */
    double excess() {
      boolean fewer = kind.equals("ROW_COUNT") && value != null && value > 0 && value < 1;
      return Attention.excess(fewer ? Double.valueOf(1 / value) : value, threshold);
    }
  }

  /** A row of {@code alerts}. */
  record AlertRow(
      Instant windowStart,
      Subject subject,
      String alertId,
      String findingKey,
      String kind,
      String driftType,
      String metric,
      String severity,
      String status,
      Instant firstSeen,
      Instant opened,
      Instant lastSeen,
      Instant closed,
      Instant acknowledged,
      String acknowledgedBy,
      Integer windowsFiring,
      String because) {}

  /**
   * Decoded states.
   *
   * @param baselineId the baseline; null without one
   * @param baseline state of the whole baseline by subject
   * @param windows state by window start and subject
   */
  record States(
      String baselineId,
      Map<Subject, ColumnState> baseline,
      Map<Instant, Map<Subject, ColumnState>> windows) {
    /** No state at all. */
    static final States NONE = new States(null, Map.of(), Map.of());

    /** State of a window; null where there is none. */
    ColumnState window(Instant start, Subject subject) {
      return start == null ? null : windows.getOrDefault(start, Map.of()).get(subject);
    }
  }
}
