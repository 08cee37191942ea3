package dev.telltale.experiment;

import java.util.List;
import java.util.Optional;

/**
 * A quantile of one arm's rows, which are clustered in units.
 *
 * <p>The value is the smallest one that the share of the rows reaches, interpolated in its bin. The
 * standard error s of that share is that of a ratio of two sums over units (Deng, Knoblich and Lu
 * 2018, doi:10.1145/3219819.3219919); the interval is made of the values at the shares {@code
 * quantile - Z s} and {@code quantile + Z s} (Woodruff 1952, doi:10.2307/2280781), and its width by
 * {@code 2 Z} is the standard error of the value. Rows of a unit may depend on each other in any
 * way; units may not. In a skewed tail the standard error is somewhat too large: simulated, at the
 * 0.95 quantile of lognormal rows by 13 % of 200 units with nine rows each, by 5 % of 500.
 *
 * @param quantile above 0, below 1
 * @param units units with rows
 * @param rows their rows
 * @param value the estimate, within {@link QuantileState#BIN_WIDTH} of that of the rows; NaN
 *     without rows
 * @param low lower end of the 95 % interval; NaN where there is none
 * @param high upper end
 * @param standardError of the value, above 0; NaN where there is none
 * @param insufficient why there is neither interval nor standard error, as the end of a sentence;
 *     empty where there are
 */
public record QuantileEstimate(
    double quantile,
    long units,
    long rows,
    double value,
    double low,
    double high,
    double standardError,
    Optional<String> insufficient) {
  /** Standard errors of the share on each side of the interval: the normal 95 %. */
  public static final double Z = 1.96;

  /** Degrees of freedom of the standard error: units less one. */
  public double degrees() {
    return units - 1.0;
  }

  /**
   * A unit's influence on the quantile as a column of one value each: its mean is the estimate, and
   * its variance by the units the squared standard error, 0 where there is none. So a test of means
   * tests the quantile.
   */
  public CrossMoments moments() {
    if (units == 0) {
      return new CrossMoments(1);
    }
    double variance = insufficient.isPresent() ? 0 : standardError * standardError * units;
    return CrossMoments.of(units, new double[] {value}, new double[][] {{variance}});
  }

  /**
   * Two independent arms, for {@link EffectTest}.
   *
   * @throws IllegalArgumentException if one has no standard error
   */
  public static ArmPair pair(QuantileEstimate control, QuantileEstimate variant) {
    for (QuantileEstimate one : List.of(control, variant)) {
      if (one.insufficient().isPresent()) {
        throw new IllegalArgumentException("no standard error: " + one.insufficient().get());
      }
    }
    return new ArmPair(
        control.value,
        variant.value,
        control.standardError * control.standardError,
        variant.standardError * variant.standardError,
        0,
        control.degrees(),
        variant.degrees(),
        false,
        List.of());
  }
}
