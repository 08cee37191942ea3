package dev.telltale.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values of the baseline on which a column's counts are kept. States merge and compare exactly
 * because they share them.
 *
 * <p>A numeric column has up to {@link #MAX_CUTS} sorted distinct values, a categorical column up
 * to {@link #MAX_CATEGORIES} labels, most frequent first. Immutable.
 */
public final class Anchors {
  /**
   * With 1,024 cuts at equal ranks no open interval between cuts holds more than 0.1 % of the
   * baseline, and the Kolmogorov-Smirnov test loses less than half a percentage point of its level.
   */
  public static final int MAX_CUTS = 1024;

  /** More labels than a person can look at; the rest is one bin. */
  public static final int MAX_CATEGORIES = 1024;

  /** No baseline: nothing is anchored. */
  public static final Anchors NONE = new Anchors(new double[0], List.of(), false, 0);

  private final double[] cuts;
  private final List<String> labels;
  private final boolean truncated;
  private final int learnLimit;
  private final Map<String, Integer> codes;

  private Anchors(double[] cuts, List<String> labels, boolean truncated, int learnLimit) {
    this.cuts = cuts;
    this.labels = labels;
    this.truncated = truncated;
    this.learnLimit = learnLimit;
    this.codes = new HashMap<>(labels.size() * 2);
    for (int code = 0; code < labels.size(); code++) {
      codes.put(labels.get(code), code);
    }
  }

  /**
   * A state over these is built to learn anchors from; see {@link ColumnState#learned()}.
   *
   * @param limit so many different values are kept exactly, above zero
   */
  public static Anchors learn(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("Nothing can be learned from " + limit + " values");
    }
    return new Anchors(new double[0], List.of(), true, limit);
  }

  /**
   * Anchors of a numeric column.
   *
   * @param cuts finite, strictly increasing
   */
  public static Anchors ofCuts(double[] cuts) {
    for (int i = 0; i < cuts.length; i++) {
      if (!Double.isFinite(cuts[i]) || (i > 0 && cuts[i] <= cuts[i - 1])) {
        throw new IllegalArgumentException("Cuts are finite and strictly increasing");
      }
    }
    return new Anchors(cuts.clone(), List.of(), false, 0);
  }

  /**
   * Anchors of a categorical column.
   *
   * @param labels distinct
   * @param truncated whether the baseline has more categories than these
   */
  public static Anchors ofLabels(List<String> labels, boolean truncated) {
    return new Anchors(new double[0], List.copyOf(labels), truncated, 0);
  }

  /** Number of cuts. */
  public int cutCount() {
    return cuts.length;
  }

  /** The cuts, a copy. */
  public double[] cuts() {
    return cuts.clone();
  }

  /** The labels; the code of a label is its index. */
  public List<String> labels() {
    return labels;
  }

  /** The same with another name of a label; states that are kept on them stay as they are. */
  public Anchors renamed(String from, String to) {
    String old = CategoryState.bounded(from);
    String unique = to;
    for (int i = 2; labels.contains(unique); i++) {
      unique = to + " " + i;
    }
    List<String> names = new ArrayList<>(labels);
    int code = names.indexOf(old);
    if (code >= 0) {
      names.set(code, unique);
    }
    return new Anchors(cuts, List.copyOf(names), truncated, learnLimit);
  }

  /** Whether the baseline has more categories than {@link #labels()}. */
  public boolean truncated() {
    return truncated;
  }

  /** Different values that a learning state keeps exactly; 0 unless made by {@link #learn}. */
  int learnLimit() {
    return learnLimit;
  }

  /** Whether these are made by {@link #learn}. */
  boolean learning() {
    return learnLimit > 0;
  }

  /** Code of a label, or -1 if the baseline does not have it. */
  public int code(String label) {
    return codes.getOrDefault(label, -1);
  }

  /**
   * Positions of finite values in the counts: {@code 2i + 1} on cut i, {@code 2i} in the open
   * interval below cut i.
   *
   * <p>Binary searches without branches, as values come in no order, and all values a step at a
   * time: the steps of one search wait for each other, those of many do not.
   *
   * @param positions receives them, at least {@code size} long
   */
  void positions(double[] values, int size, int[] positions) {
    double[] sorted = cuts;
    Arrays.fill(positions, 0, size, 0);
    int length = sorted.length;
    while (length > 1) {
      int half = length >>> 1;
      for (int i = 0; i < size; i++) {
        int base = positions[i];
        positions[i] = sorted[base + half - 1] < values[i] ? base + half : base;
      }
      length -= half;
    }
    for (int i = 0; i < size; i++) {
      double cut = sorted[positions[i]];
      int base = 2 * positions[i];
      positions[i] = cut < values[i] ? base + 2 : cut == values[i] ? base + 1 : base;
    }
  }

  double lowest() {
    return cuts[0];
  }

  double highest() {
    return cuts[cuts.length - 1];
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Anchors that
            && Arrays.equals(cuts, that.cuts)
            && labels.equals(that.labels)
            && truncated == that.truncated
            && learnLimit == that.learnLimit);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(cuts), labels, truncated, learnLimit);
  }
}
