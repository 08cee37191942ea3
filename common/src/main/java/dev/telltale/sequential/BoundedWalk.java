package dev.telltale.sequential;

import dev.telltale.stats.StandardNormal;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Where a Brownian motion with drift is at a look, and has not left the bounds of the looks before:
 * the recursion of Armitage, McPherson and Rowe 1969, doi:10.2307/2343787, with Gauss-Legendre
 * panels as narrow as the shortest of the increments on both of their sides.
 */
final class BoundedWalk {
  /** Standard deviations beyond which nothing is; the tail there is 1e-19. */
  private static final double REACH = 9;

  private static final int POINTS = 8;

  /** In standard deviations; eight points are good to 1e-9 then. */
  private static final double PANEL = 2;

  private static final GaussIntegrator RULE = new GaussIntegratorFactory().legendre(POINTS);

  private final double[] nodes;
  private final double[] masses;
  private final double drift;
  private final double information;
  private final double deviation;
  private final double shift;

  private BoundedWalk(
      double[] nodes, double[] masses, double drift, double before, double information) {
    this.nodes = nodes;
    this.masses = masses;
    this.drift = drift;
    this.information = information;
    this.deviation = Math.sqrt(information - before);
    this.shift = drift * (information - before);
  }

  /** The walk at its first look: it starts at zero, and its mean is drift times information. */
  static BoundedWalk first(double drift, double information) {
    return new BoundedWalk(new double[1], new double[] {1}, drift, 0, information);
  }

  /** The walk at the next look, if at this one it is between two values. */
  BoundedWalk next(double low, double high, double later) {
    double root = Math.sqrt(information);
    double from = Math.max(low, drift * information - REACH * root);
    double to = Math.min(high, drift * information + REACH * root);
    if (!(from < to)) {
      return new BoundedWalk(new double[0], new double[0], drift, information, later);
    }
    double narrowest = Math.min(deviation, Math.sqrt(later - information));
    int panels = (int) Math.ceil((to - from) / (PANEL * narrowest));
    double half = (to - from) / panels / 2;
    double[] places = new double[panels * POINTS];
    double[] weighed = new double[places.length];
    for (int panel = 0; panel < panels; panel++) {
      double middle = from + (2 * panel + 1) * half;
      for (int point = 0; point < POINTS; point++) {
        int at = panel * POINTS + point;
        places[at] = middle + half * RULE.getPoint(point);
        weighed[at] = half * RULE.getWeight(point) * density(places[at]);
      }
    }
    return new BoundedWalk(places, weighed, drift, information, later);
  }

  /** The density of being at x, without having left before. */
  double density(double x) {
    double sum = 0;
    double reach = REACH * deviation;
    for (int k = firstFrom(x - shift - reach); k < nodes.length; k++) {
      double way = x - shift - nodes[k];
      if (way < -reach) {
        break;
      }
      sum += masses[k] * StandardNormal.density(way / deviation);
    }
    return sum / deviation;
  }

  /** The probability of being above x, without having left before. */
  double above(double x) {
    double sum = 0;
    for (int k = firstFrom(x - shift - REACH * deviation); k < nodes.length; k++) {
      double way = (x - shift - nodes[k]) / deviation;
      sum += way < -REACH ? masses[k] : masses[k] * StandardNormal.upperTail(way);
    }
    return sum;
  }

  /** The probability of being below x, without having left before. */
  double below(double x) {
    double sum = 0;
    for (int k = 0; k < nodes.length; k++) {
      double way = (x - shift - nodes[k]) / deviation;
      if (way < -REACH) {
        break;
      }
      sum += masses[k] * StandardNormal.upperTail(-way);
    }
    return sum;
  }

  /** The value that is exceeded with a probability; it has to be below that of being anywhere. */
  double quantileAbove(double probability) {
    double root = Math.sqrt(information);
    double low = drift * information - 2 * REACH * root;
    double high = drift * information + root * StandardNormal.upperQuantile(probability);
    double x = high;
    for (int k = 0; k < 200 && high - low > 1e-11 * root; k++) {
      double tail = above(x);
      if (tail < probability) {
        high = x;
      } else {
        low = x;
      }
      // The tail is log-concave (Prékopa), so Newton's steps on its logarithm end from above; far
      // out, where the reach cuts it off, they may not.
      double step = tail / density(x) * Math.log(tail / probability);
      double newton = x + step;
      if (Math.abs(step) <= 1e-11 * root) {
        return newton;
      }
      x = newton > low && newton < high ? newton : (low + high) / 2;
    }
    return x;
  }

  private int firstFrom(double value) {
    int low = 0;
    int high = nodes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nodes[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
