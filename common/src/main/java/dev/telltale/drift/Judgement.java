package dev.telltale.drift;

import java.util.List;

/**
 * All that was found about one measurement.
 *
 * @param verdicts one per question asked, in the order of {@link CheckKind}
 * @param metrics one per metric, then one per check that has an effect of its own
 * @param familySize distribution tests in the whole call
 */
public record Judgement(List<Verdict> verdicts, List<JudgedMetric> metrics, int familySize) {
  /** Copies the lists. */
  public Judgement {
    verdicts = List.copyOf(verdicts);
    metrics = List.copyOf(metrics);
  }

  /** The verdict that stands for all: the first that fired, otherwise the first. */
  public Verdict headline() {
    return verdicts.stream()
        .filter(verdict -> verdict.status() == VerdictStatus.DRIFT)
        .findFirst()
        .orElse(verdicts.get(0));
  }
}
