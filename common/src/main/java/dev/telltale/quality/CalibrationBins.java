package dev.telltale.quality;

import dev.telltale.stats.WilsonInterval;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labelled scores in ten bins of equal width, each closed above: the reliability curve and the
 * expected calibration error. Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated
 * probabilities using Bayesian binning", AAAI.
 */
final class CalibrationBins {
  static final int BINS = 10;

  private final MassSum[] rows = new MassSum[BINS];
  private final MassSum[] positives = new MassSum[BINS];
  private final LossSum[] gaps = new LossSum[BINS];

  CalibrationBins() {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin] = new MassSum();
      positives[bin] = new MassSum();
      gaps[bin] = new LossSum();
    }
  }

  void add(double score, double label, double weight) {
    int bin = Math.max(0, (int) Math.ceil(score * BINS) - 1);
    rows[bin].add(weight);
    if (label == 1) {
      positives[bin].add(weight);
    }
    gaps[bin].add(label - score, weight);
  }

  void merge(CalibrationBins other) {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin].merge(other.rows[bin]);
      positives[bin].merge(other.positives[bin]);
      gaps[bin].merge(other.gaps[bin]);
    }
  }

  /** The bins that have rows, by ascending score. */
  List<ReliabilityPoint> curve() {
    List<ReliabilityPoint> curve = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (rows[bin].rows() > 0) {
        Mass all = rows[bin].mass();
        double share = positives[bin].mass().weight() / all.weight();
        WilsonInterval interval = WilsonInterval.of(share, all.effectiveRows());
        curve.add(
            new ReliabilityPoint(
                share - gaps[bin].mean(rows[bin]),
                share,
                interval.low(),
                interval.high(),
                all.rows()));
      }
    }
    return curve;
  }

  /**
   * Σ|Σw(y-s)| / Σw over the bins. The standard error is that of its linearisation, the mean of
   * ±(y-s) with each bin's sign: right where the bins are off by more than their noise; where the
   * model is well calibrated the value itself is biased upwards by the noise of the bins.
   */
  Optional<Estimate> expectedError() {
    MassSum all = new MassSum();
    LossSum signed = new LossSum();
    for (int bin = 0; bin < BINS; bin++) {
      all.merge(rows[bin]);
      signed.mergeSigned(gaps[bin], gaps[bin].sum() < 0);
    }
    return Means.mean(signed, all).map(estimate -> Means.within(estimate, 0, 1));
  }

  void write(DataOutput out) throws IOException {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin].write(out);
      if (rows[bin].rows() > 0) {
        positives[bin].write(out);
        gaps[bin].write(out);
      }
    }
  }

  void read(DataInputStream in) throws IOException {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin].read(in);
      if (rows[bin].rows() > 0) {
        positives[bin].read(in);
        gaps[bin].read(in);
      }
    }
  }
}
