package dev.telltale.trust;

import dev.telltale.experiment.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.special.Gamma;

/**
 * Whether all units came to the variants in the planned shares, however often one looks: the
 * e-value of the cumulative counts is the Dirichlet-multinomial likelihood, prior
 * Dirichlet(concentration * shares), by the multinomial one of the plan, and the p-value is the
 * least 1 / e of all looks. Lindon and Malek 2022, arXiv:2011.03567. Statistic: the logarithm of
 * the largest e-value.
 *
 * <p>The prior is an even mixture of two concentrations, which is an e-value as well: 100 holds
 * shares that are off by some five percentage points for likely, 10,000 by half of one. Either
 * alone is slow where the other is fast: in a simulation 10,000 alone took 36 days to find 55 / 45
 * of 100 units a day and 100 alone took 12, the mixture 13.5; 50.1 / 49.9 of 100,000 a day took 34,
 * 47.5 and 38.
 *
 * <p>The level is 0.01 for the whole experiment: by Ville's inequality no more than one sound
 * experiment in a hundred is ever called invalid, and measured over 28 looks it is one or two in a
 * thousand, while real mismatches come to some 6 in a hundred (Fabijan et al. 2019,
 * doi:10.1145/3292500.3330722).
 */
final class SequentialSampleRatioCheck implements Check {
  /** Probability that a sound experiment is ever called invalid. */
  static final double LEVEL = 0.01;

  private static final double[] CONCENTRATIONS = {100, 10_000};

  @Override
  public String name() {
    return "SAMPLE_RATIO_SEQUENTIAL";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    Map<String, Double> plan = data.experiment().variants();
    List<UnitCounts> looks = new ArrayList<>();
    data.looks().forEach(look -> looks.add(UnitCounts.of(plan, look)));
    looks.add(UnitCounts.ofArms(plan, data.arms()));
    int last = looks.size() - 1;
    if (!looks.get(last).isTestable()) {
      return List.of(
          TrustCheck.insufficient(
              name(), "There are no units, or not two variants with a planned share."));
    }
    int worst = last;
    double largest = logEvidence(looks.get(last));
    for (int i = 0; i < last; i++) {
      double evidence = logEvidence(looks.get(i));
      if (evidence > largest) {
        largest = evidence;
        worst = i;
      }
    }
    double p = Math.min(1, Math.exp(-largest));
    boolean isMismatch = p < LEVEL;
    String because =
        String.format(
            Locale.ROOT,
            "%s%s: p over all %,d looks %s %s 0.01%s.",
            looks.get(worst).farthest(),
            worst == last ? "" : " at look " + (worst + 1),
            looks.size(),
            Phrases.pValue(p),
            isMismatch ? "is below" : "is not below",
            isMismatch
                ? ", so units of one variant are lost or counted twice, and no result holds"
                : "");
    return List.of(
        TrustCheck.of(
                name(),
                largest,
                isMismatch ? TrustCheck.Status.INVALID : TrustCheck.Status.OK,
                because)
            .tested(p, p));
  }

  private static double logEvidence(UnitCounts counts) {
    return logEvidence(counts.units(), counts.shares());
  }

  /**
   * Logarithm of the e-value.
   *
   * @param units of each variant
   * @param shares planned, above 0, sum 1
   * @return finite; 0 without units
   */
  static double logEvidence(long[] units, double[] shares) {
    double[] logs = new double[CONCENTRATIONS.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      logs[i] = logEvidence(units, shares, CONCENTRATIONS[i]);
      largest = Math.max(largest, logs[i]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return largest + Math.log(sum / logs.length);
  }

  private static double logEvidence(long[] units, double[] shares, double concentration) {
    double log = 0;
    long total = 0;
    for (int i = 0; i < units.length; i++) {
      double prior = concentration * shares[i];
      log += Gamma.logGamma(prior + units[i]) - Gamma.logGamma(prior);
      log -= units[i] * Math.log(shares[i]);
      total += units[i];
    }
    return log + Gamma.logGamma(concentration) - Gamma.logGamma(concentration + total);
  }
}
