package dev.telltale.look;

import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.RepeatedInterval;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import dev.telltale.stats.StandardNormal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sequential p-values of many statistics that were looked at with the same information fractions:
 * those of {@link RepeatedInterval#pValue}, of which each one solves for alpha over all looks
 * again. The p-value is the smallest over the looks of the level at which the look is just crossed,
 * as bounds fall where the level rises. Each look's bound is computed at a grid of levels, when it
 * is first asked for, and interpolated between them with Fritsch and Carlson's monotone cubic
 * (1980, doi:10.1137/0717021), as normal quantile of the level against the bound, which is close to
 * a straight line.
 *
 * <p>P-values above 1e-10 are good to 1e-3 of themselves; whether a bound is crossed is to be asked
 * of {@link #isCrossed}, which computes it at the level itself. Looks that begin alike share what
 * is computed. Safe for concurrent use.
 */
public final class SequentialPValues {
  /** Of the grid, in normal quantiles of half the level. */
  private static final double STEP = 0.125;

  private static final double SMALLEST = 1e-13;
  private static final double LARGEST = 0.999;
  private static final double[] GRID = grid();

  private final SequentialPValues parent;
  private final Sides sides;
  private final Spending spending;
  private final double information;
  private final boolean isLast;
  private final int depth;
  private final Map<Double, GroupSequentialBounds> bounds = new ConcurrentHashMap<>();
  private final Map<Double, SequentialPValues> following = new ConcurrentHashMap<>();
  private final Map<Double, SequentialPValues> ending = new ConcurrentHashMap<>();
  private volatile double beginning = Double.NaN;

  private SequentialPValues(
      SequentialPValues parent, Sides sides, Spending spending, double information, boolean last) {
    this.parent = parent;
    this.sides = sides;
    this.spending = spending;
    this.information = information;
    this.isLast = last;
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  /**
   * A sequential p-value.
   *
   * @param value from 1e-13, below which nothing is told apart, to 1; above 0.999 it is 1
   * @param look number of the look that it comes from, 1 for the first; the earliest of equals
   */
  public record Found(double value, int look) {}

  /** No look yet. */
  public static SequentialPValues start(Sides sides, Spending spending) {
    return new SequentialPValues(null, sides, spending, 0, false);
  }

  /**
   * With one more look; the same object for the same look.
   *
   * @param fraction of the planned information, above 0
   * @throws IllegalArgumentException if it is not
   * @throws IllegalStateException after {@link #last}
   */
  public SequentialPValues next(double fraction) {
    return following.computeIfAbsent(fraction, one -> look(one, false));
  }

  /** With one more look that is the last, as {@link #next}. */
  public SequentialPValues last(double fraction) {
    return ending.computeIfAbsent(fraction, one -> look(one, true));
  }

  private SequentialPValues look(double fraction, boolean last) {
    if (!(fraction > 0) || Double.isInfinite(fraction)) {
      throw new IllegalArgumentException("A look at the information fraction " + fraction);
    }
    if (isLast) {
      throw new IllegalStateException("No look follows the last one");
    }
    return new SequentialPValues(this, sides, spending, fraction, last);
  }

  /** Number of looks. */
  public int looks() {
    return depth;
  }

  /**
   * The bounds of a level.
   *
   * @param level above 0, below 1
   */
  public GroupSequentialBounds bounds(double level) {
    GroupSequentialBounds known = bounds.get(level);
    if (known != null) {
      return known;
    }
    GroupSequentialBounds made = compute(level);
    bounds.put(level, made);
    return made;
  }

  private GroupSequentialBounds compute(double level) {
    if (parent == null) {
      return GroupSequentialBounds.start(new SequentialDesign(level, sides, spending));
    }
    GroupSequentialBounds before = parent.bounds(level);
    return isLast ? before.last(information) : before.next(information);
  }

  /**
   * Whether a look reaches its bound.
   *
   * @param level above 0, below 1
   * @param z at each look, finite
   */
  public boolean isCrossed(double level, double... z) {
    check(z);
    GroupSequentialBounds all = bounds(level);
    for (int k = 0; k < depth; k++) {
      if (size(z[k]) >= all.looks().get(k).bound()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The p-value of all looks.
   *
   * @param z at each look, finite
   * @throws IllegalArgumentException if not as many as looks, or not finite
   */
  public Found pValue(double... z) {
    check(z);
    Found least = new Found(1, depth);
    for (SequentialPValues look = this; look.depth > 0; look = look.parent) {
      double one = look.level(size(z[look.depth - 1]));
      if (one <= least.value()) {
        least = new Found(one, look.depth);
      }
    }
    return least;
  }

  private void check(double[] z) {
    if (depth == 0 || z.length != depth) {
      throw new IllegalArgumentException(z.length + " z for " + depth + " looks");
    }
    for (double one : z) {
      if (!Double.isFinite(one)) {
        throw new IllegalArgumentException("A z of " + one);
      }
    }
  }

  private double size(double z) {
    return sides == Sides.TWO ? Math.abs(z) : z;
  }

  private double bound(double level) {
    return bounds(level).latest().bound();
  }

  /** The smallest level at which this look is crossed by a size. */
  private double level(double size) {
    if (size < bound(GRID[GRID.length - 1])) {
      return 1;
    }
    if (size >= bound(GRID[0])) {
      return SMALLEST;
    }
    int below = 0;
    int above = GRID.length - 1;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (size >= bound(GRID[middle])) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return Double.isInfinite(bound(GRID[below]))
        ? atBeginning(below, above, size)
        : interpolated(below, above, size);
  }

  /** Where the look begins to spend anything its bound leaps down from infinity. */
  private double atBeginning(int below, int above, double size) {
    if (Double.isNaN(beginning)) {
      double low = Math.log(GRID[below]);
      double high = Math.log(GRID[above]);
      while (high - low > 1e-4) {
        double middle = (low + high) / 2;
        if (Double.isInfinite(compute(Math.exp(middle)).latest().bound())) {
          low = middle;
        } else {
          high = middle;
        }
      }
      beginning = Math.exp(high);
    }
    double first = bound(beginning);
    if (size >= first) {
      return beginning;
    }
    double last = bound(GRID[above]);
    double share = first > last ? (first - size) / (first - last) : 1;
    double from = quantile(beginning);
    return ofQuantile(from + share * (quantile(GRID[above]) - from));
  }

  private double interpolated(int below, int above, double size) {
    double x0 = bound(GRID[below]);
    double x1 = bound(GRID[above]);
    double y0 = quantile(GRID[below]);
    double y1 = quantile(GRID[above]);
    double slope = (y1 - y0) / (x1 - x0);
    double first = slope;
    if (below > 0 && !Double.isInfinite(bound(GRID[below - 1]))) {
      double x = bound(GRID[below - 1]);
      first = tangent((y0 - quantile(GRID[below - 1])) / (x0 - x), x0 - x, slope, x1 - x0);
    }
    double second = slope;
    if (above < GRID.length - 1) {
      double x = bound(GRID[above + 1]);
      second = tangent(slope, x1 - x0, (quantile(GRID[above + 1]) - y1) / (x - x1), x - x1);
    }
    double width = x1 - x0;
    double t = (size - x0) / width;
    double s = 1 - t;
    double value =
        s * s * ((1 + 2 * t) * y0 + t * width * first)
            + t * t * ((3 - 2 * t) * y1 - s * width * second);
    return ofQuantile(Math.min(y0, Math.max(y1, value)));
  }

  /**
   * The slope of the parabola through three points at the middle one, so that it stays monotone.
   */
  private static double tangent(double left, double leftWidth, double right, double rightWidth) {
    double both = (left * rightWidth + right * leftWidth) / (leftWidth + rightWidth);
    return Math.max(0, Math.min(both, 3 * Math.min(left, right)));
  }

  private static double quantile(double level) {
    return StandardNormal.upperQuantile(level / 2);
  }

  private static double ofQuantile(double quantile) {
    return 2 * StandardNormal.upperTail(quantile);
  }

  /** Levels, rising; closer together where they are close to 1, as bounds bend there. */
  private static double[] grid() {
    List<Double> levels = new ArrayList<>();
    double end = quantile(LARGEST);
    for (double at = quantile(SMALLEST); at > end; at -= Math.min(STEP, STEP * at)) {
      levels.add(levels.isEmpty() ? SMALLEST : ofQuantile(at));
    }
    levels.add(LARGEST);
    return levels.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
