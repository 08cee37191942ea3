package dev.telltale.slices;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is looked for among the rows that are searched: the conjunctions whose mean loss is furthest
 * above the mean of all rows, in standard errors, z = (L - m n) / (s √n) for n rows with loss L.
 *
 * <p>A conjunction of three has no more rows and no more loss than each of its pairs. So its score
 * is at most that of n = max(least, L / largest loss) rows with the smallest L of its pairs, and
 * where that is too little for every conjunction of three features they are not counted at all: the
 * pruning of Sagadeeva and Boehm 2021 (SliceLine, doi:10.1145/3448016.3457323), which loses
 * nothing. Crosses to executors, hence a class.
 */
public final class SliceSearch implements Serializable {
  /** Below, chance explains what is found among so many. */
  static final double LEAST_SCORE = 3;

  /** Slices with a smaller share of the rows are not looked at. */
  static final double LEAST_SHARE = 0.005;

  /**
   * Triples grow with the cube of the features: 50 have 19,600, and 150 would have half a million.
   */
  static final int MOST_IN_TRIPLES = 50;

  private static final int LEAST_ROWS = 50;
  private static final long serialVersionUID = 1L;

  private final Feature[] features;
  private final double mean;
  private final double deviation;
  private final long leastRows;
  private final double largestLoss;

  /**
   * A search.
   *
   * @param rows rows that are searched
   * @param losses sum of their losses
   * @param squaredLosses sum of their squared losses
   * @param largestLoss no row has a larger one
   */
  public SliceSearch(
      Feature[] features, long rows, double losses, double squaredLosses, double largestLoss) {
    this.features = features;
    this.mean = losses / rows;
    this.deviation = Math.sqrt(Math.max(0, squaredLosses / rows - mean * mean));
    this.leastRows = Math.max(LEAST_ROWS, (long) Math.ceil(LEAST_SHARE * rows));
    this.largestLoss = largestLoss;
  }

  /** Whether all rows are alike, so that there is nothing to look for. */
  public boolean isPointless() {
    return !(deviation > 0);
  }

  /** Mean loss of the rows that are searched. */
  public double mean() {
    return mean;
  }

  double score(double rows, double losses) {
    return (losses - mean * rows) / (deviation * Math.sqrt(rows));
  }

  /** The score that no part of these rows can exceed. */
  private double bound(double rows, double losses) {
    double fewest = Math.max((double) leastRows, losses / largestLoss);
    return rows < leastRows ? Double.NEGATIVE_INFINITY : score(fewest, losses);
  }

  /** The strongest conjunctions of a tally. */
  public Strongest strongest(Tally tally) {
    int[] ids = tally.features();
    long[][] counts = tally.conjunctions(features);
    Strongest found = new Strongest();
    for (int i = 0; i < counts[0].length; i++) {
      long rows = counts[0][i];
      if (rows >= leastRows) {
        double score = score((double) rows, (double) counts[1][i]);
        if (score >= found.needed()) {
          found.add(new Slice(ids, conditions(ids, i), rows, counts[1][i], score));
        }
      }
    }
    return found;
  }

  private int[] conditions(int[] ids, int index) {
    int[] conditions = new int[ids.length];
    int rest = index;
    for (int i = ids.length - 1; i >= 0; i--) {
      int size = features[ids[i]].conditions();
      conditions[i] = rest % size;
      rest /= size;
    }
    return conditions;
  }

  /** Every feature, and every pair of features. */
  public static List<int[]> singlesAndPairs(int features) {
    List<int[]> sets = new ArrayList<>();
    for (int f = 0; f < features; f++) {
      sets.add(new int[] {f});
    }
    for (int f = 0; f < features; f++) {
      for (int g = f + 1; g < features; g++) {
        sets.add(new int[] {f, g});
      }
    }
    return sets;
  }

  /**
   * The triples of features of which a conjunction can still be among the strongest; of more than
   * {@value #MOST_IN_TRIPLES} features only triples of those that are in the strongest singles and
   * pairs.
   *
   * @param tallies of {@link #singlesAndPairs}
   * @param needed score that they have to reach
   */
  public List<int[]> triples(List<Tally> tallies, double needed) {
    long[][][][] counts = new long[features.length][features.length][][];
    for (Tally tally : tallies) {
      int[] ids = tally.features();
      if (ids.length == 2) {
        counts[ids[0]][ids[1]] = tally.conjunctions(features);
      }
    }
    int[] candidates = inTriples(tallies);
    List<int[]> triples = new ArrayList<>();
    for (int f = 0; f < candidates.length; f++) {
      for (int g = f + 1; g < candidates.length; g++) {
        for (int h = g + 1; h < candidates.length; h++) {
          int[] triple = {candidates[f], candidates[g], candidates[h]};
          if (canReach(counts, triple[0], triple[1], triple[2], needed)) {
            triples.add(triple);
          }
        }
      }
    }
    return triples;
  }

  /** The features that triples are made of, ascending. */
  private int[] inTriples(List<Tally> tallies) {
    double[] best = new double[features.length];
    if (features.length > MOST_IN_TRIPLES) {
      for (Tally tally : tallies) {
        double score = strongest(tally).best();
        for (int feature : tally.features()) {
          best[feature] = Math.max(best[feature], score);
        }
      }
    }
    return IntStream.range(0, features.length)
        .boxed()
        .sorted(Comparator.comparingDouble(feature -> -best[feature]))
        .limit(MOST_IN_TRIPLES)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private boolean canReach(long[][][][] counts, int f, int g, int h, double needed) {
    int second = features[g].conditions();
    int third = features[h].conditions();
    long[][] fg = counts[f][g];
    long[][] fh = counts[f][h];
    long[][] gh = counts[g][h];
    for (int a = 0; a < features[f].conditions(); a++) {
      for (int b = 0; b < second; b++) {
        int ab = a * second + b;
        if (bound((double) fg[0][ab], (double) fg[1][ab]) < needed) {
          continue;
        }
        for (int c = 0; c < third; c++) {
          int ac = a * third + c;
          int bc = b * third + c;
          double rows = (double) Math.min(fg[0][ab], Math.min(fh[0][ac], gh[0][bc]));
          double losses = (double) Math.min(fg[1][ab], Math.min(fh[1][ac], gh[1][bc]));
          if (bound(rows, losses) >= needed) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Those of the strongest slices that say something of their own, strongest first: what is left of
   * a slice without the rows of any stronger chosen one is still far from chance and at least half
   * as strong.
   *
   * @param slices strongest first
   * @param counts of these slices
   * @param most so many at most
   * @return indexes of slices
   */
  public List<Integer> distinct(List<Slice> slices, SliceCounts counts, int most) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < slices.size() && chosen.size() < most; i++) {
      Slice slice = slices.get(i);
      boolean own = true;
      for (int j : chosen) {
        double rows = (double) (slice.rows() - counts.sharedRows(i, j));
        double losses = (double) (slice.losses() - counts.sharedLosses(i, j));
        own &= rows > 0 && score(rows, losses) >= Math.max(LEAST_SCORE, slice.score() / 2);
      }
      if (own) {
        chosen.add(i);
      }
    }
    return chosen;
  }
}
