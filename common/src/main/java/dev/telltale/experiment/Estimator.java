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
   */
  public static ArmPair adjusted(
      CrossMoments control, CrossMoments variant, Estimand estimand, Adjustment adjustment) {
    Arm c = new Arm(control, estimand);
    Arm v = new Arm(variant, estimand);
    double total = c.n + v.n;
    if (adjustment == Adjustment.CUPED) {
      RealMatrix within = c.xx.scalarMultiply(c.n - 1).add(v.xx.scalarMultiply(v.n - 1));
      RealVector with = c.xz.mapMultiply(c.n - 1).add(v.xz.mapMultiply(v.n - 1));
      RealVector theta = solve(within, with);
      double correction = (total - 2) / (total - 2 - theta.getDimension());
      c.adjust(theta, correction);
      v.adjust(theta, correction);
    } else {
      c.adjust(solve(c.xx, c.xz), (c.n - 1) / (c.n - 1 - c.means.getDimension()));
      v.adjust(solve(v.xx, v.xz), (v.n - 1) / (v.n - 1 - v.means.getDimension()));
    }

    RealVector center = c.means.mapMultiply(c.n / total).add(v.means.mapMultiply(v.n / total));
    RealMatrix spread = c.xx.scalarMultiply(c.n / total).add(v.xx.scalarMultiply(v.n / total));
    double covariance =
        (c.theta.dotProduct(spread.operate(v.theta))
                + v.theta.dotProduct(c.residualWithX)
                + c.theta.dotProduct(v.residualWithX))
            / total;
    List<Double> theta = new ArrayList<>(list(c.theta));
    if (adjustment == Adjustment.INTERACTED) {
      theta.addAll(list(v.theta));
    }
    double lost = adjustment == Adjustment.INTERACTED ? c.means.getDimension() : 0;
    return new ArmPair(
        c.value - c.theta.dotProduct(c.means.subtract(center)),
        v.value - v.theta.dotProduct(v.means.subtract(center)),
        c.variance(spread, total),
        v.variance(spread, total),
        covariance,
        c.n - 1 - lost,
        v.n - 1 - lost,
        false,
        theta);
  }

  /** Share of one arm's variance that the covariates take away, 0 to 1; 0 if nothing varies. */
  public static double explained(CrossMoments moments, Estimand estimand) {
    Arm arm = new Arm(moments, estimand);
    arm.adjust(solve(arm.xx, arm.xz), 1);
    return arm.rawVariance > 0 ? 1 - arm.residualVariance / arm.rawVariance : 0;
  }

  private static List<Double> list(RealVector vector) {
    return IntStream.range(0, vector.getDimension()).mapToObj(vector::getEntry).toList();
  }

  /** Least squares of smallest norm after scaling; what the others explain gets nothing extra. */
  private static RealVector solve(RealMatrix matrix, RealVector right) {
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
    RealVector solution = pseudoInverse(scaled).operate(vector);
    return solution.ebeMultiply(new ArrayRealVector(scale));
  }

  private static RealMatrix pseudoInverse(RealMatrix symmetric) {
    SingularValueDecomposition decomposition = new SingularValueDecomposition(symmetric);
    double[] values = decomposition.getSingularValues();
    RealMatrix inverse = new Array2DRowRealMatrix(values.length, values.length);
    for (int k = 0; k < values.length; k++) {
      // Of a correlation matrix: below this, one covariate is a sum of the others up to rounding.
      if (values[k] > 1e-10) {
        RealVector u = decomposition.getU().getColumnVector(k);
        RealVector v = decomposition.getV().getColumnVector(k);
        inverse = inverse.add(v.outerProduct(u).scalarMultiply(1 / values[k]));
      }
    }
    return inverse;
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

    void adjust(RealVector coefficients, double correction) {
      theta = coefficients;
      residualWithX = xz.subtract(xx.operate(theta));
      double residual =
          rawVariance - 2 * theta.dotProduct(xz) + theta.dotProduct(xx.operate(theta));
      residualVariance = Math.max(0, residual) * correction;
    }

    /** Squared standard error of the adjusted estimate: of the residuals and of the center. */
    double variance(RealMatrix spread, double total) {
      return residualVariance / n
          + (theta.dotProduct(spread.operate(theta)) + 2 * theta.dotProduct(residualWithX)) / total;
    }
  }
}
