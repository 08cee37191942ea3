package dev.telltale.kpi;

import dev.telltale.quality.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The difference of two periods, a window being an observation.
 *
 * @param current value now
 * @param reference value compared with
 * @param low lower end of the 95 % interval of the difference
 * @param high upper end
 * @param pValue two-sided p-value of no difference
 */
public record PeriodComparison(
    Period current, Period reference, double low, double high, double pValue) {
  private static final double UPPER = 0.975;

  /** Of different windows: Welch's t test (1947, doi:10.1093/biomet/34.1-2.28). */
  public static PeriodComparison of(Period current, Period reference) {
    double first = current.stdError() * current.stdError();
    double second = reference.stdError() * reference.stdError();
    double stdError = Math.sqrt(first + second);
    double degrees =
        (first + second)
            * (first + second)
            / (first * first / (current.windows() - 1)
                + second * second / (reference.windows() - 1));
    return of(current, reference, stdError, degrees);
  }

  /**
   * Of the same windows, such as those of two versions side by side: the paired t test, in which
   * what days have in common cancels.
   *
   * @param reference as many as {@code current}, in the same order
   */
  public static PeriodComparison paired(List<Estimate> current, List<Estimate> reference) {
    List<Estimate> differences = new ArrayList<>();
    for (int i = 0; i < current.size(); i++) {
      Estimate one = current.get(i);
      Estimate other = reference.get(i);
      differences.add(
          new Estimate(
              one.value() - other.value(),
              OptionalDouble.of(Math.hypot(one.stdError().orElse(0), other.stdError().orElse(0))),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              one.rows(),
              0));
    }
    return of(
        Period.of(current),
        Period.of(reference),
        Period.of(differences).stdError(),
        current.size() - 1.0);
  }

  private static PeriodComparison of(
      Period current, Period reference, double stdError, double degrees) {
    double difference = current.value() - reference.value();
    if (stdError == 0) {
      return new PeriodComparison(
          current, reference, difference, difference, difference == 0 ? 1 : 0);
    }
    TDistribution t = new TDistribution(null, degrees);
    double half = t.inverseCumulativeProbability(UPPER) * stdError;
    return new PeriodComparison(
        current,
        reference,
        difference - half,
        difference + half,
        Math.min(1, 2 * t.cumulativeProbability(-Math.abs(difference) / stdError)));
  }

  /** Current minus reference. */
  public double difference() {
    return current.value() - reference.value();
  }
}
