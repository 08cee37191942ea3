package dev.telltale.slices;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A column in bins, and the conditions that can be made of them: of categories each value, of
 * quantities each bin and the unions of two and four neighbours, so that a range is found as one.
 * Crosses to executors, hence a class.
 */
public final class Feature implements Serializable {
  /** Bins of a quantity, of equal frequency in the baseline; and one for missing values. */
  public static final int RANGES = 8;

  /** Categories with a bin of their own, the most frequent; the others share one. */
  public static final int CATEGORIES = 14;

  private static final long serialVersionUID = 1L;

  private final String name;
  private final int bins;

  /** First and last bin of each condition. */
  private final ArrayList<int[]> ranges = new ArrayList<>();

  private final ArrayList<String> words = new ArrayList<>();

  private Feature(String name, int bins) {
    this.name = name;
    this.bins = bins;
  }

  /** Categories: a bin for each label, then one for all others, then one for missing values. */
  public static Feature ofLabels(String name, List<String> labels) {
    Feature feature = new Feature(name, labels.size() + 2);
    for (int bin = 0; bin < labels.size(); bin++) {
      feature.add(bin, bin, name + " is " + labels.get(bin));
    }
    feature.add(labels.size() + 1, labels.size() + 1, name + " is missing");
    return feature;
  }

  /**
   * Quantities: a bin up to and including each edge, one above all, then one for missing values.
   *
   * @param edges in words, ascending
   */
  public static Feature ofEdges(String name, List<String> edges) {
    int ranges = edges.size() + 1;
    Feature feature = new Feature(name, ranges + 1);
    for (int width = 1; width < ranges; width *= 2) {
      for (int from = 0; from < ranges; from += width) {
        int to = Math.min(from + width, ranges) - 1;
        if (to - from >= width / 2) {
          feature.add(from, to, name + " " + range(edges, from, to));
        }
      }
    }
    feature.add(ranges, ranges, name + " is missing");
    return feature;
  }

  private static String range(List<String> edges, int from, int to) {
    if (from == 0) {
      return "up to " + edges.get(to);
    }
    String above = "above " + edges.get(from - 1);
    return to == edges.size() ? above : above + " up to " + edges.get(to);
  }

  private void add(int from, int to, String text) {
    ranges.add(new int[] {from, to});
    words.add(text);
  }

  /** Name of the column. */
  public String name() {
    return name;
  }

  /** Number of bins; codes of rows are below. */
  public int bins() {
    return bins;
  }

  /** Number of conditions. */
  public int conditions() {
    return ranges.size();
  }

  /** A condition in words. */
  public String words(int condition) {
    return words.get(condition);
  }

  /** Whether a condition holds in a bin. */
  public boolean holds(int condition, int bin) {
    int[] range = ranges.get(condition);
    return range[0] <= bin && bin <= range[1];
  }

  /** First bin of a condition. */
  public int first(int condition) {
    return ranges.get(condition)[0];
  }

  /** Last bin of a condition. */
  public int last(int condition) {
    return ranges.get(condition)[1];
  }
}
