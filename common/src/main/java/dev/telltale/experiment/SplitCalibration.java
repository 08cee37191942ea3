package dev.telltale.experiment;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * What a test says of many experiments in which nothing was changed: the same units, divided anew
 * each time. A test that can be trusted rejects as often as its level says.
 *
 * @param splits experiments that could be tested
 * @param untested experiments without a p-value: nothing varied in an arm
 * @param falsePositives experiments with a p-value below alpha
 * @param rate their share; NaN without experiments
 * @param low least share that a right test has in 99 of 100 calibrations
 * @param high largest such share
 * @param uniformPValue of the p-values being uniform, by Kolmogorov and Smirnov
 * @param coverage share of experiments whose interval holds the true difference, which is 0
 * @param verdict whether the rate is within {@code low} to {@code high}
 * @param because the reason in a sentence
 */
public record SplitCalibration(
    int splits,
    int untested,
    int falsePositives,
    double rate,
    double low,
    double high,
    double uniformPValue,
    double coverage,
    Verdict verdict,
    String because) {
  /** Tail of the band on each side. */
  private static final double TAIL = 0.005;

  /** Fewer experiments tell nothing of one false positive in twenty. */
  private static final int FEWEST = 100;

  /** How a test does. */
  public enum Verdict {
    /** It rejects as often as its level says. */
    CALIBRATED,
    /** It rejects too often: do not trust what it shows. */
    TOO_MANY,
    /** It rejects too rarely: it misses what it could show. */
    TOO_FEW,
    /** Too few experiments could be tested. */
    INSUFFICIENT_DATA
  }

  /**
   * Judges the p-values of experiments in which nothing was changed.
   *
   * @param pValues 0 to 1, or NaN where an experiment could not be tested
   * @param covered of each, whether its interval holds zero
   * @param alpha level of the test
   */
  public static SplitCalibration of(double[] pValues, boolean[] covered, double alpha) {
    double[] tested = Arrays.stream(pValues).filter(p -> !Double.isNaN(p)).toArray();
    int splits = tested.length;
    int untested = pValues.length - splits;
    if (splits < FEWEST) {
      return new SplitCalibration(
          splits,
          untested,
          0,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Verdict.INSUFFICIENT_DATA,
          String.format(
              Locale.ROOT, "Only %,d of %,d splits could be tested.", splits, pValues.length));
    }
    int rejected = (int) Arrays.stream(tested).filter(p -> p < alpha).count();
    int holds = 0;
    for (int i = 0; i < pValues.length; i++) {
      holds += !Double.isNaN(pValues[i]) && covered[i] ? 1 : 0;
    }
    BinomialDistribution binomial = new BinomialDistribution(null, splits, alpha);
    double low = (double) binomial.inverseCumulativeProbability(TAIL) / splits;
    double high = (double) binomial.inverseCumulativeProbability(1 - TAIL) / splits;
    double rate = (double) rejected / splits;
    Verdict verdict =
        rate > high ? Verdict.TOO_MANY : rate < low ? Verdict.TOO_FEW : Verdict.CALIBRATED;
    String place =
        switch (verdict) {
          case TOO_MANY -> "above";
          case TOO_FEW -> "below";
          case CALIBRATED, INSUFFICIENT_DATA -> "within";
        };
    return new SplitCalibration(
        splits,
        untested,
        rejected,
        rate,
        low,
        high,
        uniform(tested),
        (double) holds / splits,
        verdict,
        String.format(
            Locale.ROOT,
            "%.1f %% of %,d splits without a difference reject at %s: %s the %.1f to %.1f %% of a"
                + " right test.",
            100 * rate,
            splits,
            Phrases.number(alpha),
            place,
            100 * low,
            100 * high));
  }

  private static double uniform(double[] pValues) {
    return new KolmogorovSmirnovTest()
        .kolmogorovSmirnovTest(new UniformRealDistribution(null, 0, 1), pValues);
  }
}
