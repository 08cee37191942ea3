package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import java.util.Optional;
import java.util.OptionalDouble;

/** How a metric of the service is measured and judged. */
interface ServiceMetric {
  /** Its name, which says the unit. */
  String name();

  /** Whether it can be measured of a window. */
  boolean isMeasured(ServiceWindow window, SystemQuality declared);

  /** Of a window that it is measured of. */
  SystemMetric of(ServiceWindow window);

  /** Whether an objective is a lower limit. */
  default boolean isHigherBetter() {
    return false;
  }

  /** Whether an objective is one of each version's answers; else of the service as a whole. */
  default boolean isOfVersions() {
    return true;
  }

  /**
   * One-sided p-value of the objective being met.
   *
   * @return empty where the value is that of the window itself and not of a sample
   */
  default OptionalDouble beyond(ServiceWindow window, double objective) {
    return OptionalDouble.empty();
  }

  /** How it is held against another window; empty = it is not. */
  default Optional<Change> change(SystemQuality declared) {
    return Optional.empty();
  }

  /**
   * How two windows are compared.
   *
   * @param threshold from here on a change matters
   * @param isRatio whether that is a ratio; else a difference
   * @param test two-sided p-value of no change
   */
  record Change(double threshold, boolean isRatio, Test test) {}

  /** A test of two windows. */
  @FunctionalInterface
  interface Test {
    /** Two-sided p-value of no change. */
    double pValue(ServiceWindow window, ServiceWindow other);
  }
}
