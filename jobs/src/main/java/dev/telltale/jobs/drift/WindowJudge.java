package dev.telltale.jobs.drift;

import dev.telltale.config.ModelConfig;
import dev.telltale.drift.CategoricalComparison;
import dev.telltale.drift.CheckKind;
import dev.telltale.drift.Comparison;
import dev.telltale.drift.DriftJudge;
import dev.telltale.drift.DriftPolicy;
import dev.telltale.drift.Judgement;
import dev.telltale.drift.Measurement;
import dev.telltale.drift.NumericComparison;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares a window with its baseline and with the window before, and judges all of that at once.
 *
 * <p>A window's family is its columns, slices, versions and both comparisons. It does not depend on
 * which other windows the run had: a backfill gives the rows that the nights would have given.
 */
final class WindowJudge {
  /** Compared with the baseline. */
  static final String BASELINE = "BASELINE";

  /** Compared with the window before. */
  static final String CONSECUTIVE = "CONSECUTIVE";

  private static final String TABLE = ":table";

  private final DriftJudge judge;

  WindowJudge(ModelConfig model) {
    this.judge = new DriftJudge(DriftPolicy.of(model.drift()));
  }

  /**
   * What was compared, and what came of it.
   *
   * @param subject version, slice and column
   * @param driftType BASELINE or CONSECUTIVE
   * @param comparedWith start of the window compared with; empty for the baseline
   * @param referenceRows n of the reference
   * @param currentRows n of the window
   * @param judgement metrics and verdicts
   */
  record Judged(
      SliceColumn subject,
      String driftType,
      Optional<Instant> comparedWith,
      long referenceRows,
      long currentRows,
      Judgement judgement) {}

  private record Pending(
      SliceColumn subject,
      String driftType,
      Optional<Instant> comparedWith,
      long referenceRows,
      long currentRows,
      Measurement measurement) {}

  /**
   * Judges a window.
   *
   * @param previous the window before, if it was profiled
   */
  List<Judged> judge(WindowStates window, WindowStates baseline, Optional<WindowStates> previous) {
    List<Pending> pending = new ArrayList<>(compare(window, baseline, BASELINE, Optional.empty()));
    if (previous.isPresent()) {
      WindowStates before = previous.get();
      Optional<Instant> start = Optional.of(before.start());
      pending.add(
          new Pending(
              new SliceColumn(Optional.empty(), Optional.empty(), Optional.empty(), TABLE),
              CONSECUTIVE,
              start,
              Math.round(before.effectiveRows()),
              Math.round(window.effectiveRows()),
              Measurement.ofRows(before.count(), window.count())));
      // States on other anchors cannot be compared: the baseline has changed in between.
      if (before.baselineId().equals(window.baselineId())) {
        pending.addAll(compare(window, before, CONSECUTIVE, start));
      }
    }
    List<Judgement> judgements =
        judge.judgements(pending.stream().map(Pending::measurement).toList());
    List<Judged> judged = new ArrayList<>();
    for (int i = 0; i < pending.size(); i++) {
      Pending one = pending.get(i);
      judged.add(
          new Judged(
              one.subject(),
              one.driftType(),
              one.comparedWith(),
              one.referenceRows(),
              one.currentRows(),
              judgements.get(i)));
    }
    return judged;
  }

  private static List<Pending> compare(
      WindowStates window, WindowStates reference, String driftType, Optional<Instant> start) {
    // The rows of the only version are those of all versions.
    boolean byVersion = window.versions().size() > 1;
    return window.states().entrySet().parallelStream()
        .filter(entry -> byVersion || entry.getKey().modelVersion().isEmpty())
        .map(
            entry -> {
              SliceColumn subject = entry.getKey();
              ColumnState before =
                  reference
                      .states()
                      .get(driftType.equals(BASELINE) ? subject.ofAllVersions() : subject);
              if (before == null) {
                return Optional.<Pending>empty();
              }
              Comparison comparison = compare(before, entry.getValue());
              Measurement measurement = Measurement.of(comparison);
              boolean time = window.kinds().get(subject.column()) == ColumnKind.TIMESTAMP;
              return Optional.of(
                  new Pending(
                      subject,
                      driftType,
                      start,
                      comparison.referenceValues(),
                      comparison.currentValues(),
                      time
                          ? measurement.only(
                              CheckKind.MISSINGNESS, CheckKind.STUCK, CheckKind.WENT_LIVE)
                          : measurement));
            })
        .flatMap(Optional::stream)
        .toList();
  }

  private static Comparison compare(ColumnState reference, ColumnState current) {
    return reference instanceof NumericState numeric
        ? NumericComparison.of(numeric, (NumericState) current)
        : CategoricalComparison.of((CategoryState) reference, (CategoryState) current);
  }
}
