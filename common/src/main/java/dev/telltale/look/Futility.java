package dev.telltale.look;

import dev.telltale.sequential.FutilityBounds;
import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Below what a gain in standard errors the effect that was planned would probably not be found any
 * more. That effect is the one that {@link FutilityBounds#planned} finds with a power of 80 % in
 * {@value #PLANNED} even looks, one-sided at alpha / 2; it is the same at all looks.
 */
final class Futility {
  private static final double BETA = 0.2;
  private static final int PLANNED = 10;

  private final SequentialDesign design;
  private final Map<List<Double>, Double> known = new ConcurrentHashMap<>();
  private volatile double drift = Double.NaN;

  Futility(double alpha, Spending spending) {
    this.design = new SequentialDesign(alpha / 2, Sides.ONE, spending);
  }

  /** The bound at the latest of looks; negative infinity where nothing may be spent. */
  double bound(List<Double> information) {
    Double bound = known.get(information);
    if (bound == null) {
      bound = compute(information);
      known.put(List.copyOf(information), bound);
    }
    return bound;
  }

  private double compute(List<Double> information) {
    if (Double.isNaN(drift)) {
      double[] even = new double[PLANNED];
      Arrays.setAll(even, k -> (k + 1.0) / PLANNED);
      drift =
          FutilityBounds.planned(GroupSequentialBounds.of(design, even), BETA, design.spending())
              .drift();
    }
    double[] looks = information.stream().mapToDouble(Double::doubleValue).toArray();
    List<Double> lower =
        FutilityBounds.of(GroupSequentialBounds.of(design, looks), drift, BETA, design.spending())
            .lower();
    return lower.get(lower.size() - 1);
  }
}
