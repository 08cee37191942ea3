package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.ProportionTest;
import dev.telltale.stats.RareEventTest;
import dev.telltale.stats.WilsonInterval;
import java.util.Optional;
import java.util.OptionalDouble;

/** Share of the answers that are errors, of those that can say so. */
record ErrorRate() implements ServiceMetric {
  static final String NAME = "error_rate";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isMeasured(ServiceWindow window, SystemQuality declared) {
    return declared.error().isPresent();
  }

  @Override
  public SystemMetric of(ServiceWindow window) {
    SystemState state = window.state();
    if (state.judged() == 0) {
      return SystemMetric.unknown(NAME, 0, "No row says whether it is an error.");
    }
    double value = (double) state.errors() / state.judged();
    long n = trials(window);
    WilsonInterval interval = WilsonInterval.of(value, (double) n);
    double stdError = Math.sqrt(value * (1 - value) / n);
    return new SystemMetric(
        NAME, Optional.of(Estimate.of(value, stdError, interval.low(), interval.high(), n)), n, "");
  }

  private static long trials(ServiceWindow window) {
    return Math.max(1, window.state().worth(window.state().judged()));
  }

  private static long errors(ServiceWindow window) {
    return Math.min(trials(window), window.state().worth(window.state().errors()));
  }

  @Override
  public OptionalDouble beyond(ServiceWindow window, double objective) {
    return OptionalDouble.of(
        RareEventTest.binomial(errors(window), trials(window), Math.min(1, objective)));
  }

  @Override
  public Optional<Change> change(SystemQuality declared) {
    return Optional.of(
        new Change(
            declared.changes().errorRate(),
            false,
            (window, other) ->
                ProportionTest.different(
                    errors(window), trials(window), errors(other), trials(other))));
  }
}
