package dev.telltale.jobs.report;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Twelve nights of three experiments: one was decided, one harms with one of its variants and has
 * names that nobody would choose, and one was forgotten.
 */
final class SyntheticTrials {
  static final String MODEL = "shop";
  static final String DECIDED = "ranker-2";
  static final String HARMS = "prices <b>&</b> more";
  static final String FORGOTTEN = "abandoned";
  static final int NIGHTS = 12;
  static final Instant NEWEST = ResultRows.day(NIGHTS - 1);
  static final Instant END = ResultRows.day(NIGHTS);

  /** Night of the look that decided. */
  static final int DECIDING = 8;

  private final ResultRows rows;

  SyntheticTrials(Lake lake) {
    this.rows = new ResultRows(lake, MODEL);
  }

  void write() {
    for (int night = 0; night < NIGHTS; night++) {
      rows.row(Tables.PROFILE_METRICS, ResultRows.day(night), "score", null)
          .set("column_kind", "NUMERIC")
          .set("baseline_id", ResultRows.BASELINE_ID)
          .set("count", 1000L)
          .add();
      decided(night);
      harms(night);
    }
    look(FORGOTTEN, 1, "b", "KEEP_RUNNING", null, "same", "Nothing is shown yet.");
    finding("harm b", "CRITICAL", null, "revenue is shown worse in b.");
    finding("pre_exposure_bias revenue b", "WARNING", null, "Not alike before: revenue.");
    finding("pre_exposure_bias clicks c", "WARNING", null, "Not alike before: clicks.");
    finding("sample_ratio_segment", "CRITICAL", "<i>web</i>", "More b than planned on the web.");
    rows.flush();
  }

  private void decided(int night) {
    boolean isDecided = night >= DECIDING;
    look(
        DECIDED,
        night,
        "b",
        isDecided ? "SHIP" : "KEEP_RUNNING",
        isDecided ? ResultRows.day(DECIDING) : null,
        night < 2 ? "another" : "the present",
        night == DECIDING
            ? "revenue is shown better in b (z 2.9, bound 2.7)."
            : isDecided ? "It was decided by the look with data up to 2001-03-10." : "Not yet.");
    double width = 1.2 / (night + 1);
    boolean isEarly = night < 4;
    metric(DECIDED, night, "revenue", "PRIMARY", "b", isDecided ? "HIGHER" : "NOT_SHOWN")
        .set("effect", 5.0)
        .set("ci_low", isEarly ? Double.NEGATIVE_INFINITY : 5 - 50 * width)
        .set("ci_high", isEarly ? Double.POSITIVE_INFINITY : 5 + 50 * width)
        .set("lift", 0.15)
        .set("lift_low", isEarly ? Double.NEGATIVE_INFINITY : 0.15 - width)
        .set("lift_high", isEarly ? Double.POSITIVE_INFINITY : 0.15 + width)
        .set("p_value_adjusted", 0.0123)
        .add();
    metric(DECIDED, night, "a_guard", "GUARDRAIL", "b", "NON_INFERIOR")
        .set("effect", -0.5)
        .set("ci_low", -1.25)
        .set("ci_high", Double.POSITIVE_INFINITY)
        .add();
    metric(DECIDED, night, "a_second", "SECONDARY", "b", "INSUFFICIENT_DATA").add();
    segment(night, "ios", 0.3, 0.1);
    segment(night, null, 0.1, -0.05);
    check(DECIDED, night, "SAMPLE_RATIO", null, "OK", "As planned.");
    check(DECIDED, night, "NOVELTY", "revenue", "OK", "No change with time.");
    rows.row(Tables.EXPERIMENT_CHECKS, ResultRows.day(night), null)
        .set("experiment_id", DECIDED)
        .set("slice_key", "platform")
        .set("check", "HETEROGENEITY")
        .set("metric", "revenue")
        .set("variant", "b")
        .set("status", "OK")
        .set("because", "No difference between values of platform is shown.")
        .add();
  }

