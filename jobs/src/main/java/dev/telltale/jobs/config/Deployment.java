package dev.telltale.jobs.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code conf/telltale.yaml} sets; all of it may be absent.
 *
 * @param lake directory of the lake, or {@code CATALOG.SCHEMA}
 * @param master Spark master, where spark-submit does not set one
 * @param verbosity 0 to 3
 */
public record Deployment(Optional<String> lake, Optional<String> master, OptionalInt verbosity) {
  /** Sets nothing. */
  public static final Deployment NONE =
      new Deployment(Optional.empty(), Optional.empty(), OptionalInt.empty());
}
