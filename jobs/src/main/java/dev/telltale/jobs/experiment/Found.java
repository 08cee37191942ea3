package dev.telltale.jobs.experiment;

import dev.telltale.experiment.ArmState;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one look finds of one experiment.
 *
 * @param arms of all units, by variant
 * @param segments of each segment's key and value, by variant
 * @param byDay units by day since 1970 of their first exposure and by variant
 * @param several units seen in several variants
 * @param excluded units left out by rule
 * @param undeclared units in variants that are not declared
 * @param late units first exposed after the end
 */
record Found(
    Map<String, ArmState> arms,
    SortedMap<Segment, Map<String, ArmState>> segments,
    SortedMap<Integer, Map<String, Long>> byDay,
    long several,
    long excluded,
    long undeclared,
    long late) {
  /**
   * A segment.
   *
   * @param key column
   * @param value its value
   */
  record Segment(String key, String value) implements Comparable<Segment> {
    @Override
    public int compareTo(Segment other) {
      int order = key.compareTo(other.key);
      return order != 0 ? order : value.compareTo(other.value);
    }
  }

  /** Picks it from the states of a pass. */
  static Found of(Map<UnitFold.Key, ArmState> states, LookPlan plan, int trial, int look) {
    LookPlan.Trial declared = plan.trials[trial];
    Map<String, ArmState> arms = new TreeMap<>();
    declared.variants.forEach(name -> arms.put(name, new ArmState(declared.blocks)));
    SortedMap<Segment, Map<String, ArmState>> segments = new TreeMap<>();
    SortedMap<Integer, Map<String, Long>> byDay = new TreeMap<>();
    Map<UnitFold.Part, Long> counts = new TreeMap<>();
    states.forEach(
        (key, state) -> {
          if (key.trial() != trial || key.look() != look) {
            return;
          }
          if (key.part() == UnitFold.Part.DAY) {
            byDay
                .computeIfAbsent(Integer.valueOf(key.value()), any -> new TreeMap<>())
                .put(key.name(), state.units());
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
        counts.getOrDefault(UnitFold.Part.UNDECLARED, 0L),
        counts.getOrDefault(UnitFold.Part.LATE, 0L));
  }

  /** Units of a variant. */
  long units(String variant) {
    return Optional.ofNullable(arms.get(variant)).map(ArmState::units).orElse(0L);
  }
}
