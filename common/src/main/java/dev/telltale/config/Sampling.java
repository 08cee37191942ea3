package dev.telltale.config;

import java.util.List;
import java.util.Optional;

/**
 * How the telemetry is sampled. Where it is declared, {@link ModelConfig#predictions()} is the
 * sample, and {@link ModelConfig#telemetry()} what it is drawn from.
 *
 * @param telemetry table that is sampled: a Delta path, absolute or relative to the lake, or a
 *     catalog name
 * @param weight column of the telemetry with an inclusion weight, if it is a sample already
 * @param amount how much is kept
 * @param strata columns; rows with the same values are one stratum; empty = all rows are one
 * @param allocation how the amount is shared out among strata
 * @param measure numeric column whose spread in a stratum decides, of {@link Allocation#NEYMAN}
 * @param unit column with what is kept or left as one, such as a user; empty = the prediction
 * @param whole SQL conditions over the telemetry; rows for which one holds are all kept
 * @param costPerMillionRows what keeping a million rows costs, in any currency
 */
public record Sampling(
    String telemetry,
    Optional<String> weight,
    Amount amount,
    List<String> strata,
    Allocation allocation,
    Optional<String> measure,
    Optional<String> unit,
    List<String> whole,
    Optional<Double> costPerMillionRows) {
  /** Columns that a sample has besides those of the telemetry. */
  public static final String WEIGHT = "telltale_weight";

  /** Copies the lists. */
  public Sampling {
    strata = List.copyOf(strata);
    whole = List.copyOf(whole);
  }

  /** How the amount is shared out among strata. */
  public enum Allocation {
    /** The same rate everywhere. */
    PROPORTIONAL,
    /** In proportion to rows times spread: a homogeneous stratum needs few rows. */
    NEYMAN,
    /** As the plan of the day says, which the night before it made of what it found. */
    ADAPTIVE
  }

  /** What an amount is of. */
  public enum AmountKind {
    /** A share of the rows, above 0 and at most 1. */
    RATE,
    /** Rows of a day that are expected to be kept. */
    ROWS_PER_DAY,
    /** What the rows that are expected to be kept of a day cost. */
    COST_PER_DAY,
    /** Rows of each stratum and day: exactly so many, if there are. */
    ROWS_PER_STRATUM
  }

  /**
   * How much is kept.
   *
   * @param value above 0
   */
  public record Amount(AmountKind kind, double value) {}

  /**
   * Rows of a day that are expected to be kept, besides those that are kept for certain; above 0.
   *
   * @param rows rows that the day has
   * @throws IllegalStateException if a number of each stratum is kept, which is none of a day
   */
  public double budget(double rows) {
    double value = amount.value();
    return switch (amount.kind()) {
      case RATE -> Math.max(Double.MIN_NORMAL, value * rows);
      case ROWS_PER_DAY -> value;
      case COST_PER_DAY -> value / costPerMillionRows.orElseThrow() * 1e6;
      case ROWS_PER_STRATUM -> throw new IllegalStateException("There is no number of a day");
    };
  }
}
