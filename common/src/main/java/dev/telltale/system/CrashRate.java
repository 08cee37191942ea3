package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.PoissonInterval;
import dev.telltale.stats.PoissonRatioTest;
import dev.telltale.stats.RareEventTest;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Crash reports for each thousand requests. */
record CrashRate() implements ServiceMetric {
  static final String NAME = "crashes_per_thousand";
  private static final double THOUSAND = 1000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isMeasured(ServiceWindow window, SystemQuality declared) {
    return window.crashes().isPresent();
  }

  @Override
  public SystemMetric of(ServiceWindow window) {
    long crashes = window.crashes().orElseThrow();
    long requests = window.state().rows();
    if (requests == 0) {
      return SystemMetric.unknown(
          NAME, crashes, String.format(Locale.ROOT, "%,d crashes and no request.", crashes));
    }
    PoissonInterval interval = PoissonInterval.of(crashes);
    double scale = THOUSAND / requests;
    Estimate estimate =
        Estimate.of(
            crashes * scale,
            Math.sqrt((double) crashes) * scale,
            interval.low() * scale,
            interval.high() * scale,
            crashes);
    return new SystemMetric(NAME, Optional.of(estimate), crashes, "");
  }

  @Override
  public OptionalDouble beyond(ServiceWindow window, double objective) {
    return OptionalDouble.of(
        RareEventTest.poisson(
            window.crashes().orElseThrow(), objective * window.state().rows() / THOUSAND));
  }

  @Override
  public Optional<Change> change(SystemQuality declared) {
    return Optional.of(
        new Change(
            declared.changes().crashRatio(),
            true,
            (window, other) ->
                new PoissonRatioTest(
                        window.crashes().orElseThrow(),
                        (double) window.state().rows(),
                        other.crashes().orElseThrow(),
                        (double) other.state().rows())
                    .pValue(Alternative.TWO_SIDED)));
  }
}
