package dev.telltale.drift;

import dev.telltale.stats.MultipleTesting;
import java.util.Arrays;

/** The tests that one correction is made over: collected first, adjusted once. */
final class Family {
  private double[] pValues = new double[16];
  private int size;
  private double[] adjusted;

  /** Adds a test; the result finds it again. */
  int add(double pValue) {
    if (size == pValues.length) {
      pValues = Arrays.copyOf(pValues, 2 * size);
    }
    pValues[size] = pValue;
    return size++;
  }

  void adjust(MultipleTesting correction) {
    adjusted = correction.adjust(Arrays.copyOf(pValues, size));
  }

  int size() {
    return size;
  }

  double pValue(int test) {
    return pValues[test];
  }

  double adjusted(int test) {
    return adjusted[test];
  }
}
