package dev.telltale.experiment;

import dev.telltale.experiment.Inference.Effect;
import dev.telltale.experiment.Inference.Lift;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.StudentDistribution;
import java.util.Optional;

/**
 * Tests the difference of two arms. Difference, lift and decision come from one statistic: the
 * interval of the lift is Fieller's (1954, doi:10.1111/j.2517-6161.1954.tb00159.x), which excludes
 * zero exactly where the test of the difference rejects. Immutable.
 *
 * <p>For superiority the interval has the confidence {@code 1 - alpha}, one-sided for a one-sided
 * alternative. For non-inferiority it is the one-sided interval that must stay within the margin;
 * for equivalence the two-sided one of confidence {@code 1 - 2 alpha}.
 */
public final class EffectTest {
  /** The distribution of the statistic. */
  public enum Distribution {
    /** Student's t with Welch's degrees of freedom. */
    T("welch"),
    /** Normal: for many units, whatever their distribution. */
    NORMAL("z");

    private final String test;

    Distribution(String test) {
      this.test = test;
    }
  }

  private final Hypothesis hypothesis;
  private final double alpha;
  private final Distribution distribution;

  private EffectTest(Hypothesis hypothesis, double alpha, Distribution distribution) {
    this.hypothesis = hypothesis;
    this.alpha = alpha;
    this.distribution = distribution;
  }

  /**
   * A test.
   *
   * @param alpha level, above 0, at most 0.5
   */
  public static EffectTest of(Hypothesis hypothesis, double alpha, Distribution distribution) {
    if (!(alpha > 0 && alpha <= 0.5)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", must be above 0, at most 0.5");
    }
    return new EffectTest(hypothesis, alpha, distribution);
  }

  /** The level. */
  public double alpha() {
    return alpha;
  }

  /** What is to be shown. */
  public Hypothesis hypothesis() {
    return hypothesis;
  }

  /** The same test at another level, as a look at a running experiment needs. */
  public EffectTest at(double level) {
    return of(hypothesis, level, distribution);
  }

  /**
   * Tests two arms.
   *
   * @throws IllegalArgumentException if nothing varies, or an estimate is not finite
   */
  public Inference test(ArmPair pair) {
    double error = pair.standardError(1);
    if (!(error > 0) || !Double.isFinite(error) || !Double.isFinite(pair.difference())) {
      throw new IllegalArgumentException(
          "difference " + pair.difference() + " with standard error " + error);
    }
    double degrees = degrees(pair, 1);
    double statistic = pair.difference() / error;
    double critical = StudentDistribution.upperQuantile(hypothesis.tail(alpha), degrees);
    double width = critical * error;
    double difference = pair.difference();
    Effect absolute =
        new Effect(
            difference,
            error,
            hypothesis.low(difference - width),
            hypothesis.high(difference + width),
            pValue(pair, statistic, degrees));
    String name = pair.isPaired() ? "paired " + distribution.test : distribution.test;
    return new Inference(
        pair.isPaired() && distribution == Distribution.T ? "paired" : name,
        statistic,
        degrees,
        absolute,
        lift(pair, critical));
  }

  private double degrees(ArmPair pair, double factor) {
    return distribution == Distribution.T
        ? pair.degreesOfFreedom(factor)
        : Double.POSITIVE_INFINITY;
  }

  private double pValue(ArmPair pair, double statistic, double degrees) {
    return switch (hypothesis.kind()) {
      case SUPERIORITY -> StudentDistribution.pValue(statistic, degrees, hypothesis.alternative());
      case NON_INFERIORITY ->
          hypothesis.alternative() == Alternative.GREATER ? notBelow(pair) : notAbove(pair);
      case EQUIVALENCE -> Math.max(notBelow(pair), notAbove(pair));
    };
  }

  /** P-value of the difference being above minus the margin. */
  private double notBelow(ArmPair pair) {
    return marginTest(pair, -1);
  }

  /** P-value of the difference being below the margin. */
  private double notAbove(ArmPair pair) {
    return marginTest(pair, 1);
  }

  /**
   * A relative margin makes the null hypothesis variant = factor x control, and the scatter of the
   * control's level takes part in the test. Where that level cannot be told from zero there is no
   * lift, and nothing is shown of it.
   */
  private double marginTest(ArmPair pair, int side) {
    // The degrees of the difference itself, so that interval and decision are of one distribution.
    double degrees = degrees(pair, 1);
    if (!hypothesis.isRelative()) {
      double distance = pair.difference() - side * hypothesis.margin();
      return StudentDistribution.upperTail(-side * distance / pair.standardError(1), degrees);
    }
    double factor = 1 + side * hypothesis.margin() * Math.signum(pair.control());
    double distance = pair.variant() - factor * pair.control();
    double level = Math.abs(pair.control()) / Math.sqrt(pair.controlVariance());
    return Math.max(
        StudentDistribution.upperTail(-side * distance / pair.standardError(factor), degrees),
        StudentDistribution.upperTail(level, degrees));
  }

  /**
   * Solved for the lift itself rather than for the ratio of the arms, whose digits would cancel
   * where the standard errors are small beside the levels; the end that may be zero is made of the
   * other one, so that its sign is that of the test.
   */
  private Optional<Lift> lift(ArmPair pair, double critical) {
    double control = Math.abs(pair.control());
    double square = critical * critical;
    double a = control * control - square * pair.controlVariance();
    if (!(a > 0)) {
      return Optional.empty();
    }
    double difference = pair.difference();
    double error = pair.standardError(1);
    double shared = Math.signum(pair.control()) * (pair.covariance() - pair.controlVariance());
    double b = control * difference - square * shared;
    double c = (difference - critical * error) * (difference + critical * error);
    double spread =
        control * control * error * error
            - 2 * control * difference * shared
            + difference * difference * pair.controlVariance()
            - square * (error * error * pair.controlVariance() - shared * shared);
    double root = critical * Math.sqrt(Math.max(0, spread));
    double sum = b > 0 ? b + root : b - root;
    double far = sum / a;
    double near = sum == 0 ? 0 : c / sum;
    return Optional.of(
        new Lift(
            difference / control,
            hypothesis.low(Math.min(near, far)),
            hypothesis.high(Math.max(near, far)),
            "fieller"));
  }
}
