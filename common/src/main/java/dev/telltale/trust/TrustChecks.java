package dev.telltale.trust;

import java.util.List;

/** The checks that every look makes. */
public final class TrustChecks {
  private static final List<Check> ALL =
      List.of(
          new SampleRatioCheck(),
          new SequentialSampleRatioCheck(),
          new DaySampleRatioCheck(),
          new SegmentSampleRatioCheck(),
          new SeveralVariantsCheck(),
          new PreExposureBiasCheck(),
          new NoveltyCheck(),
          new OutliersCheck(),
          new TooGoodCheck(TooGoodCheck.DEFAULT_LIFT),
          new SimpsonCheck());

  private TrustChecks() {}

  /** Names of all checks, in the order in which they are made. */
  public static List<String> names() {
    return ALL.stream().map(Check::name).toList();
  }

  /** What all checks find. */
  public static List<TrustCheck> all(TrustData data) {
    return ALL.stream().flatMap(check -> check.of(data).stream()).toList();
  }

  /** Whether one of the findings takes the belief from every result. */
  public static boolean isInvalid(List<TrustCheck> found) {
    return found.stream().anyMatch(one -> one.status() == TrustCheck.Status.INVALID);
  }
}
