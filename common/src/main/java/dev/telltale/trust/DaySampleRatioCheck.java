package dev.telltale.trust;

import dev.telltale.experiment.Phrases;
import dev.telltale.experiment.SampleRatio;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the units that were first exposed on a day came in the planned shares: a release or an
 * outage shows on its days before the total does. Chi-squared of each day, {@link
 * SampleRatio#ALARM} by Bonferroni over the days so far; a day with fewer than 5 units planned in a
 * variant is left out. Statistic: chi-squared of the worst day.
 *
 * <p>Over 28 daily looks the chance of a false warning is at most .001 (1 + 1/2 + ... + 1/28),
 * .004.
 */
final class DaySampleRatioCheck implements Check {
  private static final int MOST_NAMED = 10;

  private record Day(LocalDate date, UnitCounts counts, SampleRatio ratio) {}

  @Override
  public String name() {
    return "SAMPLE_RATIO_DAY";
  }

  @Override
  public List<TrustCheck> of(TrustData data) {
    Map<String, Double> plan = data.experiment().variants();
    List<Day> days = new ArrayList<>();
    data.exposures()
        .forEach(
            (date, units) -> {
              UnitCounts counts = UnitCounts.of(plan, units);
              if (counts.isEnough()) {
                days.add(new Day(date, counts, counts.test()));
              }
            });
    if (days.isEmpty()) {
      return List.of(
          TrustCheck.insufficient(
              name(), "No day has so many units that 5 of them are planned in every variant."));
    }
    Day worst = days.get(0);
    for (Day day : days) {
      worst = day.ratio().pValue() < worst.ratio().pValue() ? day : worst;
    }
    List<String> dates =
        days.stream()
            .filter(day -> day.ratio().isMismatch(days.size()))
            .map(day -> day.date().toString())
            .toList();
    double adjusted = Math.min(1, worst.ratio().pValue() * days.size());
    String text =
        String.format(
            Locale.ROOT,
            "On %s %s: p %s, corrected for %,d days, is %sbelow 0.001",
            worst.date(),
            worst.counts().farthest(),
            Phrases.pValue(adjusted),
            days.size(),
            dates.isEmpty() ? "not " : "");
    return List.of(
        TrustCheck.of(
                name(),
                worst.ratio().statistic(),
                dates.isEmpty() ? TrustCheck.Status.OK : TrustCheck.Status.WARNING,
                dates.isEmpty() ? text + "." : text + "; days that are off: " + list(dates) + ".")
            .on(worst.date())
            .tested(worst.ratio().pValue(), adjusted));
  }

  private static String list(List<String> dates) {
    String named = String.join(", ", dates.subList(0, Math.min(MOST_NAMED, dates.size())));
    int others = dates.size() - MOST_NAMED;
    return others > 0 ? named + " and " + others + " more" : named;
  }
}
