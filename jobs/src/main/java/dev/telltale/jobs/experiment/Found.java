package dev.telltale.jobs.experiment;

import dev.telltale.config.Privacy;
import dev.telltale.experiment.ArmState;
import dev.telltale.look.Segment;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one look finds of one experiment.
 *
 * @param arms of all units, by variant
 * @param segments of each segment's key and value, by variant
 * @param byDay units by day of their first exposure and by variant
 * @param several units seen in several variants
 * @param excluded units left out by rule
 * @param undeclared units in variants that are not declared, by variant
 * @param late units first exposed after the end
 */
record Found(
    Map<String, ArmState> arms,
    Map<Segment, Map<String, ArmState>> segments,
    SortedMap<LocalDate, Map<String, Long>> byDay,
    long several,
    long excluded,
    Map<String, Long> undeclared,
    long late) {
  /** Picks it from the states of a pass. */
  static Found of(Map<UnitFold.Key, ArmState> states, LookPlan plan, int trial, int look) {
    LookPlan.Trial declared = plan.trials[trial];
    Map<String, ArmState> arms = new TreeMap<>();
    declared.variants.forEach(name -> arms.put(name, new ArmState(declared.blocks)));
    SortedMap<Segment, Map<String, ArmState>> segments =
        new TreeMap<>(Comparator.comparing(Segment::key).thenComparing(Segment::value));
    SortedMap<LocalDate, Map<String, Long>> byDay = new TreeMap<>();
    Map<String, Long> undeclared = new TreeMap<>();
    Map<UnitFold.Part, Long> counts = new TreeMap<>();
    states.forEach(
        (key, state) -> {
          if (key.trial() != trial || key.look() != look) {
            return;
          }
          if (key.part() == UnitFold.Part.DAY) {
            byDay
                .computeIfAbsent(
                    LocalDate.ofEpochDay(Long.parseLong(key.value())), any -> new TreeMap<>())
                .put(key.name(), state.units());
          } else if (key.part() == UnitFold.Part.UNDECLARED) {
            undeclared.put(key.name(), state.units());
          } else if (key.part() != UnitFold.Part.ARM) {
            counts.merge(key.part(), state.units(), Long::sum);
          } else if (key.segment() < 0) {
            arms.put(key.name(), state);
          } else {
            segments
                .computeIfAbsent(
                    new Segment(declared.segments[key.segment()].key, key.value()),
                    any -> new TreeMap<>())
                .put(key.name(), state);
          }
        });
    segments
        .values()
        .forEach(
            ofOne ->
                declared.variants.forEach(
                    name -> ofOne.putIfAbsent(name, new ArmState(declared.blocks))));
    return new Found(
        arms,
        segments,
        byDay,
        counts.getOrDefault(UnitFold.Part.SEVERAL, 0L),
        counts.getOrDefault(UnitFold.Part.EXCLUDED, 0L),
        undeclared,
        counts.getOrDefault(UnitFold.Part.LATE, 0L));
  }

  /** Without segments of few units, where the model file says how many are few. */
  Found without(Privacy privacy) {
    if (privacy.units().isEmpty()) {
      return this;
    }
    Map<Segment, Map<String, ArmState>> kept = new LinkedHashMap<>();
    segments.forEach(
        (segment, ofOne) -> {
          long units = ofOne.values().stream().mapToLong(ArmState::units).sum();
          if (units >= privacy.units().get().minimum()) {
            kept.put(segment, ofOne);
          }
        });
    return new Found(arms, kept, byDay, several, excluded, undeclared, late);
  }

  /** Units of a variant. */
  long units(String variant) {
    return Optional.ofNullable(arms.get(variant)).map(ArmState::units).orElse(0L);
  }
}
