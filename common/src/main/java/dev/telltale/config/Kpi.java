package dev.telltale.config;

import java.util.Optional;

/**
 * A goal that the model is a proxy for, such as clicks or revenue: a table of events.
 *
 * @param name name; the {@code kpi} of every result row
 * @param table Delta path, absolute or relative to the lake, or catalog name
 * @param eventTime timestamp column: when the event happened
 * @param value numeric column with what an event is worth; without it, events count
 * @param id column with the id of the prediction that led to the event; without it, an event is of
 *     the window it happened in
 * @param goal which way is better
 */
public record Kpi(
    String name,
    String table,
    String eventTime,
    Optional<String> value,
    Optional<String> id,
    Goal goal) {
  /** Which way is better. */
  public enum Goal {
    /** More is better. */
    INCREASE,
    /** Less is better. */
    DECREASE;

    /** A change in the direction of the goal, positive where it is a gain. */
    public double gain(double change) {
      return this == INCREASE ? change : -change;
    }
  }

  /** What the value of a window is. */
  public enum Measure {
    /** Sum of the values of a window's predictions, divided by their number. */
    PER_PREDICTION,
    /** Mean value of the events. */
    PER_EVENT,
    /** Number of events. */
    COUNT
  }

  /** What the value of a window is. */
  public Measure measure() {
    return id.isPresent()
        ? Measure.PER_PREDICTION
        : value.isPresent() ? Measure.PER_EVENT : Measure.COUNT;
  }
}
