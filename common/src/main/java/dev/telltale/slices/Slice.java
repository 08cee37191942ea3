package dev.telltale.slices;

import java.io.Serializable;
import java.util.Arrays;

/** A conjunction of conditions with what was counted of it. Crosses to executors, hence a class. */
public final class Slice implements Serializable, Comparable<Slice> {
  private static final long serialVersionUID = 1L;

  private final int[] features;
  private final int[] conditions;
  private final long rows;
  private final long losses;
  private final double score;

  Slice(int[] features, int[] conditions, long rows, long losses, double score) {
    this.features = features;
    this.conditions = conditions;
    this.rows = rows;
    this.losses = losses;
    this.score = score;
  }

  /** Indexes of its features, ascending. */
  public int[] features() {
    return features.clone();
  }

  /** The condition of each of its features. */
  public int[] conditions() {
    return conditions.clone();
  }

  /** Rows in it, of those searched. */
  public long rows() {
    return rows;
  }

  /** Their losses. */
  public long losses() {
    return losses;
  }

  /** Excess loss in standard errors. */
  public double score() {
    return score;
  }

  /** Whether a row of a block is in it. */
  public boolean contains(RowBlock block, int row, Feature[] all) {
    for (int i = 0; i < features.length; i++) {
      if (!all[features[i]].holds(conditions[i], block.codes[features[i]][row])) {
        return false;
      }
    }
    return true;
  }

  /** Its conditions in words. */
  public String words(Feature[] all) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < features.length; i++) {
      words.append(i == 0 ? "" : " and ").append(all[features[i]].words(conditions[i]));
    }
    return words.toString();
  }

  /** The strongest first; of equally strong ones the simplest, then by feature and condition. */
  @Override
  public int compareTo(Slice other) {
    int order = Double.compare(other.score, score);
    if (order == 0) {
      order = Integer.compare(features.length, other.features.length);
    }
    if (order == 0) {
      order = Arrays.compare(features, other.features);
    }
    return order != 0 ? order : Arrays.compare(conditions, other.conditions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slice that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(features) + Arrays.hashCode(conditions);
  }
}
