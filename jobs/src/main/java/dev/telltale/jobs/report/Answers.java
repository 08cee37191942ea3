package dev.telltale.jobs.report;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What is known of how right the model's answers were, all rows and versions together.
 *
 * @param source feedback source that the truth is learned from
 * @param metrics what is judged; the values of every night are in this order
 * @param nights windows with predictions that were joined with the truth, newest first
 * @param search where the answers are wrong, as the newest search found; null if nothing was
 *     searched
 * @param segments parts of the rows that differ from the others; null if none was compared
 */
record Answers(
    String source, List<String> metrics, List<Night> nights, Search search, Segments segments) {

  /** What training had, as the newest night that was compared knows it; one entry a metric. */
  public List<Double> training() {
    return metrics.stream().map(this::training).toList();
  }

  private Double training(String metric) {
    return nights.stream()
        .flatMap(night -> night.values().stream())
        .filter(value -> value.metric().equals(metric))
        .map(Value::training)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * One window.
   *
   * @param predictions how many there are
   * @param labelCoverage share of them whose label is known
   * @param maturity share of the labels to be expected that have arrived
   * @param mature whether the wait for labels is over
   * @param awaitedUntil when it is; null once it is over
   * @param asOf arrival of the newest label
   * @param status OK, IMMATURE or INSUFFICIENT_DATA
   * @param because why it is not OK
   * @param values one for each metric
   */
  record Night(
      Instant windowStart,
      Long predictions,
      Double labelCoverage,
      Double maturity,
      boolean mature,
      Instant awaitedUntil,
      Instant asOf,
      String status,
      String because,
      List<Value> values) {
    /** Whether anything was estimated before labels. */
    public boolean estimated() {
      return values.stream().anyMatch(value -> value.estimate() != null);
    }
  }

  /**
   * One metric of a window.
   *
   * @param value from labels; null before there are any
   * @param training what training had
   * @param difference value - training
   * @param threshold difference that matters
   * @param status OK, DEGRADED, IMPROVED or INSUFFICIENT_DATA against training; null if not
   *     compared
   * @param because why, in one sentence
   * @param estimate what was estimated before labels; null if nothing was
   */
  record Value(
      String metric,
      Double value,
      Double ciLow,
      Double ciHigh,
      Long n,
      Double training,
      Double difference,
      Double threshold,
      Double pValueAdjusted,
      String status,
      String because,
      Estimated estimate) {}

  /**
   * What was told without labels.
   *
   * @param value null where it is withheld
   * @param ciLow lower end of the 95 % interval of what it will turn out to be
   * @param ciHigh upper end of it
   * @param withheld whether earlier estimates were too bad to show this one
   * @param covered whether the truth was in the interval; null until the wait is over
   * @param because what it rests on
   */
  record Estimated(
      Double value,
      Double ciLow,
      Double ciHigh,
      boolean withheld,
      Boolean covered,
      String because) {}

  /**
   * The newest search for weak slices.
   *
   * @param periodStart start of the days that were searched
   * @param periodEnd their end
   * @param slices those that the held-out rows confirm, the largest loss first
   */
  record Search(Instant periodStart, Instant periodEnd, List<WeakSlice> slices) {}

  /**
   * A conjunction of conditions in which the model errs more than elsewhere.
   *
   * @param slice the conditions in words
   * @param loss what is lost: wrong answers, or absolute error
   * @param n held-out rows in the slice
   * @param meanLoss share of wrong answers, or mean absolute error, of these rows
   * @param excessLoss loss of the n rows beyond what as many rows elsewhere have
   */
  record WeakSlice(
      Integer rank,
      String slice,
      String loss,
      Long n,
      Double meanLoss,
      Double meanLossElsewhere,
      Double excessLoss,
      Double pValueAdjusted,
      String because) {
    /** Whether the loss is a share. */
    public boolean share() {
      return loss != null && loss.startsWith("wrong");
    }
  }

  /**
   * The newest window whose segments could be compared.
   *
   * @param different what differs, mistakes before fairness, and the larger difference first
   */
  record Segments(Instant windowStart, List<Segment> different) {
    /** Keys whose parts differ at all. */
    public List<Segment> keys() {
      return different.stream().filter(segment -> segment.value() == null).toList();
    }

    /** Parts that differ from all others. */
    public List<Segment> parts() {
      return different.stream().filter(segment -> segment.value() != null).toList();
    }
  }

  /**
   * A measure in one part of the rows against the same measure elsewhere.
   *
   * @param part the slice in words; of a key as a whole its name
   * @param fairness what equality of the metric is called; null for mistakes
   * @param value null of a key as a whole
   */
  record Segment(
      String part,
      String metric,
      String fairness,
      Double value,
      Double ciLow,
      Double ciHigh,
      Long n,
      Double elsewhere,
      Double difference,
      Double differenceLow,
      Double differenceHigh,
      Double pValueAdjusted,
      Double threshold,
      String because) {
    /** Whether the metric is a share. */
    public boolean share() {
      return !"mae".equals(metric);
    }
  }
}
