package dev.telltale.jobs.report;

import dev.telltale.config.Feedback;
import dev.telltale.jobs.lake.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The truth about the nights of the {@link SyntheticLake}: right as in training until night 18,
 * then worse; labels of the last five nights are awaited, and of the last two there is none. Beside
 * the rows that a report shows there are those of slices, versions and another source.
 */
final class SyntheticAnswers {
  static final Feedback FEEDBACK =
      new Feedback(
          "outcome",
          Feedback.Kind.OUTCOME,
          "labels",
          "prediction_id",
          "label_ts",
          Optional.of("label"),
          Optional.empty(),
          Duration.ofDays(5),
          Optional.empty());

  static final int WORSE_FROM = 18;
  static final int AWAITED_FROM = SyntheticLake.NIGHTS - 5;
  static final int UNLABELLED_FROM = SyntheticLake.NIGHTS - 2;
  static final int GAP = 12;
  static final int FEW_LABELS = 23;
  static final int WITHHELD = 22;
  static final int MISSED = 20;
  static final int FIRST_ESTIMATE = 6;

  /** What must not be on the page. */
  static final double ELSEWHERE = 0.3137;

  private static final long PREDICTIONS = 2000;

  /** Training values; of the Brier score less is better. */
  private static final Map<String, Double> TRAINING =
      Map.of("accuracy", 0.84, "f1", 0.61, "roc_auc", 0.9, "brier", 0.12);

  private final ResultRows rows;

  SyntheticAnswers(ResultRows rows) {
    this.rows = rows;
  }

  void write() {
    for (int night = 0; night < SyntheticLake.NIGHTS; night++) {
      if (night != GAP) {
        night(night);
      }
    }
    search(SyntheticLake.NIGHTS - 9, "an older search", 1, "WEAK");
    int newest = SyntheticLake.NIGHTS - 6;
    search(newest, "distance_miles ≥ 1,200 and origin = ORD", 1, "WEAK");
    search(newest, SyntheticLake.SCRIPT + " = <b>A</b> " + SyntheticLake.LONG, 3, "WEAK");
    search(newest, "hour_of_day < 6", 2, "WEAK");
    search(newest, "by chance", 4, "UNCONFIRMED");
    segments(AWAITED_FROM - 1);
    segment(SyntheticLake.NIGHTS - 1, "ORD", "error_rate", null, null, "INSUFFICIENT_DATA").add();
  }

  static double coverage(int night) {
    if (night >= UNLABELLED_FROM) {
      return 0;
    }
    if (night == FEW_LABELS) {
      return 0.01;
    }
    return night >= AWAITED_FROM ? 0.9 - 0.2 * (night - AWAITED_FROM) : 0.97;
  }

  static double value(String metric, int night) {
    double worse = night >= WORSE_FROM ? 0.06 + 0.003 * (night - WORSE_FROM) : 0;
    double moves = 0.012 * Math.sin(night * 1.3 + metric.length());
    return TRAINING.get(metric) + moves + (metric.equals("brier") ? worse : -worse);
  }

  private static double estimate(String metric, int night) {
    return value(metric, night) + (night == MISSED ? 0.09 : 0.01 * Math.cos(night));
  }

  private void night(int night) {
    boolean labelled = night < UNLABELLED_FROM;
    metric(night, "label_coverage", coverage(night)).set("n", PREDICTIONS).add();
    for (String metric : TRAINING.keySet()) {
      if (labelled) {
        interval(metric(night, metric, value(metric, night)), value(metric, night), half(night))
            .add();
        comparison(night, metric);
        metric(night, metric, ELSEWHERE).set("model_version", "v1").add();
        metric(night, metric, ELSEWHERE).set("source", "shadow").add();
        metric(night, metric, ELSEWHERE).set("slice_key", "origin").set("slice_value", "ORD").add();
      }
      // A rare class gives no estimate of this one.
      if (night >= FIRST_ESTIMATE && !metric.equals("f1")) {
        estimates(night, metric);
      }
    }
  }

  private ResultRows.Line metric(int night, String metric, double value) {
    boolean mature = night < AWAITED_FROM;
    boolean few = night == FEW_LABELS || night >= UNLABELLED_FROM;
    return rows.row(Tables.QUALITY_METRICS, ResultRows.day(night), null)
        .set("source", "outcome")
        .set("kind", "REALIZED")
        .set("metric", metric)
        .set("value", value)
        .set("n", Math.round(PREDICTIONS * coverage(night)))
        .set("error_bound", 0.0)
        .set("label_coverage", coverage(night))
        .set("maturity", mature ? 1.0 : coverage(night))
        .set("mature", mature)
        .set("as_of", ResultRows.day(night + 3))
        .set("status", few ? "INSUFFICIENT_DATA" : mature ? "OK" : "IMMATURE")
        .set("because", mature ? null : "Labels are awaited.");
  }

