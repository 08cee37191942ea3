package dev.telltale.jobs.quality;

import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** Rows of the fit of a propensity, on executors. */
final class PropensityVectors {
  private PropensityVectors() {}

  /**
   * The coefficients that take part in a row.
   *
   * @param dimension of the vector
   * @param size number of features
   * @param indices of the features, ascending
   * @param values of the features
   * @param own where the coefficients of the row's day begin, the features' first and then one that
   *     is always 1; below 0 = days have none of their own
   */
  static Vector of(int dimension, int size, List<Integer> indices, List<Double> values, int own) {
    int terms = indices.size();
    int length = own < 0 ? terms : 2 * terms + 1;
    int[] at = new int[length];
    double[] value = new double[length];
    for (int i = 0; i < terms; i++) {
      at[i] = indices.get(i);
      value[i] = values.get(i);
      if (own >= 0) {
        at[terms + i] = own + indices.get(i);
        value[terms + i] = values.get(i);
      }
    }
    if (own >= 0) {
      at[length - 1] = own + size;
      value[length - 1] = 1;
    }
    return Vectors.sparse(dimension, at, value);
  }
}
