package dev.telltale.trust;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.SampleRatio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Units of the variants that have a planned share, beside their plan. Immutable. */
final class UnitCounts {
  /** Below, the chi-squared distribution is off: Cochran 1954, doi:10.2307/3001616. */
  private static final double LEAST_EXPECTED = 5;

  private final List<String> names = new ArrayList<>();
  private final long[] units;
  private final double[] shares;
  private final long total;

  private UnitCounts(Map<String, Double> plan, ToLongFunction<String> count) {
    plan.forEach(
        (name, share) -> {
          if (share > 0) {
            names.add(name);
          }
        });
    units = names.stream().mapToLong(count).toArray();
    double planned = names.stream().mapToDouble(plan::get).sum();
    shares = names.stream().mapToDouble(name -> plan.get(name) / planned).toArray();
    total = Arrays.stream(units).sum();
  }

  static UnitCounts of(Map<String, Double> plan, Map<String, Long> counts) {
    return new UnitCounts(plan, name -> counts.getOrDefault(name, 0L));
  }

  static UnitCounts ofArms(Map<String, Double> plan, Map<String, ArmState> arms) {
    return new UnitCounts(plan, name -> arms.containsKey(name) ? arms.get(name).units() : 0);
  }

  long total() {
    return total;
  }

  long[] units() {
    return units.clone();
  }

  double[] shares() {
    return shares.clone();
  }

  boolean isTestable() {
    return names.size() > 1 && total > 0;
  }

  /** Whether the chi-squared test holds. */
  boolean isEnough() {
    return names.size() > 1 && total * Arrays.stream(shares).min().orElseThrow() >= LEAST_EXPECTED;
  }

  SampleRatio test() {
    return SampleRatio.of(units, shares);
  }

  /** The variant farthest from its plan: "B has 480 of the 1,000 units where 500 were planned". */
  String farthest() {
    int farthest = 0;
    for (int i = 1; i < units.length; i++) {
      farthest = distance(i) > distance(farthest) ? i : farthest;
    }
    return String.format(
        Locale.ROOT,
        "%s has %,d of the %,d units where %,.0f were planned",
        names.get(farthest),
        units[farthest],
        total,
        total * shares[farthest]);
  }

  private double distance(int variant) {
    double expected = total * shares[variant];
    return Math.abs(units[variant] - expected) / Math.sqrt(expected * (1 - shares[variant]));
  }

  static String tooFew(long total) {
    return String.format(
        Locale.ROOT,
        "%,d units are too few: every variant must be planned to have %.0f, and there must be two.",
        total,
        LEAST_EXPECTED);
  }
}
