package dev.telltale.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.Kpi;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Heterogeneity;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Looks that tests write down: an experiment of A and B, and what was gathered of it. */
final class Looks {
  static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

  private Map<String, Double> variants = new LinkedHashMap<>();
  private List<ExperimentMetric> metrics = List.of(metric("revenue", ExperimentMetric.Kind.SUM));
  private int preDays;
  private final Map<String, ArmState> arms = new LinkedHashMap<>();
  private List<TrustData.Segment> segments = List.of();
  private final SortedMap<LocalDate, Map<String, Long>> exposures = new TreeMap<>();
  private List<Map<String, Long>> looks = List.of();
  private long several;
  private Map<String, Long> unknown = Map.of();
  private List<TrustData.Halves> halves = List.of();
  private List<TrustData.MetricEffect> effects = List.of();
  private List<Heterogeneity> heterogeneities = List.of();

  Looks() {
    variants.put("A", 0.5);
    variants.put("B", 0.5);
  }

  static ExperimentMetric metric(String name, ExperimentMetric.Kind kind) {
    return metric(name, kind, ExperimentMetric.Role.PRIMARY, OptionalDouble.empty());
  }

  static ExperimentMetric metric(
      String name, ExperimentMetric.Kind kind, ExperimentMetric.Role role, OptionalDouble cap) {
    return new ExperimentMetric(
        name,
        "facts",
        "user_id",
        "event_time",
        Optional.empty(),
        kind,
        Optional.of("amount"),
        kind == ExperimentMetric.Kind.RATIO ? Optional.of("visits") : Optional.empty(),
        0,
        OptionalInt.empty(),
        cap,
        OptionalDouble.empty(),
        kind == ExperimentMetric.Kind.QUANTILE ? OptionalDouble.of(0.9) : OptionalDouble.empty(),
        role,
        Kpi.Goal.INCREASE,
        OptionalDouble.empty(),
        false);
  }

  Looks plan(Map<String, Double> shares) {
    variants = new LinkedHashMap<>(shares);
    return this;
  }

  Looks metrics(ExperimentMetric... of) {
    metrics = List.of(of);
    return this;
  }

  Looks preDays(int days) {
    preDays = days;
    return this;
  }

  Looks arm(String variant, ArmState state) {
    arms.put(variant, state);
    return this;
  }

  Looks units(long a, long b) {
    return arm("A", units(a)).arm("B", units(b));
  }

  Looks segments(TrustData.Segment... of) {
    segments = List.of(of);
    return this;
  }

  Looks day(int day, long a, long b) {
    exposures.put(FIRST.plusDays(day), Map.of("A", a, "B", b));
    return this;
  }

  Looks looks(List<Map<String, Long>> before) {
    looks = before;
    return this;
  }

  Looks several(long units) {
    several = units;
    return this;
  }

  Looks unknown(Map<String, Long> units) {
    unknown = units;
    return this;
  }

  Looks halves(TrustData.Halves... of) {
    halves = List.of(of);
    return this;
  }

  Looks effects(TrustData.MetricEffect... of) {
    effects = List.of(of);
    return this;
  }

  Looks heterogeneities(List<Heterogeneity> of) {
    heterogeneities = of;
    return this;
  }

  TrustData data() {
    Experiment experiment =
        new Experiment(
            "checkout",
            "ranker",
            FIRST,
            Optional.of(FIRST.plusDays(28)),
            "A",
            variants,
            new Experiment.Exposures(
                "exposures",
                "user_id",
                "variant",
                "event_time",
                Optional.empty(),
                Optional.empty(),
                segments.stream().map(TrustData.Segment::key).distinct().toList()),
            metrics,
            preDays,
            0.05,
            "obf",
            OptionalLong.empty(),
            OptionalDouble.empty());
    return new TrustData(
        experiment,
        arms,
        segments,
        exposures,
        looks,
        several,
        unknown,
        halves,
        effects,
        heterogeneities);
  }

  /** What a check finds, of which there is one. */
  TrustCheck one(Check check) {
    List<TrustCheck> found = check.of(data());
    assertThat(found).hasSize(1);
    assertThat(found.get(0).check()).isEqualTo(check.name());
    return found.get(0);
  }

  static ArmState units(long units) {
    ArmState state = new ArmState(1);
    for (long i = 0; i < units; i++) {
      state.addUnit();
    }
    return state;
  }

  /** An arm of one block, its rows one after the other. */
  static ArmState arm(int columns, double... values) {
    ArmState state = new ArmState(columns);
    for (int at = 0; at < values.length; at += columns) {
      state.addUnit();
      state.add(0, Arrays.copyOfRange(values, at, at + columns), Estimand.NONE);
    }
    return state;
  }

  /** So many units by share: a draw of each. */
  static long[] draw(SplittableRandom random, int units, double... shares) {
    long[] counts = new long[shares.length];
    for (int i = 0; i < units; i++) {
      double at = random.nextDouble();
      int variant = 0;
      while (variant < shares.length - 1 && at >= shares[variant]) {
        at -= shares[variant++];
      }
      counts[variant]++;
    }
    return counts;
  }
}
