package dev.telltale.look;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.config.Kpi;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Experiments of twenty days and units that tests write down or draw. */
final class Units {
  static final LocalDate FROM = LocalDate.of(2026, 1, 1);
  static final LocalDate TO = LocalDate.of(2026, 1, 21);

  private Units() {}

  /** Standard normal: Box and Muller. */
  static double normal(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  static ExperimentMetric metric(String name, Role role) {
    return metric(name, role, Kind.SUM, OptionalInt.empty(), OptionalDouble.empty(), false);
  }

  static ExperimentMetric guardrail(String name, double margin, boolean isRelative) {
    return metric(
        name, Role.GUARDRAIL, Kind.SUM, OptionalInt.empty(), OptionalDouble.of(margin), isRelative);
  }

  static ExperimentMetric metric(
      String name,
      Role role,
      Kind kind,
      OptionalInt days,
      OptionalDouble margin,
      boolean isRelative) {
    return new ExperimentMetric(
        name,
        "facts",
        "user",
        "at",
        Optional.empty(),
        kind,
        Optional.of("v"),
        Optional.empty(),
        0,
        days,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        kind == Kind.QUANTILE ? OptionalDouble.of(0.9) : OptionalDouble.empty(),
        role,
        Kpi.Goal.INCREASE,
        margin,
        isRelative);
  }

  /** The same metric where less is better. */
  static ExperimentMetric less(ExperimentMetric one) {
    return new ExperimentMetric(
        one.name(),
        one.table(),
        one.unit(),
        one.eventTime(),
        one.where(),
        one.kind(),
        one.value(),
        one.denominator(),
        one.fromDay(),
        one.days(),
        one.cap(),
        one.denominatorCap(),
        one.quantile(),
        one.role(),
        Kpi.Goal.DECREASE,
        one.margin(),
        one.marginIsRelative());
  }

  /** Control grey, variants as given in equal shares, obf over twenty days. */
  static Experiment experiment(List<String> compared, ExperimentMetric... metrics) {
    return experiment(compared, Optional.of(TO), OptionalLong.empty(), 0, metrics);
  }

  static Experiment experiment(
      List<String> compared,
      Optional<LocalDate> to,
      OptionalLong units,
      int preDays,
      ExperimentMetric... metrics) {
    Map<String, Double> variants = new LinkedHashMap<>();
    variants.put("grey", 1.0 / (compared.size() + 1));
    compared.forEach(name -> variants.put(name, 1.0 / (compared.size() + 1)));
    return new Experiment(
        "colour",
        "model",
        FROM,
        to,
        "grey",
        variants,
        new Experiment.Exposures(
            "log", "user", "variant", "at", Optional.empty(), Optional.empty(), List.of()),
        Arrays.asList(metrics),
        preDays,
        0.05,
        "obf",
        units,
        OptionalDouble.empty());
  }

  /** Of metrics of one column each: half of the units a deviation above, half below the mean. */
  static ArmState arm(int units, double deviation, double... means) {
    int[] widths = new int[means.length];
    Arrays.fill(widths, 1);
    ArmState state = new ArmState(widths);
    for (int i = 0; i < units; i++) {
      state.addUnit();
      for (int block = 0; block < means.length; block++) {
        double value = means[block] + (i % 2 == 0 ? deviation : -deviation);
        state.add(block, new double[] {value}, Estimand.NONE);
      }
    }
    return state;
  }

  static LookData data(int day, ArmState grey, ArmState blue, PastLook... earlier) {
    return new LookData(
        FROM.plusDays(day),
        Map.of("grey", grey, "blue", blue),
        Map.of(),
        List.of(earlier),
        Optional.empty());
  }

  static LookMetric found(LookReport report, String metric, String variant) {
    return report.metrics().stream()
        .filter(one -> one.subject().equals(new Subject(metric, variant, Optional.empty())))
        .findFirst()
        .orElseThrow();
  }

  /** What the next look needs to know of this one. */
  static PastLook past(LocalDate date, LookReport report) {
    Map<Subject, PastLook.Reading> readings = new LinkedHashMap<>();
    for (LookMetric one : report.metrics()) {
      one.reading()
          .ifPresent(
              reading ->
                  readings.put(
                      one.subject(), new PastLook.Reading(reading.information(), reading.z())));
    }
    Map<String, Decision> decisions = new LinkedHashMap<>();
    report.decisions().forEach(one -> decisions.put(one.variant(), one.decision()));
    return new PastLook(date, readings, decisions);
  }
}
