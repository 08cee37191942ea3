package dev.telltale.system;

import dev.telltale.quality.Estimate;
import java.util.Optional;

/**
 * A metric of the service in a window.
 *
 * @param name name, which says the unit
 * @param estimate value and uncertainty; empty where there is too little data
 * @param n rows, minutes or reports that it rests on
 * @param because why there is too little data, or what was left out; empty = nothing to say
 */
public record SystemMetric(String name, Optional<Estimate> estimate, long n, String because) {
  static SystemMetric exact(String name, double value, long n) {
    return new SystemMetric(name, Optional.of(Estimate.bare(value, n)), n, "");
  }

  static SystemMetric unknown(String name, long n, String because) {
    return new SystemMetric(name, Optional.empty(), n, because);
  }
}
