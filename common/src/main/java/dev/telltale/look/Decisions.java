package dev.telltale.look;

import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.Outcome;
import dev.telltale.experiment.Phrases;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be done with a variant. */
final class Decisions {
  private final Futility futility;
  private final boolean isPlanned;

  Decisions(Futility futility, boolean isPlanned) {
    this.futility = futility;
    this.isPlanned = isPlanned;
  }

  /**
   * Decides.
   *
   * @param all of the variant, of all units
   * @param earlier looks before this one
   */
  VariantDecision of(
      String variant, List<Asked> all, List<PastLook> earlier, Optional<String> invalid) {
    Optional<PastLook> first =
        earlier.stream()
            .filter(look -> look.decisions().containsKey(variant))
            .filter(look -> look.decisions().get(variant).isTerminal())
            .min(Comparator.comparing(PastLook::date));
    if (first.isPresent()) {
      String beside =
          invalid.map(reason -> "; now the experiment is invalid: " + trimmed(reason)).orElse("");
      return new VariantDecision(
          variant,
          first.get().decisions().get(variant),
          Optional.of(first.get().date()),
          "It was decided by the look with data up to " + first.get().date() + beside + ".");
    }
    if (invalid.isPresent()) {
      return new VariantDecision(
          variant, Decision.INVALID, Optional.empty(), Phrases.sentence(invalid.get()));
    }
    return decide(variant, all);
  }

  private static String trimmed(String reason) {
    return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
  }

  private VariantDecision decide(String variant, List<Asked> all) {
    List<Asked> primaries = of(all, Role.PRIMARY);
    List<Asked> guardrails = of(all, Role.GUARDRAIL);
    List<Asked> harmed =
        Stream.concat(primaries.stream(), guardrails.stream()).filter(Asked::isHarmed).toList();
    if (!harmed.isEmpty()) {
      return made(
          variant,
          Decision.STOP_FOR_HARM,
          "%s is worse in %s than in the control beyond the bound: %s.",
          names(harmed),
          variant,
          Sentences.list(harmed));
    }
    List<Asked> better = primaries.stream().filter(one -> one.isShown).toList();
    List<Asked> open =
        guardrails.stream()
            .filter(one -> Measured.hasMargin(one.metric))
            .filter(one -> one.outcome != Outcome.NON_INFERIOR)
            .toList();
    boolean isOver = isOver(all, primaries, guardrails);
    if (!better.isEmpty()) {
      return open.isEmpty()
          ? ship(variant, better, guardrails)
          : wait(variant, better, open, isOver);
    }
    if (isOver) {
      return made(
          variant,
          Decision.INCONCLUSIVE,
          "The last look has come and no primary metric of %s is shown: %s.",
          variant,
          Sentences.list(primaries));
    }
    if (isPlanned && !primaries.isEmpty() && primaries.stream().allMatch(this::isFutile)) {
      return made(
          variant,
          Decision.STOP_FOR_FUTILITY,
          "The planned effect would probably not be found any more: %s.",
          primaries.stream().map(this::futile).collect(Collectors.joining(", ")));
    }
    return made(
        variant,
        Decision.KEEP_RUNNING,
        "No primary metric of %s is shown yet: %s.",
        variant,
        Sentences.list(primaries));
  }

  private static VariantDecision ship(String variant, List<Asked> better, List<Asked> guardrails) {
    List<Asked> unseen = guardrails.stream().filter(one -> one.course.isEmpty()).toList();
    List<Asked> held =
        guardrails.stream().filter(one -> one.outcome == Outcome.NON_INFERIOR).toList();
    return made(
        variant,
        Decision.SHIP,
        "%s is shown better in %s and no metric is shown worse: %s%s%s.",
        names(better),
        variant,
        Sentences.list(better),
        held.isEmpty() ? "" : "; within the margin: " + Sentences.list(held),
        unseen.isEmpty() ? "" : "; guardrails without a look: " + names(unseen));
  }

  private static VariantDecision wait(
      String variant, List<Asked> better, List<Asked> open, boolean isOver) {
    return made(
        variant,
        isOver ? Decision.INCONCLUSIVE : Decision.KEEP_RUNNING,
        "%s is shown better in %s, %s, but that %s is worse by less than its margin is not shown%s:"
            + " %s.",
        names(better),
        variant,
        Sentences.list(better),
        open.stream()
            .map(one -> one.subject.metric() + " (" + Sentences.margin(one.metric) + ")")
            .collect(Collectors.joining(", ")),
        isOver ? " and the last look has come" : " yet",
        Sentences.list(open));
  }

  /** Without primary metrics all that there is has to be over. */
  private static boolean isOver(List<Asked> all, List<Asked> primaries, List<Asked> guardrails) {
    if (primaries.isEmpty()) {
      return all.stream().allMatch(one -> one.isOver);
    }
    return primaries.stream().allMatch(one -> one.isOver)
        && guardrails.stream()
            .filter(one -> Measured.hasMargin(one.metric))
            .allMatch(one -> one.isOver);
  }

  /** A metric whose last look has shown nothing is as good as futile. */
  private boolean isFutile(Asked asked) {
    return asked.course.isPresent()
        && (asked.isOver || asked.metric.goal().gain(asked.latest().z()) < bound(asked));
  }

  private double bound(Asked asked) {
    return futility.bound(asked.readings.stream().map(PastLook.Reading::information).toList());
  }

  private String futile(Asked asked) {
    return asked.isOver
        ? asked.subject.metric() + " (its last look has shown nothing)"
        : String.format(
            Locale.ROOT,
            "%s (gain %s standard errors, below %s)",
            asked.subject.metric(),
            Phrases.number(asked.metric.goal().gain(asked.latest().z())),
            Phrases.number(bound(asked)));
  }

  private static List<Asked> of(List<Asked> all, Role role) {
    return all.stream().filter(one -> one.metric.role() == role).toList();
  }

  private static String names(List<Asked> asked) {
    return asked.stream().map(one -> one.subject.metric()).collect(Collectors.joining(", "));
  }

  private static VariantDecision made(
      String variant, Decision decision, String text, Object... values) {
    return new VariantDecision(
        variant, decision, Optional.empty(), String.format(Locale.ROOT, text, values));
  }
}
