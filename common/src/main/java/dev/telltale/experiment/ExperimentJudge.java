package dev.telltale.experiment;

import dev.telltale.stats.Alternative;
import dev.telltale.stats.ConfidenceInterval;
import dev.telltale.stats.PowerAnalysis;
import dev.telltale.stats.SimultaneousIntervals;
import dev.telltale.stats.SimultaneousIntervals.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Judges a family of comparisons: tests each, corrects for their number, says what is shown. */
public final class ExperimentJudge {
  /** Power in which sizes that would be needed are given. */
  static final double POWER = Plan.POWER;

  private final ExperimentPolicy policy;
  private final Function<Comparison, Comparison.Test> tests;

  /** A judge whose tests need no more than moments. */
  public ExperimentJudge(ExperimentPolicy policy) {
    this(
        policy,
        one ->
            alpha ->
                MomentTests.test(
                    policy.method(),
                    policy.hypothesis(),
                    alpha,
                    one.control().moments(),
                    one.compared().moments(),
                    one.estimand()));
  }

  /** A judge with tests of its own. */
  public ExperimentJudge(ExperimentPolicy policy, Function<Comparison, Comparison.Test> tests) {
    this.policy = policy;
    this.tests = tests;
  }

  /** Judges all comparisons of the family, in the order given. */
  public List<MetricResult> judge(List<Comparison> family) {
    List<Tested> all = family.stream().map(this::test).toList();
    List<Tested> tested = all.stream().filter(one -> one.deciding != null).toList();
    double[] pValues =
        tested.stream().mapToDouble(one -> one.inference().absolute().pValue()).toArray();
    double[] adjusted = policy.correction().adjust(pValues);
    List<Confidence> levels =
        SimultaneousIntervals.of(policy.correction(), pValues, policy.alpha());
    List<MetricResult> results = new ArrayList<>();
    int next = 0;
    for (Tested one : all) {
      if (one.deciding == null) {
        results.add(one.untested());
      } else {
        results.add(one.result(adjusted[next], levels.get(next), tested.size()));
        next++;
      }
    }
    return results;
  }

  private Tested test(Comparison comparison) {
    Tested tested = new Tested(comparison);
    Optional<Problem> problem = Problem.of(comparison, policy);
    if (problem.isPresent()) {
      tested.problem = problem.get();
      boolean lacksError =
          comparison.control().insufficient().isPresent()
              || comparison.compared().insufficient().isPresent();
      if (tested.problem.outcome() == Outcome.INVALID || lacksError) {
        return tested;
      }
    }
    try {
      Comparison.Test plain = tests.apply(comparison);
      tested.plain = plain.at(policy.alpha());
      if (tested.problem == null) {
        tested.deciding = plain;
      }
      if (!comparison.estimand().covariates().isEmpty()) {
        ArmPair pair =
            Estimator.adjusted(
                comparison.control().moments(),
                comparison.compared().moments(),
                comparison.estimand(),
                policy.adjustment());
        Comparison.Test test = alpha -> adjustedTest(alpha).test(pair);
        tested.adjusted = test.at(policy.alpha());
        tested.theta = pair.theta();
        tested.deciding = tested.problem == null ? test : null;
      }
    } catch (IllegalArgumentException e) {
      tested.deciding = null;
      if (tested.problem == null) {
        tested.problem = new Problem(Outcome.INVALID, Phrases.sentence(e.getMessage()));
      }
    }
    return tested;
  }

  private EffectTest adjustedTest(double alpha) {
    EffectTest.Distribution distribution =
        policy.method() == TestMethod.Z
            ? EffectTest.Distribution.NORMAL
            : EffectTest.Distribution.T;
    return EffectTest.of(policy.hypothesis(), alpha, distribution);
  }

  /** Units of each arm that show a difference as large as the one seen, with {@link #POWER}. */
  static OptionalDouble controlUnitsNeeded(Comparison comparison, Inference seen, double alpha) {
    double control = comparison.estimand().variance(comparison.control().moments());
    double variant = comparison.estimand().variance(comparison.compared().moments());
    double ratio =
        (double) comparison.compared().moments().n() / comparison.control().moments().n();
    if (!(control > 0) || !(variant > 0) || seen.absolute().effect() == 0) {
      return OptionalDouble.empty();
    }
    PowerAnalysis design = new PowerAnalysis(alpha, true, ratio, PowerAnalysis.Distribution.NORMAL);
    double units =
        design.controlUnits(design.standardized(seen.absolute().effect(), control, variant), POWER);
    return Double.isFinite(units) ? OptionalDouble.of(units) : OptionalDouble.empty();
  }

  /** A comparison on its way. */
  private final class Tested {
    private final Comparison comparison;
    private Problem problem;
    private Comparison.Test deciding;
    private Inference plain;
    private Inference adjusted;
    private List<Double> theta = List.of();

    Tested(Comparison comparison) {
      this.comparison = comparison;
    }

    Inference inference() {
      return adjusted == null ? plain : adjusted;
    }

    MetricResult untested() {
      String because = problem.because();
      if (problem.outcome() == Outcome.INSUFFICIENT_DATA && plain != null) {
        because = because + Phrases.needed(comparison, inference(), policy.alpha());
      }
      return new MetricResult(
          comparison,
          Optional.ofNullable(plain),
          Optional.ofNullable(adjusted),
          theta,
          OptionalDouble.empty(),
          Optional.empty(),
          problem.outcome(),
          because);
    }

    MetricResult result(double pValueAdjusted, Confidence confidence, int familySize) {
      Inference inference = inference();
      Outcome outcome = outcome(inference, pValueAdjusted);
      return new MetricResult(
          comparison,
          Optional.of(plain),
          Optional.ofNullable(adjusted),
          theta,
          OptionalDouble.of(pValueAdjusted),
          simultaneous(confidence),
          outcome,
          Phrases.because(comparison, policy, inference, outcome, pValueAdjusted, familySize));
    }

    private Outcome outcome(Inference inference, double pValueAdjusted) {
      if (!(pValueAdjusted < policy.alpha())) {
        return Outcome.NOT_SHOWN;
      }
      return switch (policy.hypothesis().kind()) {
        case SUPERIORITY -> inference.absolute().effect() > 0 ? Outcome.HIGHER : Outcome.LOWER;
        case NON_INFERIORITY -> Outcome.NON_INFERIOR;
        case EQUIVALENCE -> Outcome.EQUIVALENT;
      };
    }

    /** Only two-sided superiority has intervals whose family is proved. */
    private Optional<ConfidenceInterval> simultaneous(Confidence confidence) {
      boolean isProved =
          policy.hypothesis().equals(Hypothesis.superiority(Alternative.TWO_SIDED))
              && !Double.isNaN(inference().absolute().low());
      if (!isProved) {
        return Optional.empty();
      }
      double effect = inference().absolute().effect();
      if (confidence.level() == 1) {
        return Optional.of(
            confidence.apply(
                new ConfidenceInterval(
                    Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, confidence.level()),
                effect,
                0));
      }
      Inference.Effect own = deciding.at(1 - confidence.level()).absolute();
      return Optional.of(
          confidence.apply(
              new ConfidenceInterval(own.low(), own.high(), confidence.level()), effect, 0));
    }
  }
}
