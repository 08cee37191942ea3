package dev.telltale.look;

import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.experiment.Outcome;
import dev.telltale.experiment.Phrases;
import dev.telltale.sequential.AsymptoticConfidenceSequence;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what one look at a running experiment shows. Each hypothesis has a sequential p-value, which
 * holds at all looks together: with a planned end or number of units by error spending over the
 * information, without either by an asymptotic confidence sequence. The families are those of
 * primary metrics, from which secondary ones inherit; of guardrails; and of segments.
 *
 * <p>The information of a metric is the share of the planned units that count in it, or the share
 * of the planned days that have brought units whose window is over. A segment has that of all
 * units. A metric's last look is the first at which all windows are over or all planned units have
 * come; it spends what is left of alpha, and later ones change nothing. A look while a trust check
 * fails reads nothing and spends nothing.
 *
 * <p>Immutable but for bounds that are kept for the next call; safe for concurrent use.
 */
public final class LookJudge {
  /**
   * Units of both arms at which always-valid bounds are lowest. It has to be fixed before the first
   * look. At the level 0.05 the bound is then 3.0 at 10,000 units, 7 % and 17 % above the lowest
   * possible at 100,000 and a million, and 27 % above it at 1,000: with fewer units the sequence
   * promises nothing anyway.
   */
  static final double TUNED_UNITS = 10_000;

  private final Experiment experiment;
  private final List<String> compared;
  private final Calendar calendar;
  private final SequentialPValues none;
  private final double scale;
  private final Sentences sentences;
  private final Decisions decisions;

  /**
   * A judge of an experiment.
   *
   * @throws IllegalArgumentException if the spending function has no such name or alpha is no level
   */
  public LookJudge(Experiment experiment) {
    if (!(experiment.alpha() > 0 && experiment.alpha() < 0.5)) {
      throw new IllegalArgumentException("An alpha of " + experiment.alpha());
    }
    Spending spending = Spending.of(experiment.spending());
    this.experiment = experiment;
    this.compared = experiment.compared();
    this.calendar = new Calendar(experiment);
    this.none = SequentialPValues.start(Sides.TWO, spending);
    int primaries = experiment.metrics(Role.PRIMARY).size() * compared.size();
    this.scale =
        AsymptoticConfidenceSequence.tightestAt(
                experiment.alpha() / Math.max(1, primaries), Sides.TWO, TUNED_UNITS)
            .scale();
    this.sentences = new Sentences(calendar.isPlanned());
    this.decisions =
        new Decisions(new Futility(experiment.alpha(), spending), calendar.isPlanned());
  }

  /**
   * Judges a look.
   *
   * @param data states with the columns that {@link LookData} describes, which is not checked
   */
  public LookReport judge(LookData data) {
    List<PastLook> earlier =
        data.earlier().stream()
            .filter(look -> look.date().isBefore(data.end()))
            .sorted(Comparator.comparing(PastLook::date))
            .toList();
    List<Asked> whole = new ArrayList<>();
    List<Asked> segments = new ArrayList<>();
    for (int block = 0; block < experiment.metrics().size(); block++) {
      for (String variant : compared) {
        whole.add(ask(block, variant, Optional.empty(), data.arms(), data, earlier));
        if (experiment.metrics().get(block).role() == Role.PRIMARY) {
          for (Map.Entry<Segment, Map<String, ArmState>> one : data.segments().entrySet()) {
            segments.add(
                ask(block, variant, Optional.of(one.getKey()), one.getValue(), data, earlier));
          }
        }
      }
    }
    double alpha = experiment.alpha();
    Families.confirm(
        whole.stream().filter(one -> one.metric.role() != Role.GUARDRAIL).toList(),
        compared,
        alpha);
    Families.guard(
        whole.stream().filter(one -> one.metric.role() == Role.GUARDRAIL).toList(), alpha);
    Families.explore(segments, alpha);
    List<Asked> all = new ArrayList<>(whole);
    all.addAll(segments);
    all.forEach(one -> conclude(one, data));
    List<VariantDecision> decided =
        compared.stream()
            .map(variant -> decisions.of(variant, of(whole, variant), earlier, data.invalid()))
            .toList();
    return new LookReport(
        all.stream().map(Asked::metric).toList(),
        decided,
        data.invalid().isPresent() ? List.of() : heterogeneity(whole, segments));
  }

  private static List<Asked> of(List<Asked> all, String variant) {
    return all.stream().filter(one -> one.subject.variant().equals(variant)).toList();
  }

