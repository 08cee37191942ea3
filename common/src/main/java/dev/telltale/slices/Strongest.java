package dev.telltale.slices;

import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;

/** The strongest slices so far, at most {@link #KEPT}. Crosses to executors, hence a class. */
public final class Strongest implements Serializable {
  /** So many are kept; of them those are chosen that do not say the same. */
  public static final int KEPT = 200;

  private static final long serialVersionUID = 1L;

  private final TreeSet<Slice> slices = new TreeSet<>();

  /** Adds a slice, if it is among the strongest. */
  void add(Slice slice) {
    slices.add(slice);
    if (slices.size() > KEPT) {
      slices.pollLast();
    }
  }

  /** Adds those of others that are among the strongest. */
  public Strongest merge(Strongest other) {
    other.slices.forEach(this::add);
    return this;
  }

  /** A slice with a lower score is not among the strongest. */
  public double needed() {
    return slices.size() < KEPT ? SliceSearch.LEAST_SCORE : slices.last().score();
  }

  /** The highest score; 0 without a slice. */
  double best() {
    return slices.isEmpty() ? 0 : slices.first().score();
  }

  /** The slices, strongest first. */
  public List<Slice> slices() {
    return List.copyOf(slices);
  }
}
