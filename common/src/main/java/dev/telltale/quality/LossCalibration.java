package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How large the errors of a regression are where they are expected to be so large, and from that
 * its metrics before labels are known. Labelled rows are divided by their expected error into cells
 * of about equally many; a row without a label has the mean loss of its cell.
 *
 * <p>The idea is that of direct loss estimation (documentation of NannyML, "Direct Loss
 * Estimation"): a second model predicts the loss of the first. Here that model only sorts rows, and
 * how large losses are is what labelled rows, which it was not fitted on, had: a model that says
 * too much or too little does no harm, and one that tells rows apart badly gives what is too near
 * the mean of all. It holds as long as rows of a cell err as they did, whatever share of the rows
 * each cell has.
 *
 * <p>An estimate is about what the labels of these very rows will say. Its standard error has both
 * that is not known: how the loss of each row falls around the mean of its cell, and these means,
 * which rest on finitely many labels. Rows count as independent. Immutable.
 */
public final class LossCalibration {
  private static final int MOST_CELLS = 50;

  /** With fewer rows the variance of a skewed loss is hardly known. */
  private static final int LEAST_ROWS = 100;

  private final double[] bounds;

  /** By cell; the last is that of all together. */
  private final List<Cell> absolute;

  private final List<Cell> squared;

  private LossCalibration(double[] bounds, List<Cell> absolute, List<Cell> squared) {
    this.bounds = bounds;
    this.absolute = absolute;
    this.squared = squared;
  }

  /**
   * A row with a label.
   *
   * @param expected absolute error that a model expects that has not seen the row
   * @param error predicted minus true; its square is finite
   * @param weight inclusion weight, above 0
   */
  public record Known(double expected, double error, double weight) {}

  /**
   * A loss in one cell.
   *
   * @param mean weighted mean
   * @param variance of one row
   * @param ofMean squared standard error of the mean
   */
  private record Cell(double mean, double variance, double ofMean) {}

  /** From labelled rows, in an order that decides the last bits; empty without any. */
  public static Optional<LossCalibration> of(List<Known> rows) {
    if (rows.size() < 2) {
      return Optional.empty();
    }
    List<Known> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingDouble(Known::expected));
    int size = Math.max(LEAST_ROWS, (sorted.size() + MOST_CELLS - 1) / MOST_CELLS);
    List<List<Known>> cells = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < sorted.size(); i++) {
      // Rows that are expected to err alike are never in two cells.
      if (i - start >= size
          && sorted.size() - i >= size
          && sorted.get(i).expected() > sorted.get(i - 1).expected()) {
        cells.add(sorted.subList(start, i));
        start = i;
      }
    }
    cells.add(sorted.subList(start, sorted.size()));
    double[] bounds = cells.stream().skip(1).mapToDouble(cell -> cell.get(0).expected()).toArray();
    cells.add(sorted);
    return Optional.of(new LossCalibration(bounds, measured(cells, false), measured(cells, true)));
  }

  private static List<Cell> measured(List<List<Known>> cells, boolean squared) {
    return cells.stream().map(cell -> measured(squared, cell)).toList();
  }

  private static Cell measured(boolean squared, List<Known> rows) {
    Mass mass = Mass.NONE;
    double sum = 0;
    for (Known row : rows) {
      mass = mass.plus(new Mass(1, row.weight(), row.weight() * row.weight()));
      sum += row.weight() * loss(row, squared);
    }
    double mean = sum / mass.weight();
    double squares = 0;
    for (Known row : rows) {
      double residual = loss(row, squared) - mean;
      squares += row.weight() * residual * residual;
    }
    double effective = Math.max(2, mass.effectiveRows());
    double variance = squares / mass.weight() * effective / (effective - 1);
    return new Cell(mean, variance, variance / effective);
  }

  private static double loss(Known row, boolean squared) {
    return squared ? row.error() * row.error() : Math.abs(row.error());
  }

  /**
   * The expected errors at which cells begin, ascending, but the first: the cell of a row is the
   * number of them that its expected error is not below.
   */
  public double[] bounds() {
    return bounds.clone();
  }

  /** Number of cells; as an index, the cell of rows of which no error is expected. */
  public int cells() {
    return bounds.length + 1;
  }

  /**
   * What {@code mae} and {@code rmse} will be once all labels are there.
   *
   * @param rows by cell
   * @return by name; empty without weight
   */
  public Map<String, Estimate> estimates(Map<Integer, Mass> rows) {
    Mass all = rows.values().stream().reduce(Mass.NONE, Mass::plus);
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    if (all.weight() > 0) {
      double mean = mean(absolute, rows, all.weight());
      metrics.put("mae", positive(mean, stdError(absolute, rows, all.weight()), all.rows()));
      double root = Math.sqrt(mean(squared, rows, all.weight()));
      // By the delta method.
      double error = root == 0 ? 0 : stdError(squared, rows, all.weight()) / (2 * root);
      metrics.put("rmse", positive(root, error, all.rows()));
    }
    return metrics;
  }

  private double mean(List<Cell> loss, Map<Integer, Mass> rows, double weight) {
    double sum = 0;
    for (int c = 0; c <= cells(); c++) {
      sum += rows.getOrDefault(c, Mass.NONE).weight() * loss.get(c).mean();
    }
    return sum / weight;
  }

  private double stdError(List<Cell> loss, Map<Integer, Mass> rows, double weight) {
    double variance = 0;
    for (int c = 0; c <= cells(); c++) {
      Mass mass = rows.getOrDefault(c, Mass.NONE);
      variance += mass.squaredWeight() * loss.get(c).variance();
      variance += mass.weight() * mass.weight() * loss.get(c).ofMean();
    }
    return Math.sqrt(variance) / weight;
  }

  /** With an interval that is symmetric on the scale of the logarithm, so that it is positive. */
  private static Estimate positive(double value, double stdError, long rows) {
    double factor = value > 0 ? Math.exp(WilsonInterval.Z * stdError / value) : 1;
    return Estimate.of(value, stdError, value / factor, value * factor, rows);
  }
}
