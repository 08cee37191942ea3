package dev.telltale.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** Estimates of two arms from their moments. */
public final class Estimator {
  private Estimator() {}

  /** Of independent arms, as they are. */
  public static ArmPair unadjusted(CrossMoments control, CrossMoments variant, Estimand estimand) {
    return new ArmPair(
        estimand.value(control),
        estimand.value(variant),
        estimand.variance(control) / control.n(),
        estimand.variance(variant) / variant.n(),
        0,
        control.n() - 1.0,
        variant.n() - 1.0,
        false,
        List.of());
  }

  /**
   * Of two measurements of the same or matched units.
   *
   * @param pairs moments of the pairs
   * @param before column that stands for the control
   * @param after column that stands for the variant
   */
  public static ArmPair paired(CrossMoments pairs, int before, int after) {
    double n = pairs.n();
    return new ArmPair(
        pairs.mean(before),
        pairs.mean(after),
        pairs.variance(before) / n,
        pairs.variance(after) / n,
        pairs.covariance(before, after) / n,
        n - 1,
        n - 1,
        true,
        List.of());
  }

  /**
   * Of independent arms, each moved to the covariate means of both together, so that levels, and
   * with them lifts, stay those of the experiment's population. Ratios are adjusted through their
   * influence. A covariate that is constant, or a sum of others, takes no part.
   *
   * <p>The covariance of the two estimates comes from the common covariate means. Residual
   * variances have the degrees of freedom of their coefficients taken off.
   *
   * @throws IllegalArgumentException if there are no more units than coefficients
   */
  public static ArmPair adjusted(
      CrossMoments control, CrossMoments variant, Estimand estimand, Adjustment adjustment) {
    Arm c = new Arm(control, estimand);
    Arm v = new Arm(variant, estimand);
    double total = c.n + v.n;
    boolean isCommon = adjustment == Adjustment.CUPED;
    if (isCommon) {
      RealMatrix within = c.xx.scalarMultiply(c.n - 1).add(v.xx.scalarMultiply(v.n - 1));
      RealVector with = c.xz.mapMultiply(c.n - 1).add(v.xz.mapMultiply(v.n - 1));
      Coefficients theta = solve(within, with);
      c.adjust(theta, total - 2);
      v.adjust(theta, total - 2);
    } else {
      c.adjust(solve(c.xx, c.xz), c.n - 1);
      v.adjust(solve(v.xx, v.xz), v.n - 1);
    }

    RealVector center = c.means.mapMultiply(c.n / total).add(v.means.mapMultiply(v.n / total));
    RealMatrix spread = c.xx.scalarMultiply(c.n / total).add(v.xx.scalarMultiply(v.n / total));
    double covariance =
        (c.theta.dotProduct(spread.operate(v.theta))
                + v.theta.dotProduct(c.residualWithX)
                + c.theta.dotProduct(v.residualWithX))
            / total;
    List<Double> theta = new ArrayList<>(list(c.theta));
    if (!isCommon) {
      theta.addAll(list(v.theta));
    }
    return new ArmPair(
        c.value - c.theta.dotProduct(c.means.subtract(center)),
        v.value - v.theta.dotProduct(v.means.subtract(center)),
        c.variance(spread, total),
        v.variance(spread, total),
        covariance,
        c.n - 1 - (isCommon ? 0 : c.rank),
        v.n - 1 - (isCommon ? 0 : v.rank),
        false,
        theta);
  }

  /**
   * Share of one arm's variance that the covariates take away, with the degrees of freedom of their
   * coefficients taken off: 0 to 1; 0 if nothing varies.
   *
   * @throws IllegalArgumentException if there are no more units than coefficients
   */
  public static double explained(CrossMoments moments, Estimand estimand) {
    Arm arm = new Arm(moments, estimand);
    arm.adjust(solve(arm.xx, arm.xz), arm.n - 1);
    return arm.rawVariance > 0 ? Math.max(0, 1 - arm.residualVariance / arm.rawVariance) : 0;
  }

  private static List<Double> list(RealVector vector) {
    return IntStream.range(0, vector.getDimension()).mapToObj(vector::getEntry).toList();
  }

  /**
   * Of covariates.
   *
   * @param theta a coefficient for each
   * @param rank how many of them are neither constant nor sums of others
   */
  private record Coefficients(RealVector theta, int rank) {}

  /** Least squares of smallest norm after scaling; what the others explain gets nothing extra. */
  private static Coefficients solve(RealMatrix matrix, RealVector right) {
    int size = right.getDimension();
    double[] scale = new double[size];
    for (int i = 0; i < size; i++) {
      scale[i] = matrix.getEntry(i, i) > 0 ? 1 / Math.sqrt(matrix.getEntry(i, i)) : 0;
    }
    RealMatrix scaled = new Array2DRowRealMatrix(size, size);
    RealVector vector = new ArrayRealVector(size);
    for (int i = 0; i < size; i++) {
      vector.setEntry(i, right.getEntry(i) * scale[i]);
      for (int j = 0; j < size; j++) {
        scaled.setEntry(i, j, matrix.getEntry(i, j) * scale[i] * scale[j]);
      }
    }
    SingularValueDecomposition decomposition = new SingularValueDecomposition(scaled);
    double[] values = decomposition.getSingularValues();
    RealVector solution = new ArrayRealVector(size);
    int rank = 0;
    // Of a correlation matrix: below this, one covariate is a sum of the others up to rounding.
    while (rank < size && values[rank] > 1e-10) {
      double along = decomposition.getU().getColumnVector(rank).dotProduct(vector);
      solution =
          solution.add(
              decomposition.getV().getColumnVector(rank).mapMultiply(along / values[rank]));
      rank++;
    }
    return new Coefficients(solution.ebeMultiply(new ArrayRealVector(scale)), rank);
  }

  /** One arm's part of an adjustment. */
  private static final class Arm {
    private final double n;
    private final double value;
    private final double rawVariance;
    private final RealVector means;
    private final RealMatrix xx;
    private final RealVector xz;
    private RealVector theta;
    private RealVector residualWithX;
    private double residualVariance;
    private int rank;

    Arm(CrossMoments moments, Estimand estimand) {
      List<Integer> covariates = estimand.covariates();
      int size = covariates.size();
      this.n = moments.n();
      this.value = estimand.value(moments);
      this.rawVariance = estimand.variance(moments);
      this.means = new ArrayRealVector(size);
      this.xx = new Array2DRowRealMatrix(size, size);
      this.xz = new ArrayRealVector(size);
      for (int i = 0; i < size; i++) {
        means.setEntry(i, moments.mean(covariates.get(i)));
        xz.setEntry(i, estimand.covariance(moments, covariates.get(i)));
        for (int j = 0; j < size; j++) {
          xx.setEntry(i, j, moments.covariance(covariates.get(i), covariates.get(j)));
        }
      }
    }

    void adjust(Coefficients coefficients, double degrees) {
      theta = coefficients.theta();
      rank = coefficients.rank();
      if (!(degrees > rank)) {
        throw new IllegalArgumentException("too few units to adjust for covariates");
      }
      residualWithX = xz.subtract(xx.operate(theta));
      double residual =
          rawVariance - 2 * theta.dotProduct(xz) + theta.dotProduct(xx.operate(theta));
      residualVariance = Math.max(0, residual) * degrees / (degrees - rank);
    }

    /** Squared standard error of the adjusted estimate: of the residuals and of the center. */
    double variance(RealMatrix spread, double total) {
      return residualVariance / n
          + (theta.dotProduct(spread.operate(theta)) + 2 * theta.dotProduct(residualWithX)) / total;
    }
  }
}
