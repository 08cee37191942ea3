package dev.telltale.system;

import dev.telltale.config.SystemQuality;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.MultipleTesting;
import dev.telltale.system.SystemVerdict.ComparedWith;
import dev.telltale.system.SystemVerdict.Status;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges the service in a window: every metric against its objective, and against the window and
 * version before. A verdict fires when its effect matters and its p-value, corrected over all tests
 * of the window, is below alpha; what is known without sampling fires by its effect alone.
 *
 * <p>Of one window: ask everything, then {@link #verdicts()}.
 */
public final class SystemJudge {
  private final double alpha;
  private final MultipleTesting correction;
  private final int minimumRows;
  private final SystemQuality declared;
  private final List<Question> questions = new ArrayList<>();

  /**
   * A judge.
   *
   * @param alpha level of the family
   * @param minimumRows fewer rows on a side of a comparison are too few
   */
  public SystemJudge(
      double alpha, MultipleTesting correction, int minimumRows, SystemQuality declared) {
    this.alpha = alpha;
    this.correction = correction;
    this.minimumRows = minimumRows;
    this.declared = declared;
  }

  /**
   * A comparison before the correction.
   *
   * @param effect empty = too little data
   * @param pValue empty = no test
   * @param what value, reference and threshold in words, without a full stop
   */
  private record Question(
      Optional<String> version,
      SystemMetric metric,
      ComparedWith comparedWith,
      OptionalDouble reference,
      OptionalDouble effect,
      double threshold,
      boolean matters,
      OptionalDouble pValue,
      long nReference,
      String what) {}

  /** Asks whether a window meets its objectives, of a version those of its answers only. */
  public void askObjectives(ServiceWindow window) {
    for (ServiceMetric measure : ServiceMetrics.measured(window, declared)) {
      if (window.version().isPresent() && !measure.isOfVersions()) {
        continue;
      }
      Double objective = declared.objectives().get(measure.name());
      if (objective != null) {
        askObjective(window, measure, objective);
      }
    }
  }

  private void askObjective(ServiceWindow window, ServiceMetric measure, double objective) {
    SystemMetric metric = measure.of(window);
    OptionalDouble value = value(metric);
    boolean higherIsBetter = measure.isHigherBetter();
    boolean missed =
        value.isPresent()
            && (higherIsBetter ? value.getAsDouble() < objective : value.getAsDouble() > objective);
    questions.add(
        new Question(
            window.version(),
            metric,
            ComparedWith.OBJECTIVE,
            OptionalDouble.of(objective),
            value,
            objective,
            missed,
            value.isPresent() ? measure.beyond(window, objective) : OptionalDouble.empty(),
            0,
            value.isEmpty()
                ? metric.because().replaceFirst("\\.$", "")
                : words(metric)
                    + (higherIsBetter
                        ? "; the objective is at least "
                        : "; the objective is at most ")
                    + number(objective)));
  }

  /** Asks whether a window is worse than another, the one before or one of the version before. */
  public void askChange(ServiceWindow window, ServiceWindow other, ComparedWith comparedWith) {
    Map<String, SystemMetric> before = new HashMap<>();
    ServiceMetrics.of(other, declared).forEach(metric -> before.put(metric.name(), metric));
    for (ServiceMetric measure : ServiceMetrics.measured(window, declared)) {
      Optional<ServiceMetric.Change> change = measure.change(declared);
      SystemMetric reference = before.get(measure.name());
      if (change.isPresent() && reference != null) {
        questions.add(
            changed(window, measure.of(window), other, reference, change.get(), comparedWith));
      }
    }
  }

  private Question changed(
      ServiceWindow window,
      SystemMetric metric,
      ServiceWindow other,
      SystemMetric reference,
      ServiceMetric.Change change,
      ComparedWith comparedWith) {
    long n = window.state().independentRows();
    long m = other.state().independentRows();
    boolean enough =
        metric.estimate().isPresent()
            && reference.estimate().isPresent()
            && Math.min(n, m) >= minimumRows;
    if (!enough) {
      return new Question(
          window.version(),
          metric,
          comparedWith,
          value(reference),
          OptionalDouble.empty(),
          change.threshold(),
          false,
          OptionalDouble.empty(),
          m,
          tooLittle(metric, n, reference, m));
    }
    double now = metric.estimate().get().value();
    double then = reference.estimate().get().value();
    // From nothing to something is a change beyond any ratio.
    double effect = !change.isRatio() ? now - then : now == then ? 1 : now / then;
    return new Question(
        window.version(),
        metric,
        comparedWith,
        OptionalDouble.of(then),
        OptionalDouble.of(effect),
        change.threshold(),
        effect >= change.threshold(),
        OptionalDouble.of(change.test().pValue(window, other)),
        m,
        words(metric)
            + (comparedWith == ComparedWith.CONSECUTIVE
                ? ", in the window before "
                : ", of version " + other.version().orElse("all") + " ")
            + number(then)
            + (change.isRatio() ? ": " + times(effect) + ", " : ": " + number(effect) + " more, ")
            + number(change.threshold())
            + " matters");
  }

  private String tooLittle(SystemMetric metric, long n, SystemMetric reference, long m) {
    if (Math.min(n, m) < minimumRows) {
      return String.format(
          Locale.ROOT,
          "There are %,d rows now and %,d there, and %,d are needed on each side",
          n,
          m,
          minimumRows);
    }
    return (metric.estimate().isEmpty() ? metric.because() : "There: " + reference.because())
        .replaceFirst("\\.$", "");
  }

  private static OptionalDouble value(SystemMetric metric) {
    return metric
        .estimate()
        .map(one -> OptionalDouble.of(one.value()))
        .orElse(OptionalDouble.empty());
  }

  /** What was asked, in that order. */
  public List<SystemVerdict> verdicts() {
    double[] pValues =
        questions.stream()
            .filter(question -> question.pValue().isPresent())
            .mapToDouble(question -> question.pValue().getAsDouble())
            .toArray();
    double[] adjusted = correction.adjust(pValues);
    List<SystemVerdict> verdicts = new ArrayList<>();
    int next = 0;
    for (Question question : questions) {
      OptionalDouble p =
          question.pValue().isPresent()
              ? OptionalDouble.of(adjusted[next++])
              : OptionalDouble.empty();
      verdicts.add(verdict(question, p, pValues.length));
    }
    return verdicts;
  }

  private SystemVerdict verdict(Question question, OptionalDouble adjusted, int family) {
    boolean significant = adjusted.isEmpty() || adjusted.getAsDouble() < alpha;
    Status status =
        question.effect().isEmpty()
            ? Status.INSUFFICIENT_DATA
            : question.matters() && significant ? Status.DEGRADED : Status.OK;
    String test =
        adjusted.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "; adjusted p %s over %,d test%s is %s %s",
                number(adjusted.getAsDouble()),
                family,
                family == 1 ? "" : "s",
                significant ? "below" : "not below",
                number(alpha));
    return new SystemVerdict(
        question.version(),
        question.metric(),
        question.comparedWith(),
        question.reference(),
        question.effect(),
        question.threshold(),
        question.pValue(),
        adjusted,
        adjusted.isPresent() ? family : 0,
        question.nReference(),
        status,
        question.what() + test + ".");
  }

  private static String times(double ratio) {
    return Double.isInfinite(ratio) ? "from nothing" : number(ratio) + " times as much";
  }

  private static String words(SystemMetric metric) {
    Estimate estimate = metric.estimate().orElseThrow();
    return metric.name()
        + " "
        + number(estimate.value())
        + (estimate.low().isPresent()
            ? String.format(
                Locale.ROOT,
                " (95 %%: %s to %s, n %,d)",
                number(estimate.low().getAsDouble()),
                number(estimate.high().getAsDouble()),
                metric.n())
            : "");
  }

  /** Three significant digits. */
  private static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : String.valueOf(value);
    }
    return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6
        ? String.format(Locale.ROOT, "%.2e", value)
        : new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