  private Asked ask(
      int block,
      String variant,
      Optional<Segment> segment,
      Map<String, ArmState> arms,
      LookData data,
      List<PastLook> earlier) {
    ExperimentMetric metric = experiment.metrics().get(block);
    Subject subject = new Subject(metric.name(), variant, segment);
    Comparison.Side control = side(arms, experiment.control(), block);
    Comparison.Side side = side(arms, variant, block);
    int covariates = experiment.preDays() > 0 ? columns(metric) : 0;
    Measured measured = Measured.of(subject, metric, control, side, covariates, experiment.alpha());
    Asked asked = new Asked(subject, metric, measured);
    asked.level = experiment.alpha();
    double information =
        calendar.information(
            block, data.end(), data.arms(), control.moments().n() + side.moments().n());
    read(asked, earlier);
    asked.isOver = asked.fixed.isPresent() || calendar.isLast(metric, data.end(), information);
    boolean isNow = asked.fixed.isEmpty() && measured.pair().isPresent() && information > 0;
    if (isNow) {
      asked.readings.add(new PastLook.Reading(information, measured.z()));
      asked.dates.add(data.end());
    }
    if (data.invalid().isEmpty() && (isNow || asked.fixed.isPresent())) {
      Course course = course(asked);
      SequentialPValues.Found found = course.pValue(asked.z());
      asked.course = Optional.of(course);
      asked.pValue = found.value();
      asked.look = found.look();
    } else if (information == 0) {
      asked.because = Sentences.noWindow(asked, data.end());
    }
    return asked;
  }

  /** The earlier looks, up to the last one of the metric. */
  private void read(Asked asked, List<PastLook> earlier) {
    for (PastLook look : earlier) {
      PastLook.Reading reading = look.readings().get(asked.subject);
      if (reading != null) {
        asked.readings.add(reading);
        asked.dates.add(look.date());
        if (calendar.isLast(asked.metric, look.date(), reading.information())) {
          asked.fixed = Optional.of(look.date());
          return;
        }
      }
    }
  }

  private Course course(Asked asked) {
    List<Double> information = asked.readings.stream().map(PastLook.Reading::information).toList();
    if (!calendar.isPlanned()) {
      return new Course.Unplanned(information, scale);
    }
    SequentialPValues values = none;
    for (int k = 0; k < information.size(); k++) {
      boolean isLast = asked.isOver && k == information.size() - 1;
      values = isLast ? values.last(information.get(k)) : values.next(information.get(k));
    }
    return new Course.Planned(values);
  }

  private static int columns(ExperimentMetric metric) {
    if (metric.kind() == ExperimentMetric.Kind.QUANTILE) {
      return ArmState.QUANTILE;
    }
    return metric.kind().isRatio() ? 2 : 1;
  }

  private Comparison.Side side(Map<String, ArmState> arms, String name, int block) {
    ArmState state = arms.get(name);
    if (state == null) {
      int factor = experiment.preDays() > 0 ? 2 : 1;
      int[] widths =
          experiment.metrics().stream().mapToInt(metric -> factor * columns(metric)).toArray();
      state = new ArmState(Arrays.copyOf(widths, widths.length));
    }
    ExperimentMetric metric = experiment.metrics().get(block);
    return metric.kind() == ExperimentMetric.Kind.QUANTILE
        ? state.side(name, block, metric.quantile().orElseThrow())
        : state.side(name, block);
  }

  private void conclude(Asked asked, LookData data) {
    if (data.invalid().isPresent()) {
      asked.outcome = Outcome.INVALID;
      asked.because = Phrases.sentence(data.invalid().get());
    } else if (asked.course.isEmpty()) {
      Outcome problem = asked.measured.result().outcome();
      asked.outcome = problem == Outcome.INVALID ? problem : Outcome.INSUFFICIENT_DATA;
      if (asked.because.isEmpty()) {
        asked.because = asked.measured.result().because();
      }
    } else {
      asked.outcome = shown(asked);
      asked.because = sentences.because(asked);
    }
  }

  private static Outcome shown(Asked asked) {
    if (!asked.isShown) {
      return Outcome.NOT_SHOWN;
    }
    if (Measured.hasMargin(asked.metric) && asked.isGain()) {
      return Outcome.NON_INFERIOR;
    }
    return asked.isAbove() ? Outcome.HIGHER : Outcome.LOWER;
  }

  /** Of this look alone, which is why it is exploratory. */
  private List<Heterogeneity> heterogeneity(List<Asked> whole, List<Asked> segments) {
    Map<String, List<Heterogeneity.Part>> parts = new LinkedHashMap<>();
    List<Heterogeneity.Question> questions = new ArrayList<>();
    for (Asked one : whole) {
      parts.clear();
      for (Asked part : segments) {
        if (part.subject.metric().equals(one.subject.metric())
            && part.subject.variant().equals(one.subject.variant())) {
          Segment segment = part.subject.segment().orElseThrow();
          parts
              .computeIfAbsent(segment.key(), key -> new ArrayList<>())
              .add(new Heterogeneity.Part(segment.value(), part.measured.result()));
        }
      }
      parts.forEach(
          (key, all) -> questions.add(new Heterogeneity.Question(key, one.measured.result(), all)));
    }
    return Heterogeneity.of(questions, MultipleTesting.HOLM, experiment.alpha());
  }
}
