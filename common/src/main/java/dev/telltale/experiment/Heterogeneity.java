package dev.telltale.experiment;

import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.special.Gamma;

/**
 * Whether a variant's effect differs between the values of a segment: Cochran's Q (1954,
 * doi:10.2307/3001666) over the effects, each weighted by the inverse of its squared standard
 * error.
 *
 * @param metric metric
 * @param variant variant
 * @param key the segment's column
 * @param values values with an effect
 * @param statistic Cochran's Q, at least 0
 * @param pValue of equal effects, by chi-squared with {@code values - 1} degrees of freedom
 * @param pValueAdjusted the same, corrected for all segments, metrics and variants asked
 * @param inconsistency share of the scatter that chance does not explain, 0 to 1: I² of Higgins and
 *     Thompson (2002, doi:10.1002/sim.1186)
 * @param isReversed whether every value's effect has the other sign than that of all units: the
 *     variants then have the values in different shares (Simpson 1951,
 *     doi:10.1111/j.2517-6161.1951.tb00088.x)
 * @param because the reason in a sentence
 */
public record Heterogeneity(
    String metric,
    String variant,
    String key,
    int values,
    double statistic,
    double pValue,
    double pValueAdjusted,
    double inconsistency,
    boolean isReversed,
    String because) {
  /**
   * What is asked of one segment.
   *
   * @param key the segment's column
   * @param whole result of all units
   * @param parts results of the values, by value, of the same metric and variant
   */
  public record Question(String key, MetricResult whole, List<Part> parts) {}

  /**
   * One value of a segment.
   *
   * @param value the value
   * @param result its result
   */
  public record Part(String value, MetricResult result) {}

  /** A value with its effect. */
  private record Effect(String value, double size, double weight) {}

  /**
   * Asks a family of questions; those with fewer than two effects are left out.
   *
   * @param alpha level of the family
   */
  public static List<Heterogeneity> of(
      List<Question> questions, MultipleTesting correction, double alpha) {
    List<Question> asked = new ArrayList<>();
    List<List<Effect>> effects = new ArrayList<>();
    for (Question question : questions) {
      List<Effect> known =
          question.parts().stream()
              .filter(part -> part.result().pValueAdjusted().isPresent())
              .filter(part -> part.result().deciding().orElseThrow().absolute().standardError() > 0)
              .map(Heterogeneity::effect)
              .toList();
      if (known.size() > 1 && question.whole().deciding().isPresent()) {
        asked.add(question);
        effects.add(known);
      }
    }
    double[] statistics = effects.stream().mapToDouble(Heterogeneity::cochran).toArray();
    double[] pValues = new double[statistics.length];
    for (int i = 0; i < pValues.length; i++) {
      pValues[i] = Gamma.regularizedGammaQ((effects.get(i).size() - 1) / 2.0, statistics[i] / 2);
    }
    double[] adjusted = correction.adjust(pValues);
    List<Heterogeneity> answers = new ArrayList<>();
    for (int i = 0; i < pValues.length; i++) {
      answers.add(
          answer(asked.get(i), effects.get(i), statistics[i], pValues[i], adjusted[i], alpha));
    }
    return answers;
  }

  private static Effect effect(Part part) {
    Inference.Effect effect = part.result().deciding().orElseThrow().absolute();
    return new Effect(
        part.value(), effect.effect(), 1 / (effect.standardError() * effect.standardError()));
  }

  private static double mean(List<Effect> effects) {
    double weights = effects.stream().mapToDouble(Effect::weight).sum();
    return effects.stream().mapToDouble(one -> one.weight() * one.size()).sum() / weights;
  }

  private static double cochran(List<Effect> effects) {
    double mean = mean(effects);
    return effects.stream()
        .mapToDouble(one -> one.weight() * (one.size() - mean) * (one.size() - mean))
        .sum();
  }

  private static Heterogeneity answer(
      Question question,
      List<Effect> effects,
      double statistic,
      double pValue,
      double adjusted,
      double alpha) {
    double whole = question.whole().deciding().orElseThrow().absolute().effect();
    boolean isReversed = whole != 0 && effects.stream().allMatch(one -> one.size() * whole < 0);
    Comparison comparison = question.whole().comparison();
    String because;
    if (isReversed) {
      because =
          String.format(
              Locale.ROOT,
              "%s is %s in %s for every value of %s and %s for all units: the variants have the"
                  + " values in different shares, so trust the values.",
              comparison.metric(),
              whole > 0 ? "lower" : "higher",
              comparison.variant(),
              question.key(),
              whole > 0 ? "higher" : "lower");
    } else if (adjusted < alpha) {
      Effect driver = farthest(effects);
      because =
          String.format(
              Locale.ROOT,
              "The effect of %s on %s differs between values of %s, most in %s: %s, %s in the"
                  + " others; p %s is below %s.",
              comparison.variant(),
              comparison.metric(),
              question.key(),
              driver.value(),
              Phrases.number(driver.size()),
              Phrases.number(mean(without(effects, driver))),
              Phrases.pValue(adjusted),
              Phrases.number(alpha));
    } else {
      because =
          String.format(
              Locale.ROOT,
              "No difference of the effect of %s on %s between values of %s is shown: p %s is not"
                  + " below %s.",
              comparison.variant(),
              comparison.metric(),
              question.key(),
              Phrases.pValue(adjusted),
              Phrases.number(alpha));
    }
    int degrees = effects.size() - 1;
    return new Heterogeneity(
        comparison.metric(),
        comparison.variant(),
        question.key(),
        effects.size(),
        statistic,
        pValue,
        adjusted,
        statistic > degrees ? (statistic - degrees) / statistic : 0,
        isReversed,
        because);
  }

  private static List<Effect> without(List<Effect> effects, Effect one) {
    return effects.stream().filter(other -> !other.equals(one)).toList();
  }

  /** The value whose effect stands out most from that of all others, in standard errors. */
  private static Effect farthest(List<Effect> effects) {
    return effects.stream()
        .max(
            Comparator.comparingDouble(
                one -> {
                  List<Effect> others = without(effects, one);
                  double weight = others.stream().mapToDouble(Effect::weight).sum();
                  double error = Math.sqrt(1 / one.weight() + 1 / weight);
                  return Math.abs(one.size() - mean(others)) / error;
                }))
        .orElseThrow();
  }
}
