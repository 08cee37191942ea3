package dev.telltale.quality;

import java.util.Optional;

/**
 * Cox's calibration line: the logistic regression of the label on the logit of the score. Intercept
 * 0 and slope 1 are perfect; a slope below 1 says that scores are too extreme. Cox 1958,
 * doi:10.1093/biomet/45.3-4.562. Fitted by Newton's method, O(cells) a step.
 *
 * @param intercept intercept
 * @param slope slope
 */
record CalibrationLine(Estimate intercept, Estimate slope) {
  private static final int MOST_STEPS = 50;
  private static final double ENOUGH = 1e-12;

  /** The line through labelled scores; empty if they do not determine one. */
  static Optional<CalibrationLine> of(ScoreCells cells, long rows) {
    double a = 0;
    double b = 1;
    for (int step = 0; step < MOST_STEPS; step++) {
      Terms sums = new Terms(cells, a, b);
      double determinant = sums.h00 * sums.h11 - sums.h01 * sums.h01;
      if (!(determinant > ENOUGH * sums.h00 * sums.h11)) {
        return Optional.empty();
      }
      double da = (sums.h11 * sums.g0 - sums.h01 * sums.g1) / determinant;
      double db = (sums.h00 * sums.g1 - sums.h01 * sums.g0) / determinant;
      a += da;
      b += db;
      if (!Double.isFinite(a) || !Double.isFinite(b)) {
        return Optional.empty();
      }
      if (Math.abs(da) <= ENOUGH * (1 + Math.abs(a))
          && Math.abs(db) <= ENOUGH * (1 + Math.abs(b))) {
        return Optional.of(line(new Terms(cells, a, b), a, b, rows));
      }
    }
    return Optional.empty();
  }

  private static CalibrationLine line(Terms s, double a, double b, long rows) {
    double determinant = s.h00 * s.h11 - s.h01 * s.h01;
    double i00 = s.h11 / determinant;
    double i01 = -s.h01 / determinant;
    double i11 = s.h00 / determinant;
    // Sandwich: with inclusion weights the inverse information alone is too small.
    double v0 = i00 * i00 * s.m00 + 2 * i00 * i01 * s.m01 + i01 * i01 * s.m11;
    double v1 = i01 * i01 * s.m00 + 2 * i01 * i11 * s.m01 + i11 * i11 * s.m11;
    return new CalibrationLine(estimate(a, v0, rows), estimate(b, v1, rows));
  }

  private static Estimate estimate(double value, double variance, long rows) {
    return Means.normal(value, Math.sqrt(variance), rows);
  }

  /** Gradient, information and its middle term at a point. */
  private static final class Terms {
    private double g0;
    private double g1;
    private double h00;
    private double h01;
    private double h11;
    private double m00;
    private double m01;
    private double m11;

    Terms(ScoreCells cells, double a, double b) {
      for (int i = 0; i < cells.size(); i++) {
        double x = logit(cells.score(i));
        double p = 1 / (1 + Math.exp(-(a + b * x)));
        double negative = cells.negative(i);
        double positive = cells.positive(i);
        double residual = positive * (1 - p) - negative * p;
        g0 += residual;
        g1 += residual * x;
        double information = (negative + positive) * p * (1 - p);
        h00 += information;
        h01 += information * x;
        h11 += information * x * x;
        double middle =
            cells.squaredPositive(i) * (1 - p) * (1 - p) + cells.squaredNegative(i) * p * p;
        m00 += middle;
        m01 += middle * x;
        m11 += middle * x * x;
      }
    }

    private static double logit(double score) {
      double least = BinaryState.LEAST_PROBABILITY;
      double p = Math.max(least, Math.min(1 - least, score));
      return Math.log(p) - Math.log1p(-p);
    }
  }
}
