package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.look.LookMetric;
import dev.telltale.look.Segment;
import dev.telltale.look.Subject;
import dev.telltale.look.VariantDecision;
import dev.telltale.stats.NormalPosterior;
import dev.telltale.trust.TrustCheck;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** What a look says, as rows of the tables. */
final class ExperimentRows {
  private static final int STATE_VERSION = 1;
  private static final String HETEROGENEITY = "HETEROGENEITY";

  private final NightSpec spec;
  private final Instant computedAt;

  ExperimentRows(NightSpec spec, Instant computedAt) {
    this.spec = spec;
    this.computedAt = computedAt;
  }

  private TableRow row(Tables table, Experiment experiment, LocalDate look) {
    Instant day = look.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new TableRow(table.schema())
        .window(day, Granularity.DAY.next(day))
        .set("granularity", Granularity.DAY.label())
        .set("model_id", spec.model().model())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("experiment_id", experiment.id());
  }

  List<Row> states(Experiment experiment, LocalDate look, Found found) {
    List<Row> rows = new ArrayList<>();
    found.arms().forEach((variant, arm) -> rows.add(state(experiment, look, variant, arm).build()));
    found
        .segments()
        .forEach(
            (segment, arms) ->
                arms.forEach(
                    (variant, arm) ->
                        rows.add(
                            state(experiment, look, variant, arm)
                                .set("slice_key", segment.key())
                                .set("slice_value", segment.value())
                                .build())));
    return rows;
  }

  private TableRow state(Experiment experiment, LocalDate look, String variant, ArmState arm) {
    return row(Tables.EXPERIMENT_STATES, experiment, look)
        .set("variant", variant)
        .set("units", arm.units())
        .set("state_version", STATE_VERSION)
        .set("state", arm.toBytes());
  }

  Row result(Experiment experiment, LocalDate look, LookMetric metric) {
    Subject subject = metric.subject();
    Optional<LookMetric.Reading> reading = metric.reading();
    Optional<LookMetric.Estimate> plain = metric.unadjusted();
    Optional<NormalPosterior> posterior = posterior(experiment, metric);
    boolean isMoreBetter =
        experiment.metrics().stream()
            .anyMatch(
                one -> one.name().equals(subject.metric()) && one.goal() == Kpi.Goal.INCREASE);
    return row(Tables.EXPERIMENT_RESULTS, experiment, look)
        .set("slice_key", subject.segment().map(Segment::key))
        .set("slice_value", subject.segment().map(Segment::value))
        .set("look", number(experiment, look))
        .set("metric", subject.metric())
        .set("role", metric.role().name())
        .set("variant", subject.variant())
        .set("n_control", metric.controlUnits())
        .set("n_variant", metric.variantUnits())
        .set("mean_control", metric.controlMean())
        .set("mean_variant", metric.variantMean())
        .set("num_missing", metric.missing())
        .set("effect", reading.map(LookMetric.Reading::effect))
        .set("std_error", reading.map(LookMetric.Reading::standardError))
        .set("ci_low", reading.map(LookMetric.Reading::low))
        .set("ci_high", reading.map(LookMetric.Reading::high))
        .set("lift", reading.map(LookMetric.Reading::lift))
        .set("lift_low", reading.map(LookMetric.Reading::liftLow))
        .set("lift_high", reading.map(LookMetric.Reading::liftHigh))
        .set("z", reading.map(LookMetric.Reading::z))
        .set("bound", reading.map(LookMetric.Reading::bound))
        .set("information", reading.map(LookMetric.Reading::information))
        .set("level", reading.map(LookMetric.Reading::level))
        .set("alpha_spent", reading.map(LookMetric.Reading::alphaSpent))
        .set("p_value", reading.map(LookMetric.Reading::pValue))
        .set("p_value_sequential", reading.map(LookMetric.Reading::pValueSequential))
        .set("p_value_adjusted", reading.map(LookMetric.Reading::pValueAdjusted))
        .set("family", metric.family())
        .set("family_size", metric.familySize())
        .set("chance_to_win", posterior.map(one -> one.chanceToWin(isMoreBetter)))
        .set("expected_loss", posterior.map(one -> one.lossOfVariant(isMoreBetter)))
        .set("effect_unadjusted", plain.map(LookMetric.Estimate::effect))
        .set("std_error_unadjusted", plain.map(LookMetric.Estimate::standardError))
        .set("p_value_unadjusted", plain.map(LookMetric.Estimate::pValue))
        .set("theta", JavaConverters.asScalaBuffer(metric.theta()).toSeq())
        .set("outcome", metric.outcome().name())
        .set("fixed_on", metric.fixed().map(end -> Date.valueOf(end.minusDays(1))))
        .set("because", metric.because())
        .build();
  }

