package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.quality.Estimate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.spark.api.java.JavaPairRDD;

/** Tells the metrics of windows before their labels are known. Lives on the driver. */
interface Estimator {
  /**
   * One metric of a window, version and slice.
   *
   * @param estimate has a standard error, that of the difference to what labels will say, and an
   *     interval
   */
  record Estimated(StateKey key, String metric, Estimate estimate) {}

  /** The labels that it learned from, in words; empty where there are too few to learn from. */
  Optional<String> learnedFrom();

  /**
   * The metrics that it can tell; only where it has learned.
   *
   * @param states of some windows, among them {@code windows}; of all feedback sources
   */
  List<Estimated> estimates(
      Granularity granularity, SortedSet<Instant> windows, JavaPairRDD<StateKey, byte[]> states);
}
