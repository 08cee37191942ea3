package dev.telltale.trust;

import dev.telltale.experiment.Phrases;
import dev.telltale.experiment.SampleRatio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the units of a segment's value came in the planned shares: an old client that loses a
 * variant's exposures shows here. One finding per segment; chi-squared of each value, {@link
 * SampleRatio#ALARM} by Bonferroni over the values of all segments; a value with fewer than 5 units
 * planned in a variant is left out. Statistic: chi-squared of the worst value.
 *
 * <p>Never more than a warning: whether the experiment is invalid is decided over all units.
 */
final class SegmentSampleRatioCheck implements Check {
  private record Value(String value, UnitCounts counts, SampleRatio ratio) {}

  @Override
  public String name() {
    return "SAMPLE_RATIO_SEGMENT";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    Map<String, Double> plan = data.experiment().variants();
    Map<String, List<Value>> segments = new LinkedHashMap<>();
    data.experiment().exposures().segments().forEach(key -> segments.put(key, new ArrayList<>()));
    for (TrustData.Segment segment : data.segments()) {
      List<Value> values = segments.computeIfAbsent(segment.key(), key -> new ArrayList<>());
      UnitCounts counts = UnitCounts.ofArms(plan, segment.arms());
      if (counts.isEnough()) {
        values.add(new Value(segment.value(), counts, counts.test()));
      }
    }
    int tests = segments.values().stream().mapToInt(List::size).sum();
    List<TrustCheck> found = new ArrayList<>();
    segments.forEach((key, values) -> found.add(finding(key, values, tests)));
    return found;
  }

  private TrustCheck finding(String key, List<Value> values, int tests) {
    if (values.isEmpty()) {
      return TrustCheck.insufficient(
              name(),
              "No value of "
                  + key
                  + " has so many units that 5 of them are planned in every variant.")
          .ofSegment(key, Optional.empty());
    }
    Value worst = values.get(0);
    for (Value value : values) {
      worst = value.ratio().pValue() < worst.ratio().pValue() ? value : worst;
    }
    long off = values.stream().filter(value -> value.ratio().isMismatch(tests)).count();
    double adjusted = Math.min(1, worst.ratio().pValue() * tests);
    String because =
        String.format(
            Locale.ROOT,
            "Where %s is %s %s: p %s, corrected for %,d values, is %sbelow 0.001%s.",
            key,
            worst.value(),
            worst.counts().farthest(),
            Phrases.pValue(adjusted),
            tests,
            off == 0 ? "not " : "",
            off > 1 ? String.format(Locale.ROOT, "; %,d values are off, this most", off) : "");
    return TrustCheck.of(
            name(),
            worst.ratio().statistic(),
            off == 0 ? TrustCheck.Status.OK : TrustCheck.Status.WARNING,
            because)
        .ofSegment(key, Optional.of(worst.value()))
        .tested(worst.ratio().pValue(), adjusted);
  }
}
