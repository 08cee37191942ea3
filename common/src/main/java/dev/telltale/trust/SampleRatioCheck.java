package dev.telltale.trust;

import dev.telltale.experiment.Phrases;
import dev.telltale.experiment.SampleRatio;
import java.util.List;

/**
 * Whether all units came to the variants in the planned shares, as this look alone sees it: {@link
 * SampleRatio}. Statistic: chi-squared.
 *
 * <p>Asked at each of 28 looks, a p-value below .001 comes to one sound experiment in a hundred, so
 * it is a warning, and {@link SequentialSampleRatioCheck} decides. Below 1e-6 the experiment is
 * invalid all the same: that adds less than one in ten thousand, and is sooner where a gross
 * mismatch meets few units.
 */
final class SampleRatioCheck implements Check {
  /** P-value below which one look is enough. */
  static final double GROSS = 1e-6;

  @Override
  public String name() {
    return "SAMPLE_RATIO";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    UnitCounts counts = UnitCounts.ofArms(data.experiment().variants(), data.arms());
    if (!counts.isEnough()) {
      return List.of(TrustCheck.insufficient(name(), UnitCounts.tooFew(counts.total())));
    }
    SampleRatio ratio = counts.test();
    TrustCheck.Status status = status(ratio);
    return List.of(
        TrustCheck.of(name(), ratio.statistic(), status, because(counts, ratio, status))
            .tested(ratio.pValue(), ratio.pValue()));
  }

  private static TrustCheck.Status status(SampleRatio ratio) {
    if (ratio.pValue() < GROSS) {
      return TrustCheck.Status.INVALID;
    }
    return ratio.isMismatch() ? TrustCheck.Status.WARNING : TrustCheck.Status.OK;
  }

  private static String because(UnitCounts counts, SampleRatio ratio, TrustCheck.Status status) {
    String text = counts.farthest() + ": p " + Phrases.pValue(ratio.pValue());
    return switch (status) {
      case INVALID ->
          text
              + " is below 1e-6, so units of one variant are lost or counted twice, and no result"
              + " holds.";
      case WARNING ->
          text
              + " is below 0.001; of 28 looks at a sound experiment one in a hundred has that, so"
              + " the check over all looks decides.";
      default -> text + " is not below 0.001.";
    };
  }
}
