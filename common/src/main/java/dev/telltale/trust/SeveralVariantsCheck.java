package dev.telltale.trust;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Units that were seen in several variants, and are set aside; and, as a finding of its own where
 * there are any, units of variants that are not declared. Statistic: their share of all units, 0 to
 * 1. From 10 units on, a warning above 1 %, invalid above 10 %: an assignment that forgets is not
 * random any more, and who comes back is not who stays away.
 */
final class SeveralVariantsCheck implements Check {
  private static final long FEWEST = 10;
  private static final double WARNING = 0.01;
  private static final double INVALID = 0.1;

  @Override
  public String name() {
    return "SEVERAL_VARIANTS";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    Map<String, Long> unknown = data.unknownVariants();
    long strangers = unknown.values().stream().mapToLong(Long::longValue).sum();
    long all =
        data.arms().values().stream().mapToLong(ArmState::units).sum()
            + data.severalVariants()
            + strangers;
    if (all == 0) {
      return List.of(TrustCheck.insufficient(name(), "There are no units."));
    }
    List<TrustCheck> found = new ArrayList<>();
    found.add(
        finding(
            data.severalVariants(), all, "were seen in several variants and are set aside", ""));
    if (strangers > 0) {
      String largest =
          unknown.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
      String names = String.join(", ", unknown.keySet());
      found.add(
          finding(strangers, all, "have a variant that is not declared", ": " + names)
              .ofVariant(largest));
    }
    return found;
  }

  private TrustCheck finding(long units, long all, String what, String names) {
    double share = (double) units / all;
    TrustCheck.Status status = TrustCheck.Status.OK;
    String limit = units < FEWEST ? ", fewer than 10 units" : ", not more than 1 %";
    if (units >= FEWEST && share > INVALID) {
      status = TrustCheck.Status.INVALID;
      limit = ", more than 10 %, so no result holds: check how variants are assigned and logged";
    } else if (units >= FEWEST && share > WARNING) {
      status = TrustCheck.Status.WARNING;
      limit = ", more than 1 %: check how variants are assigned and logged";
    }
    String because =
        String.format(
            Locale.ROOT,
            "%,d of %,d units, %s %%, %s%s%s.",
            units,
            all,
            Phrases.number(100 * share),
            what,
            names,
            limit);
    return TrustCheck.of(name(), share, status, because);
  }
}