  private static double half(int night) {
    return night == FEW_LABELS ? 0.15 : 0.018;
  }

  private void comparison(int night, String metric) {
    for (String with : List.of("TRAINING", "PREVIOUS_VERSION")) {
      boolean training = with.equals("TRAINING");
      double difference = value(metric, night) - TRAINING.get(metric);
      boolean worse = night >= WORSE_FROM && night != FEW_LABELS;
      rows.row(Tables.QUALITY_COMPARISONS, ResultRows.day(night), null)
          .set("source", "outcome")
          .set("model_version", training ? null : "v2")
          .set("compared_with", with)
          .set("reference_version", training ? null : "v1")
          .set("metric", metric)
          .set("value", value(metric, night))
          .set("reference_value", training ? TRAINING.get(metric) : ELSEWHERE)
          .set("difference", night == FEW_LABELS ? null : difference)
          .set("p_value_adjusted", worse ? 0.0001 : 0.6)
          .set("family_size", 4)
          .set("threshold", 0.02)
          .set(
              "status",
              night == FEW_LABELS ? "INSUFFICIENT_DATA" : worse && training ? "DEGRADED" : "OK")
          .set("mature", night < AWAITED_FROM)
          .set("because", metric + " is compared with training.")
          .add();
    }
  }

  private void estimates(int night, String metric) {
    boolean mature = night < AWAITED_FROM;
    double value = estimate(metric, night);
    interval(
            rows.row(Tables.QUALITY_ESTIMATES, ResultRows.day(night), null)
                .set("source", "outcome")
                .set("metric", metric)
                .set("estimate", value),
            value,
            0.03)
        .set("n", PREDICTIONS)
        .set("realized", mature ? value(metric, night) : null)
        .set("covered", mature ? night != MISSED : null)
        .set("withheld", night == WITHHELD)
        .set("because", "Of the last 6 estimates 6 had the truth in their interval.")
        .add();
    if (!mature) {
      interval(metric(night, metric, value).set("kind", "ESTIMATED"), value, 0.03)
          .set("status", "OK")
          .add();
    }
  }

  private static ResultRows.Line interval(ResultRows.Line line, double value, double half) {
    return line.set("ci_low", value - half).set("ci_high", value + half);
  }

  private void search(int night, String slice, int rank, String status) {
    rows.row(Tables.WEAK_SLICES, ResultRows.day(night), null)
        .set("source", "outcome")
        .set("period_start", ResultRows.day(night - 13))
        .set("period_end", ResultRows.day(night + 1))
        .set("rank", rank)
        .set("slice", slice)
        .set("conditions", 2)
        .set("loss", "wrong answers")
        .set("n", 900L / rank)
        .set("mean_loss", 0.31)
        .set("mean_loss_elsewhere", 0.152)
        .set("difference", 0.158)
        .set("excess_loss", 142.2 / rank)
        .set("p_value_adjusted", 0.0003)
        .set("family_size", 4)
        .set("status", status)
        .set("because", "Of 900 rows with this 31 % are wrong.")
        .add();
  }

  private void segments(int night) {
    segment(night, null, "error_rate", null, null, "DIFFERENT").add();
    segment(night, "ORD", "error_rate", null, 0.31, "DIFFERENT").add();
    segment(night, "<i>SFO</i>", "error_rate", null, 0.262, "DIFFERENT").add();
    segment(night, "JFK", "error_rate", null, 0.17, "OK").add();
    segment(night, "ORD", "selection_rate", "statistical parity", 0.44, "DIFFERENT").add();
  }

  private ResultRows.Line segment(
      int night, String value, String metric, String fairness, Double measured, String status) {
    Instant start = ResultRows.day(night);
    ResultRows.Line line =
        rows.row(Tables.QUALITY_SEGMENTS, start, value)
            .set("slice_key", "origin")
            .set("source", "outcome")
            .set("metric", metric)
            .set("fairness", fairness)
            .set("p_value", 0.0002)
            .set("p_value_adjusted", 0.001)
            .set("family_size", 5)
            .set("threshold", 0.02)
            .set("status", status)
            .set("because", "error_rate differs between the slices of origin.");
    if (measured != null) {
      interval(line, measured, 0.04)
          .set("value", measured)
          .set("n", 410L)
          .set("elsewhere", 0.18)
          .set("difference", measured - 0.18)
          .set("difference_low", measured - 0.22)
          .set("difference_high", measured - 0.14);
    }
    return line;
  }
}
