package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;

/**
 * A metric that the rows of the window say without doubt: a count, a sum, an age.
 *
 * @param name name
 * @param measured of which windows
 * @param value its value; NaN = there is none without requests
 * @param isHigherBetter whether an objective is a lower limit
 */
record PlainMetric(
    String name,
    BiPredicate<ServiceWindow, SystemQuality> measured,
    ToDoubleFunction<ServiceWindow> value,
    boolean isHigherBetter)
    implements ServiceMetric {
  /** Less is better. */
  PlainMetric(
      String name,
      BiPredicate<ServiceWindow, SystemQuality> measured,
      ToDoubleFunction<ServiceWindow> value) {
    this(name, measured, value, false);
  }

  @Override
  public boolean isOfVersions() {
    return false;
  }

  @Override
  public boolean isMeasured(ServiceWindow window, SystemQuality declared) {
    return measured.test(window, declared);
  }

  @Override
  public SystemMetric of(ServiceWindow window) {
    double known = value.applyAsDouble(window);
    return Double.isNaN(known)
        ? SystemMetric.unknown(name, 0, "There is no request.")
        : SystemMetric.exact(name, known, window.state().rows());
  }
}
