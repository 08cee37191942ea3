package dev.telltale.jobs.kpi;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.kpi.KpiHistory.Subject;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.kpi.LagCorrelation;
import dev.telltale.quality.Estimate;
import dev.telltale.stats.MultipleTesting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.spark.sql.Row;

/** The rows of {@code kpi_relations}: which follows which, by how many windows. */
final class KpiRelations {
  /** Windows that are looked at: four weeks of days. */
  static final int WINDOWS = 28;

  /** Windows that one may be later than the other: a week of days. */
  private static final int MAX_LAG = 7;

  private final NightSpec spec;
  private final ModelConfig model;
  private final Feedback truth;
  private final Granularity granularity;
  private final List<String> metrics;
  private final KpiHistory history;
  private final Instant computedAt;

  KpiRelations(
      NightSpec spec,
      Feedback truth,
      List<String> metrics,
      KpiHistory history,
      Instant computedAt) {
    this.spec = spec;
    this.model = spec.model();
    this.truth = truth;
    this.granularity = model.granularities().get(0);
    this.metrics = metrics;
    this.history = history;
    this.computedAt = computedAt;
  }

  /** One correlation. */
  private record Candidate(String metric, LagCorrelation correlation) {}

  /** Over the windows up to a mature one. */
  List<Row> rows(Instant window) {
    List<Row> rows = new ArrayList<>();
    for (Kpi kpi : model.kpis()) {
      double[] goal = series(window, kpi.name(), history::kpi);
      List<Candidate> candidates = new ArrayList<>();
      for (String metric : metrics) {
        double[] quality = series(window, metric, history::quality);
        if (!java.util.Arrays.stream(quality).allMatch(Double::isNaN)) {
          LagCorrelation.of(quality, goal, MAX_LAG)
              .forEach(correlation -> candidates.add(new Candidate(metric, correlation)));
        }
      }
      rows.addAll(judged(window, kpi, candidates));
    }
    return rows;
  }

  private double[] series(
      Instant window, String name, BiFunction<Instant, Subject, Optional<Estimate>> values) {
    double[] series = new double[WINDOWS];
    Instant start = window;
    for (int i = WINDOWS - 1; i >= 0; i--) {
      series[i] =
          values.apply(start, Subject.whole(name, null)).map(Estimate::value).orElse(Double.NaN);
      start = granularity.previous(start);
    }
    return series;
  }

  private List<Row> judged(Instant window, Kpi kpi, List<Candidate> candidates) {
    List<Candidate> tested =
        candidates.stream().filter(one -> one.correlation().correlation().isPresent()).toList();
    double[] adjusted =
        MultipleTesting.BENJAMINI_HOCHBERG.adjust(
            tested.stream().mapToDouble(one -> one.correlation().pValue()).toArray());
    List<Row> rows = new ArrayList<>();
    for (Candidate candidate : candidates) {
      LagCorrelation one = candidate.correlation();
      int index = tested.indexOf(candidate);
      boolean related = index >= 0 && adjusted[index] <= model.quality().alpha();
      boolean strongest = related && isStrongest(candidate, tested, adjusted);
      String because = null;
      if (strongest) {
        because = because(kpi, candidate, adjusted[index]);
      } else if (index < 0) {
        because =
            one.pairs() < LagCorrelation.MINIMUM_PAIRS
                ? String.format(
                    Locale.ROOT,
                    "There are %d pairs of changes, and %d are needed.",
                    one.pairs(),
                    LagCorrelation.MINIMUM_PAIRS)
                : "One of the two never changes.";
      }
      rows.add(
          new TableRow(Tables.KPI_RELATIONS.schema())
              .window(window, granularity.next(window))
              .set("granularity", granularity.label())
              .set("model_id", model.model())
              .set("run_id", spec.runId())
              .set("computed_at", computedAt)
              .set("kpi", kpi.name())
              .set("source", truth.name())
              .set("metric", candidate.metric())
              .set("lag", one.lag())
              .set("correlation", one.correlation())
              .set("n", one.pairs())
              .set("effective_n", one.effectivePairs())
              .set("p_value", index < 0 ? null : one.pValue())
              .set("p_value_adjusted", index < 0 ? null : adjusted[index])
              .set("family_size", index < 0 ? null : tested.size())
              .set("strongest", strongest)
              .set("status", index < 0 ? "INSUFFICIENT_DATA" : related ? "RELATED" : "UNRELATED")
              .set("because", because)
              .build());
    }
    return rows;
  }

  /** Of equally strong lags it is the first. */
  private boolean isStrongest(Candidate candidate, List<Candidate> tested, double[] adjusted) {
    Candidate best = null;
    for (int i = 0; i < tested.size(); i++) {
      Candidate other = tested.get(i);
      if (other.metric().equals(candidate.metric())
          && adjusted[i] <= model.quality().alpha()
          && (best == null || strength(other) > strength(best))) {
        best = other;
      }
    }
    return candidate.equals(best);
  }

  private static double strength(Candidate candidate) {
    return Math.abs(candidate.correlation().correlation().orElse(0));
  }

  private String because(Kpi kpi, Candidate candidate, double p) {
    LagCorrelation one = candidate.correlation();
    int distance = Math.abs(one.lag());
    String unit = granularity.label().substring(2) + (distance == 1 ? "" : "s");
    String relation =
        one.lag() == 0
            ? "moves with " + candidate.metric() + " in the same " + unit.replaceFirst("s$", "")
            : (one.lag() > 0 ? "follows " : "leads ")
                + candidate.metric()
                + " by "
                + distance
                + " "
                + unit;
    double r = one.correlation().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s %s%s: over %d pairs of windows the rank correlation of their changes is %.2f"
            + " (corrected p = %.2g).",
        kpi.name(),
        relation,
        r < 0 ? ", the other way round" : "",
        one.pairs(),
        r,
        p);
  }
}
