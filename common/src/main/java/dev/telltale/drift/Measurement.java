package dev.telltale.drift;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What is judged: a column's comparison or two row counts, and which questions are asked of it. */
public final class Measurement {
  /**
   * Two row counts.
   *
   * @param referenceHours length of the reference, positive
   * @param currentHours length of the window, positive
   */
  record Rows(long reference, double referenceHours, long current, double currentHours) {
    Rows {
      if (reference < 0 || current < 0 || !(referenceHours > 0) || !(currentHours > 0)) {
        throw new IllegalArgumentException(
            "Rows are not negative and hours positive: "
                + reference
                + " in "
                + referenceHours
                + ", "
                + current
                + " in "
                + currentHours);
      }
    }

    /** The window's rows an hour by the reference's; finite. */
    double ratio() {
      double ratio = current / currentHours / (reference / referenceHours);
      return Double.isFinite(ratio) ? ratio : current == 0 ? 1 : Double.MAX_VALUE;
    }
  }

  private final Optional<Comparison> comparison;
  private final Optional<Rows> rows;
  private final Set<CheckKind> kinds;

  private Measurement(Optional<Comparison> comparison, Optional<Rows> rows, Set<CheckKind> kinds) {
    this.comparison = comparison;
    this.rows = rows;
    this.kinds = kinds;
  }

  /** A column; all questions that its kind allows. */
  public static Measurement of(Comparison comparison) {
    Set<CheckKind> kinds =
        EnumSet.of(
            CheckKind.DRIFT,
            CheckKind.MISSINGNESS,
            comparison.novelty().kind(),
            CheckKind.STUCK,
            CheckKind.WENT_LIVE);
    return new Measurement(Optional.of(comparison), Optional.empty(), kinds);
  }

  /**
   * Row counts of a table or slice.
   *
   * @param referenceRows rows in {@code referenceHours}
   * @param currentRows rows in {@code currentHours}
   */
  public static Measurement ofRows(
      long referenceRows, double referenceHours, long currentRows, double currentHours) {
    Rows rows = new Rows(referenceRows, referenceHours, currentRows, currentHours);
    return new Measurement(Optional.empty(), Optional.of(rows), EnumSet.of(CheckKind.ROW_COUNT));
  }

  /** The same with these questions only, where they apply: time moves on without drifting. */
  public Measurement only(CheckKind... wanted) {
    Set<CheckKind> kept = EnumSet.noneOf(CheckKind.class);
    kept.addAll(Arrays.asList(wanted));
    kept.retainAll(kinds);
    return new Measurement(comparison, rows, kept);
  }

  /** The column's comparison; empty for row counts. */
  public Optional<Comparison> comparison() {
    return comparison;
  }

  Optional<Rows> rows() {
    return rows;
  }

  /** The questions asked. */
  public Set<CheckKind> kinds() {
    return Set.copyOf(kinds);
  }

  boolean asks(CheckKind kind) {
    return kinds.contains(kind);
  }
}