  private void segment(int night, String value, double lift, double low) {
    metric(DECIDED, night, "revenue", "PRIMARY", "b", "NOT_SHOWN")
        .set("slice_key", "platform")
        .set("slice_value", value)
        .set("effect", 10 * lift)
        .set("lift", lift)
        .set("lift_low", low)
        .set("lift_high", 2 * lift - low)
        .add();
  }

  private void harms(int night) {
    look(HARMS, night, "b", "STOP_FOR_HARM", ResultRows.day(3), "same", "revenue is worse in b.");
    look(HARMS, night, "c", "INVALID", null, "same", "The sample ratio is not as planned.");
    for (String variant : new String[] {"b", "c"}) {
      metric(HARMS, night, SyntheticLake.SCRIPT, "PRIMARY", variant, "LOWER")
          .set("effect", -3.5)
          .set("ci_low", -6.0)
          .set("ci_high", -1.0)
          .set("p_value_adjusted", 0.00001)
          .add();
    }
    check(HARMS, night, "SAMPLE_RATIO", null, "INVALID", "The sample ratio is not as planned.");
    check(HARMS, night, "OUTLIERS", "clicks", "WARNING", "One unit is <em>most</em> of clicks.");
    check(HARMS, night, "NOVELTY", "clicks", "INSUFFICIENT_DATA", "Too few days for clicks.");
    check(HARMS, night, "SIMPSON", "clicks", "OK", "No contradiction.");
  }

  private void look(
      String experiment,
      int night,
      String variant,
      String decision,
      Instant decidedOn,
      String declaration,
      String because) {
    rows.row(Tables.EXPERIMENT_LOOKS, ResultRows.day(night), null)
        .set("experiment_id", experiment)
        .set("look", night + 1)
        .set("variant", variant)
        .set("n_control", 1000L * (night + 1))
        .set("n_variant", 1010L * (night + 1))
        .set("num_several", 3L)
        .set("num_excluded", 25L)
        .set("num_undeclared", 0L)
        .set("num_late", 0L)
        .set("decision", decision)
        .set("decided_on", decidedOn == null ? null : date(decidedOn))
        .set("declaration", declaration)
        .set("because", because)
        .add();
    for (String stored : new String[] {"a-control", variant}) {
      rows.row(Tables.EXPERIMENT_STATES, ResultRows.day(night), null)
          .set("experiment_id", experiment)
          .set("variant", stored)
          .set("units", 1L)
          .set("state_version", 1)
          .set("state", new byte[] {1})
          .add();
    }
  }

  private ResultRows.Line metric(
      String experiment, int night, String metric, String role, String variant, String outcome) {
    return rows.row(Tables.EXPERIMENT_RESULTS, ResultRows.day(night), null)
        .set("experiment_id", experiment)
        .set("look", night + 1)
        .set("metric", metric)
        .set("role", role)
        .set("variant", variant)
        .set("n_control", 900L)
        .set("n_variant", 910L)
        .set("mean_control", 33.25)
        .set("mean_variant", 38.75)
        .set("outcome", outcome)
        .set("because", metric + " of " + variant + " after night " + night + ".");
  }

  private void check(
      String experiment, int night, String check, String metric, String status, String because) {
    rows.row(Tables.EXPERIMENT_CHECKS, ResultRows.day(night), null)
        .set("experiment_id", experiment)
        .set("check", check)
        .set("metric", metric)
        .set("status", status)
        .set("because", because)
        .add();
  }

  private void finding(String metric, String severity, String slice, String because) {
    rows.row(Tables.FINDINGS, NEWEST, HARMS, slice)
        .set("finding_id", metric)
        .set("finding_key", metric)
        .set("job", "experiment")
        .set("kind", "EXPERIMENT")
        .set("metric", metric)
        .set("value", 4.5)
        .set("severity", severity)
        .set("status", "FIRING")
        .set("first_seen", ResultRows.day(5))
        .set("last_seen", NEWEST)
        .set("because", because)
        .add();
  }

  private static Date date(Instant day) {
    return Date.valueOf(LocalDate.ofInstant(day, ZoneOffset.UTC));
  }
}
