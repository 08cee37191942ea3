package dev.telltale.look;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmPair;
import dev.telltale.experiment.EffectTest;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.Outcome;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A hypothesis on its way through a look. Mutable, of one look. */
final class Asked {
  final Subject subject;
  final ExperimentMetric metric;
  final Measured measured;

  /** Of the looks that count, oldest first. */
  final List<PastLook.Reading> readings = new ArrayList<>();

  final List<LocalDate> dates = new ArrayList<>();

  /** Where there is a look. */
  Optional<Course> course = Optional.empty();

  /** Of the last look of the metric, if it was an earlier one. */
  Optional<LocalDate> fixed = Optional.empty();

  /** Whether no more looks follow this one, or the metric's window was over before. */
  boolean isOver;

  /** Sequential; 1 without a look. */
  double pValue = 1;

  /** The look that {@link #pValue} comes from, from 1. */
  int look;

  String family = "";
  int familySize;

  /** Of the repeated test, above 0. */
  double level;

  double adjusted = 1;

  /** Whether it is rejected within its family. */
  boolean isShown;

  /** Of a secondary metric: whether alpha has been passed on to it. */
  boolean isOpen = true;

  Outcome outcome = Outcome.NOT_SHOWN;
  String because = "";
  private Optional<LookMetric.Reading> reading = Optional.empty();

  Asked(Subject subject, ExperimentMetric metric, Measured measured) {
    this.subject = subject;
    this.metric = metric;
    this.measured = measured;
  }

  double[] z() {
    return readings.stream().mapToDouble(PastLook.Reading::z).toArray();
  }

  PastLook.Reading latest() {
    return readings.get(readings.size() - 1);
  }

  boolean isCrossed(double atLevel) {
    return course.isPresent() && course.get().isCrossed(atLevel, z());
  }

  /** Whether the latest look itself reaches its bound. */
  boolean isCrossedNow() {
    return Math.abs(latest().z()) >= course.orElseThrow().limit(level).bound();
  }

  /** Whether what is shown is above zero, or above the margin. */
  boolean isAbove() {
    return readings.get(look - 1).z() > 0;
  }

  /** Whether what is shown is on the better side. */
  boolean isGain() {
    return metric.goal().gain(isAbove() ? 1 : -1) > 0;
  }

  boolean isHarmed() {
    return isShown && !isGain();
  }

  /** Moves the p-value to the side of the level that the bound says. */
  boolean settle(double atLevel) {
    boolean isFound = isCrossed(atLevel);
    if (isFound == (atLevel > 0 && pValue <= atLevel)) {
      return false;
    }
    pValue = isFound ? atLevel : Math.min(1, Math.nextUp(atLevel));
    return true;
  }

  /** What is reported, once the families have been judged; empty without a look. */
  Optional<LookMetric.Reading> reading() {
    if (reading.isEmpty()) {
      reading = read();
    }
    return reading;
  }

  private Optional<LookMetric.Reading> read() {
    if (course.isEmpty() || measured.pair().isEmpty()) {
      return Optional.empty();
    }
    Course.Limit limit = course.get().limit(level);
    ArmPair pair = measured.pair().get();
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    double liftLow = low;
    double liftHigh = high;
    if (limit.nominal() > 0) {
      Inference inference =
          EffectTest.of(Measured.DIFFERENCE, limit.nominal(), EffectTest.Distribution.T).test(pair);
      low = inference.absolute().low();
      high = inference.absolute().high();
      liftLow = inference.relative().map(Inference.Lift::low).orElse(Double.NaN);
      liftHigh = inference.relative().map(Inference.Lift::high).orElse(Double.NaN);
    }
    return Optional.of(
        new LookMetric.Reading(
            pair.difference(),
            pair.standardError(1),
            latest().z(),
            latest().information(),
            limit.bound(),
            level,
            limit.spent(),
            low,
            high,
            pair.control() == 0 ? Double.NaN : pair.difference() / Math.abs(pair.control()),
            liftLow,
            liftHigh,
            measured.pValue(),
            pValue,
            adjusted));
  }

  LookMetric metric() {
    var comparison = measured.result().comparison();
    var control = comparison.control();
    var compared = comparison.compared();
    return new LookMetric(
        subject,
        metric.role(),
        control.moments().n(),
        compared.moments().n(),
        control.missing() + compared.missing(),
        mean(control.moments().n(), comparison.estimand().value(control.moments())),
        mean(compared.moments().n(), comparison.estimand().value(compared.moments())),
        measured.result().unadjusted().map(Asked::estimate),
        measured.result().adjusted().map(Asked::estimate),
        measured.result().theta(),
        reading(),
        family,
        familySize,
        outcome,
        fixed,
        because);
  }

  private static double mean(long units, double value) {
    return units == 0 ? Double.NaN : value;
  }

  private static LookMetric.Estimate estimate(Inference inference) {
    Inference.Effect effect = inference.absolute();
    return new LookMetric.Estimate(effect.effect(), effect.standardError(), effect.pValue());
  }
}
