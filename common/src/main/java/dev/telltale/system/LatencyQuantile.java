package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.ProportionTest;
import dev.telltale.stats.QuantileRanks;
import dev.telltale.stats.RareEventTest;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A quantile of the latency.
 *
 * @param name name
 * @param level above 0 and below 1
 */
record LatencyQuantile(String name, double level) implements ServiceMetric {
  @Override
  public boolean isMeasured(ServiceWindow window, SystemQuality declared) {
    return declared.latencyMs().isPresent();
  }

  @Override
  public SystemMetric of(ServiceWindow window) {
    LatencyCounts latencies = window.state().latencies();
    long n = worth(window);
    long unusable = window.state().unusableLatencies();
    String left =
        unusable == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "%,d latencies that are negative, NaN or infinite are left out.",
                unusable);
    if (n == 0) {
      return SystemMetric.unknown(name, 0, ("There is no latency. " + left).strip());
    }
    QuantileRanks ranks = QuantileRanks.of(level, n);
    if (ranks.low() < 1 || ranks.high() > n) {
      String because =
          String.format(
              Locale.ROOT,
              "There are %,d latencies, and %,d are needed. %s",
              n,
              QuantileRanks.needed(level),
              left);
      return SystemMetric.unknown(name, n, because.strip());
    }
    double scale = (double) latencies.total() / n;
    double value = latencies.atRank(level * latencies.total());
    Estimate estimate =
        new Estimate(
            value,
            OptionalDouble.empty(),
            OptionalDouble.of(latencies.atRank(ranks.low() * scale)),
            OptionalDouble.of(latencies.atRank(ranks.high() * scale)),
            n,
            LatencyCounts.RELATIVE_ERROR * value);
    return new SystemMetric(name, Optional.of(estimate), n, left);
  }

  private static long worth(ServiceWindow window) {
    return window.state().worth(window.state().latencies().total());
  }

  /** More latencies above the objective than the level allows. */
  @Override
  public OptionalDouble beyond(ServiceWindow window, double objective) {
    long above = window.state().worth(window.state().latencies().above(objective));
    long n = worth(window);
    return OptionalDouble.of(RareEventTest.binomial(Math.min(above, n), n, 1 - level));
  }

  @Override
  public Optional<Change> change(SystemQuality declared) {
    return Optional.of(new Change(declared.changes().latencyRatio(), true, this::different));
  }

  /**
   * The median test at any level: how many of each sample are above the quantile of both together,
   * as two proportions (Mood 1950, Introduction to the Theory of Statistics).
   */
  private double different(ServiceWindow window, ServiceWindow other) {
    LatencyCounts pooled = new LatencyCounts();
    pooled.merge(window.state().latencies());
    pooled.merge(other.state().latencies());
    double cut = pooled.atRank(level * pooled.total());
    return ProportionTest.different(
        above(window, cut), worth(window), above(other, cut), worth(other));
  }

  private static long above(ServiceWindow window, double cut) {
    return Math.min(worth(window), window.state().worth(window.state().latencies().above(cut)));
  }
}
