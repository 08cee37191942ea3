package dev.telltale.drift;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What is judged: a column's comparison or two row counts, and which questions are asked of it. */
public final class Measurement {
  /**
   * Rows in a time.
   *
   * @param rows of the table or slice, or that those of a sample stand for
   * @param effectiveRows that they are worth; {@code rows} without weights
   * @param hours positive
   */
  public record Count(long rows, double effectiveRows, double hours) {
    /** Checks the arguments. */
    public Count {
      if (rows < 0 || !(effectiveRows >= 0) || !(effectiveRows <= rows) || !(hours > 0)) {
        throw new IllegalArgumentException(
            rows + " rows worth " + effectiveRows + " in " + hours + " hours");
      }
    }

    /** Rows that each stand for themselves. */
    public static Count of(long rows, double hours) {
      return new Count(rows, rows, hours);
    }

    /** What the rows are worth, whole. */
    long worth() {
      return Math.round(effectiveRows);
    }

    /** The time in which so many would have come at the rate of {@code rows}. */
    double worthHours() {
      return rows == 0 ? hours : hours * effectiveRows / rows;
    }
  }

  /** Two row counts. */
  record Rows(Count reference, Count current) {
    /** The window's rows an hour by the reference's; finite. */
    double ratio() {
      double ratio = current.rows / current.hours / (reference.rows / reference.hours);
      return Double.isFinite(ratio) ? ratio : current.rows == 0 ? 1 : Double.MAX_VALUE;
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

  /** Row counts of a table or slice. */
  public static Measurement ofRows(Count reference, Count current) {
    return new Measurement(
        Optional.empty(),
        Optional.of(new Rows(reference, current)),
        EnumSet.of(CheckKind.ROW_COUNT));
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
