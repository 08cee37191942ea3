package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.StandardNormal;
import java.util.Optional;
import java.util.OptionalDouble;

/** Mean cost of a thousand answers, of those that have one. */
record CostRate() implements ServiceMetric {
  static final String NAME = "cost_per_thousand";
  private static final double THOUSAND = 1000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isMeasured(ServiceWindow window, SystemQuality declared) {
    return declared.cost().isPresent();
  }

  @Override
  public SystemMetric of(ServiceWindow window) {
    long n = window.state().costs().rows();
    Optional<Estimate> estimate = estimate(window);
    return estimate.isPresent()
        ? new SystemMetric(NAME, estimate, n, "")
        : SystemMetric.unknown(NAME, n, "There are fewer than 2 costs.");
  }

  private static Optional<Estimate> estimate(ServiceWindow window) {
    return window
        .state()
        .costs()
        .mean()
        .filter(mean -> mean.stdError().isPresent())
        .map(
            mean ->
                Estimate.of(
                    THOUSAND * mean.value(),
                    THOUSAND * mean.stdError().getAsDouble(),
                    THOUSAND * mean.low().getAsDouble(),
                    THOUSAND * mean.high().getAsDouble(),
                    mean.rows()));
  }

  @Override
  public OptionalDouble beyond(ServiceWindow window, double objective) {
    Estimate now = estimate(window).orElseThrow();
    return OptionalDouble.of(upperTail(now.value() - objective, now.stdError().getAsDouble()));
  }

  @Override
  public Optional<Change> change(SystemQuality declared) {
    return Optional.of(new Change(declared.changes().costRatio(), true, CostRate::different));
  }

  /** Two means that are as good as normal: rows are many where anybody looks at a mean cost. */
  private static double different(ServiceWindow window, ServiceWindow other) {
    Estimate now = estimate(window).orElseThrow();
    Estimate then = estimate(other).orElseThrow();
    double stdError = Math.hypot(now.stdError().getAsDouble(), then.stdError().getAsDouble());
    return Math.min(1, 2 * upperTail(Math.abs(now.value() - then.value()), stdError));
  }

  private static double upperTail(double distance, double stdError) {
    if (stdError == 0) {
      return distance > 0 ? 0 : 1;
    }
    return StandardNormal.upperTail(distance / stdError);
  }
}