  /** The prior is of lifts, so that it is wider where the control's level is higher. */
  private static Optional<NormalPosterior> posterior(Experiment experiment, LookMetric metric) {
    double level = Math.abs(metric.controlMean());
    return experiment.priorLift().isPresent() && level > 0
        ? metric
            .reading()
            .map(
                reading ->
                    NormalPosterior.of(
                        reading.effect(),
                        reading.standardError(),
                        0,
                        experiment.priorLift().getAsDouble() * level))
        : Optional.empty();
  }

  Row check(Experiment experiment, LocalDate look, TrustCheck check) {
    return row(Tables.EXPERIMENT_CHECKS, experiment, look)
        .set("slice_key", check.segmentKey())
        .set("slice_value", check.segmentValue())
        .set("check", check.check())
        .set("metric", check.metric())
        .set("variant", check.variant())
        .set("day", check.day().map(Date::valueOf))
        .set("statistic", check.statistic())
        .set("p_value", check.pValue())
        .set("p_value_adjusted", check.pValueAdjusted())
        .set("status", check.status().name())
        .set("because", check.because())
        .build();
  }

  Row heterogeneity(Experiment experiment, LocalDate look, Heterogeneity one) {
    return row(Tables.EXPERIMENT_CHECKS, experiment, look)
        .set("slice_key", one.key())
        .set("check", HETEROGENEITY)
        .set("metric", one.metric())
        .set("variant", one.variant())
        .set("statistic", one.statistic())
        .set("p_value", one.pValue())
        .set("p_value_adjusted", one.pValueAdjusted())
        .set("status", TrustCheck.Status.OK.name())
        .set("because", one.because())
        .build();
  }

  /**
   * A decision.
   *
   * @param because the reason, that of an earlier look if that fixed it
   * @param decidedBy run that fixed it
   * @param declaration hash of what was declared
   */
  Row decision(
      Experiment experiment,
      LocalDate look,
      VariantDecision decision,
      String because,
      Found found,
      Optional<String> decidedBy,
      String declaration) {
    Optional<LocalDate> decidedOn =
        decision.fixed().map(end -> end.minusDays(1)).or(() -> decidedBy.map(run -> look));
    return row(Tables.EXPERIMENT_LOOKS, experiment, look)
        .set("look", number(experiment, look))
        .set("variant", decision.variant())
        .set("n_control", found.units(experiment.control()))
        .set("n_variant", found.units(decision.variant()))
        .set("num_several", found.several())
        .set("num_excluded", found.excluded())
        .set(
            "num_undeclared", found.undeclared().values().stream().mapToLong(Long::longValue).sum())
        .set("num_late", found.late())
        .set("decision", decision.decision().name())
        .set("decided_on", decidedOn.map(Date::valueOf))
        .set("decided_by", decidedBy)
        .set("declaration", declaration)
        .set("because", because)
        .build();
  }

  private static int number(Experiment experiment, LocalDate look) {
    return (int) ChronoUnit.DAYS.between(experiment.from(), look) + 1;
  }
}
