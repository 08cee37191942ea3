package dev.telltale.sequential;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds below which an experiment may stop, as it would probably find nothing: error spending of
 * the probability to miss the planned effect, beta (Pampallona, Tsiatis and Kim 2001,
 * doi:10.1177/009286150103500408). They do not bind: alpha is kept whether or not one stops, as the
 * bounds for finding an effect are made without them. Only for effects above zero.
 *
 * @param bounds for finding an effect
 * @param drift the planned effect by the planned standard error
 * @param beta of {@code drift}, above 0, below 1
 * @param lower for each look: futile if z is below this; negative infinity where nothing may be
 *     spent; at most the bound for finding an effect, and that itself where more may be spent than
 *     is left
 * @param power probability of crossing a bound at {@code drift} before being futile
 */
public record FutilityBounds(
    GroupSequentialBounds bounds, double drift, double beta, List<Double> lower, double power) {
  private static final double LEAST = 1e-14;

  /** Copies the list. */
  public FutilityBounds {
    lower = List.copyOf(lower);
  }

  /**
   * With the effect given. If it is larger than beta needs, less than beta is missed; if it is
   * smaller, more is, and the last look has a gap between its bounds that finds nothing.
   *
   * @param bounds one-sided
   * @param drift above 0, finite
   * @param beta above 0, below 1
   * @throws IllegalArgumentException if one is not
   */
  public static FutilityBounds of(
      GroupSequentialBounds bounds, double drift, double beta, Spending spending) {
    if (bounds.design().sides() != Sides.ONE) {
      throw new IllegalArgumentException("Bounds of futility for effects in either direction");
    }
    if (!(drift > 0) || Double.isInfinite(drift)) {
      throw new IllegalArgumentException("A drift of " + drift);
    }
    if (!(beta > 0 && beta < 1)) {
      throw new IllegalArgumentException("A beta of " + beta);
    }
    List<Double> lower = new ArrayList<>();
    BoundedWalk walk = null;
    double known = 0;
    double low = 0;
    double high = 0;
    double spent = 0;
    double found = 0;
    int count = bounds.looks().size();
    for (Look look : bounds.looks()) {
      boolean isLast = look.number() == count && bounds.isComplete();
      boolean isNew = look.information() >= known * GroupSequentialBounds.NEW;
      if (!isNew && Double.isInfinite(look.bound())) {
        lower.add(Double.NEGATIVE_INFINITY);
        continue;
      }
      double now = isNew ? look.information() : known * GroupSequentialBounds.NEW;
      double root = Math.sqrt(now);
      walk = walk == null ? BoundedWalk.first(drift, now) : walk.next(low, high, now);
      high = look.bound() * root;
      found += walk.above(high);
      double aim = isLast ? beta : spending.spent(beta, look.information());
      low = quantileBelow(walk, aim - spent, drift * now, root, high);
      spent = aim;
      known = now;
      lower.add(low == high ? look.bound() : low / root);
    }
    return new FutilityBounds(bounds, drift, beta, lower, Math.min(1, found));
  }

  /**
   * With the effect that is missed with the probability beta, so that at the last look, if there
   * all is spent, both bounds meet.
   *
   * @param bounds one-sided
   * @param beta above 0, below 1 - alpha
   * @throws IllegalArgumentException if one is not
   */
  public static FutilityBounds planned(
      GroupSequentialBounds bounds, double beta, Spending spending) {
    double without = SequentialPower.driftFor(bounds, 1 - beta);
    double drift =
        SequentialPower.rising(
            d -> of(bounds, d, beta, spending).power() - (1 - beta), without * (1 - 1e-6), 100);
    return of(bounds, drift, beta, spending);
  }

  /** As {@link SequentialPower#inflation}, for the power 1 - beta and with stops. */
  public double inflation() {
    return SequentialPower.inflation(bounds.design(), drift, 1 - beta);
  }

  private static double quantileBelow(
      BoundedWalk walk, double probability, double mean, double root, double high) {
    if (probability < LEAST) {
      return Double.NEGATIVE_INFINITY;
    }
    double top = Math.min(high, mean + 9 * root);
    if (walk.below(top) <= probability) {
      return high;
    }
    double bottom = Math.min(top, mean) - 18 * root;
    for (int k = 0; k < 60; k++) {
      double middle = (bottom + top) / 2;
      if (walk.below(middle) > probability) {
        top = middle;
      } else {
        bottom = middle;
      }
    }
    return bottom;
  }
}
