package dev.telltale.sequential;

import dev.telltale.stats.StandardNormal;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds of a standardised effect at each look, such that without an effect the probability of
 * crossing one at any look is alpha: error spending (Lan and DeMets 1983,
 * doi:10.1093/biomet/70.3.659), so neither the number nor the times of the looks need be known
 * ahead. The bound of a look depends on it and the looks before; what is known never changes.
 *
 * <p>Without new information nothing is spent and the bound is infinite: where it is not above what
 * was known at the last look with a bound, or so little that z moves by less than 0.3 %. The same
 * where less than 1e-14 may be spent. At a fraction of 1 or more everything is spent; from then on
 * bounds are infinite.
 */
public final class GroupSequentialBounds {
  /** By what factor more has to be known for a look to have new information. */
  static final double NEW = 1 + 1e-5;

  private static final double LEAST = 1e-14;

  private final SequentialDesign design;
  private final List<Look> looks;
  private final BoundedWalk walk;
  private final double known;
  private final double spent;
  private final double bound;
  private final boolean complete;

  private GroupSequentialBounds(
      SequentialDesign design,
      List<Look> looks,
      BoundedWalk walk,
      double known,
      double spent,
      double bound,
      boolean complete) {
    this.design = design;
    this.looks = List.copyOf(looks);
    this.walk = walk;
    this.known = known;
    this.spent = spent;
    this.bound = bound;
    this.complete = complete;
  }

  /** No look yet. */
  public static GroupSequentialBounds start(SequentialDesign design) {
    return new GroupSequentialBounds(
        design, List.of(), BoundedWalk.first(0, 1), 0, 0, Double.POSITIVE_INFINITY, false);
  }

  /**
   * All looks at once.
   *
   * @param information fraction of the planned information at each look, above 0
   * @throws IllegalArgumentException if one is not
   */
  public static GroupSequentialBounds of(SequentialDesign design, double... information) {
    GroupSequentialBounds bounds = start(design);
    for (double one : information) {
      bounds = bounds.next(one);
    }
    return bounds;
  }

  /**
   * With one more look.
   *
   * @param information fraction of the planned information, above 0; above 1 if there is more
   * @throws IllegalArgumentException if it is not
   * @throws IllegalStateException after {@link #last}
   */
  public GroupSequentialBounds next(double information) {
    return look(information, false);
  }

  /** With one more look that is the last, so that all of alpha is spent, as {@link #next}. */
  public GroupSequentialBounds last(double information) {
    return look(information, true);
  }

  private GroupSequentialBounds look(double information, boolean isFinal) {
    if (!(information > 0) || Double.isInfinite(information)) {
      throw new IllegalArgumentException("A look at the information fraction " + information);
    }
    if (complete) {
      throw new IllegalStateException("No look follows the last one");
    }
    int sides = design.sides().count();
    double aim =
        isFinal
            ? design.alpha()
            : sides * design.spending().spent(design.alpha() / sides, information);
    double increment = (aim - spent) / sides;
    boolean isNew = information >= known * NEW;
    if (increment < LEAST || !(isNew || isFinal)) {
      return with(information, walk, known, spent, Double.POSITIVE_INFINITY, isFinal);
    }
    double now = isNew ? information : known * NEW;
    BoundedWalk moved = known == 0 ? BoundedWalk.first(0, now) : walk.next(low(), high(), now);
    double found = moved.quantileAbove(increment) / Math.sqrt(now);
    return with(information, moved, now, aim, found, isFinal);
  }

  private GroupSequentialBounds with(
      double information,
      BoundedWalk nextWalk,
      double nextKnown,
      double nextSpent,
      double found,
      boolean isFinal) {
    boolean open = Double.isInfinite(found);
    double nominal = open ? 0 : design.sides().count() * StandardNormal.upperTail(found);
    List<Look> more = new ArrayList<>(looks);
    more.add(new Look(looks.size() + 1, information, nextSpent, found, nominal));
    return new GroupSequentialBounds(
        design, more, nextWalk, nextKnown, nextSpent, open ? bound : found, isFinal);
  }

  private double high() {
    return bound * Math.sqrt(known);
  }

  private double low() {
    return design.sides() == Sides.TWO ? -high() : Double.NEGATIVE_INFINITY;
  }

  /** What was fixed before the first look. */
  public SequentialDesign design() {
    return design;
  }

  /** The looks up to now. */
  public List<Look> looks() {
    return looks;
  }

  /** Whether the last look is one. */
  public boolean isComplete() {
    return complete;
  }

  /**
   * The latest look.
   *
   * @throws IllegalStateException if there is none
   */
  public Look latest() {
    if (looks.isEmpty()) {
      throw new IllegalStateException("No look yet");
    }
    return looks.get(looks.size() - 1);
  }

  /**
   * Whether a standardised effect crosses the bound of the latest look.
   *
   * @param z estimate by its standard error; NaN crosses nothing
   */
  public boolean isCrossedBy(double z) {
    return design.sides().size(z) >= latest().bound();
  }
}
