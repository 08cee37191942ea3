package dev.telltale.jobs.quality;

import dev.telltale.bytes.StateBytes;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.quality.ConfusionCell;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.ReliabilityPoint;
import dev.telltale.quality.Task;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Turns states into rows of {@code quality_states}, {@code quality_metrics} and {@code
 * label_maturity}. The column of a key is the index of its source. Crosses to executors, hence a
 * class.
 */
final class QualityRows implements Serializable {
  /** Share of the predictions that have a label: there for every window and slice. */
  static final String COVERAGE = "label_coverage";

  /** From labels. */
  static final String REALIZED = "REALIZED";

  /** Told without labels. */
  static final String ESTIMATED = "ESTIMATED";

  private static final long serialVersionUID = 1L;
  private static final StructType STATES = Tables.QUALITY_STATES.schema();
  private static final StructType METRICS = Tables.QUALITY_METRICS.schema();
  private static final StructType CURVES = Tables.QUALITY_CURVES.schema();

  /** Of the matrix of many classes the fullest cells are kept. */
  private static final int MOST_CELLS = 400;

  private static final StructType MATURITY = Tables.LABEL_MATURITY.schema();
  private static final int POINTS = 24;
  private static final double SECONDS_PER_HOUR = 3600;

  private static final Map<String, String> AGREEMENT =
      Map.of("accuracy", "agreement", "mae", "mean_absolute_difference", "bias", "mean_difference");

  private final String modelId;
  private final String runId;
  private final Instant computedAt;
  private final String granularity;
  private final String baselineId;
  private final Instant knownUntil;
  private final ArrayList<SourcePlan> sources;
  private final ArrayList<MaturityCurve> curves;

  /**
   * Rows of one model, run and granularity.
   *
   * @param granularity label, or {@link WindowScope#BASELINE}
   * @param baselineId on rows of training: which baseline
   * @param knownUntil the time up to which the night knows
   * @param curves how labels arrive, by source
   */
  QualityRows(
      String modelId,
      String runId,
      Instant computedAt,
      String granularity,
      String baselineId,
      Instant knownUntil,
      List<SourcePlan> sources,
      List<MaturityCurve> curves) {
    this.modelId = modelId;
    this.runId = runId;
    this.computedAt = computedAt;
    this.granularity = granularity;
    this.baselineId = baselineId;
    this.knownUntil = knownUntil;
    this.sources = new ArrayList<>(sources);
    this.curves = new ArrayList<>(curves);
  }

  private boolean ofBaseline() {
    return granularity.equals(WindowScope.BASELINE);
  }

  private Instant end(StateKey key) {
    Instant start = key.windowStart();
    return ofBaseline() ? start : Granularity.of(granularity).next(start);
  }

  private TableRow keys(StructType schema, StateKey key) {
    return new TableRow(schema)
        .window(key.windowStart(), end(key))
        .set("granularity", granularity)
        .set("model_id", modelId)
        .set("model_version", key.modelVersion())
        .set("slice_key", key.sliceKey())
        .set("slice_value", key.sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("source", sources.get(key.column()).name());
  }

  /** The row of a state. */
  Row state(StateKey key, byte[] bytes) {
    return keys(STATES, key)
        .set("baseline_id", baselineId)
        .set("task", sources.get(key.column()).task().name())
        .set("state_version", StateBytes.VERSION)
        .set("state", bytes)
        .build();
  }

  /** The confusion matrix and the reliability curve of a state. */
  List<Row> curves(StateKey key, byte[] bytes) {
    QualityState state = QualityState.read(bytes);
    List<Row> rows = new ArrayList<>();
    state.confusion().stream()
        .filter(cell -> cell.mass().rows() > 0)
        .sorted(Comparator.comparingLong((ConfusionCell cell) -> -cell.mass().rows()))
        .limit(MOST_CELLS)
        .forEach(
            cell ->
                rows.add(
                    keys(CURVES, key)
                        .set("curve", "CONFUSION")
                        .set("label", cell.label())
                        .set("prediction", cell.prediction())
                        .set("value", cell.mass().weight())
                        .set("n", cell.mass().rows())
                        .build()));
    for (ReliabilityPoint point : state.reliability()) {
      rows.add(
          keys(CURVES, key)
              .set("curve", "RELIABILITY")
              .set("score", point.score())
              .set("value", point.share())
              .set("ci_low", point.low())
              .set("ci_high", point.high())
              .set("n", point.rows())
              .build());
    }
    return rows;
  }

  /** The rows of the metrics of a state. */
  List<Row> metrics(StateKey key, byte[] bytes) {
    SourcePlan source = sources.get(key.column());
    QualityState state = QualityState.read(bytes);
    long labels = state.labelled().rows();
    double predictions = state.predictions().weight();
    double coverage = predictions > 0 ? state.labelled().weight() / predictions : Double.NaN;
    boolean mature = ofBaseline() || source.isOver(end(key), knownUntil);
    double maturity = mature ? 1 : maturity(key);
    // Of feedback that is sparse by its nature, silence is an answer.
    boolean enough = !source.kind().isLabel() || labels >= source.minimumLabels();
    String status = !enough ? "INSUFFICIENT_DATA" : mature ? "OK" : "IMMATURE";
    String because =
        Stream.of(
                because(source, labels, enough, mature, end(key), maturity),
                unusable(source, state))
            .filter(Objects::nonNull)
            .collect(Collectors.collectingAndThen(Collectors.joining(" "), QualityRows::orNull));
    List<Row> rows = new ArrayList<>();
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    if (source.kind().isLabel()) {
      metrics.put(COVERAGE, Estimate.bare(coverage, state.predictions().rows()));
    }
    metrics.putAll(metrics(source, state));
    if (state.unusable() > 0) {
      metrics.put("unusable_rows", Estimate.bare((double) state.unusable(), labels));
    }
    if (state.unusableScores() > 0) {
      metrics.put("unusable_scores", Estimate.bare((double) state.unusableScores(), labels));
    }
    metrics.forEach(
        (name, estimate) ->
            rows.add(
                keys(METRICS, key)
                    .set("baseline_id", baselineId)
                    .set("kind", REALIZED)
                    .set("metric", name)
                    .set("value", estimate.value())
                    .set("std_error", estimate.stdError())
                    .set("ci_low", estimate.low())
                    .set("ci_high", estimate.high())
                    .set("n", estimate.rows())
                    .set("error_bound", estimate.errorBound())
                    .set("label_coverage", coverage)
                    .set("maturity", maturity)
                    .set("mature", mature)
                    .set("as_of", asOf(state))
                    .set("status", status)
                    .set("because", because)
                    .build()));
    return rows;
  }

  /** The row of {@code quality_metrics} for a row of {@code quality_estimates}. */
  static Row estimated(Row estimate, String runId, Instant computedAt) {
    TableRow row = new TableRow(METRICS);
    for (String name :
        List.of(
            "window_start",
            "window_end",
            "granularity",
            "window_date",
            "model_id",
            "model_version",
            "slice_key",
            "slice_value",
            "source",
            "metric",
            "n")) {
      row.set(name, estimate.getAs(name));
    }
    boolean withheld = estimate.<Boolean>getAs("withheld");
    if (!withheld) {
      row.set("value", estimate.getAs("estimate"));
      for (String name : List.of("std_error", "ci_low", "ci_high")) {
        row.set(name, estimate.getAs(name));
      }
    }
    return row.set("run_id", runId)
        .set("computed_at", computedAt)
        .set("kind", ESTIMATED)
        .set("error_bound", 0.0)
        .set("mature", false)
        .set("status", withheld ? "WITHHELD" : "OK")
        .set(
            "because",
            "Told from the scores by what they meant in "
                + estimate.getAs("learned_from")
                + ". "
                + estimate.getAs("because"))
        .build();
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** What keeps rows out of the metrics. */
  private static String unusable(SourcePlan source, QualityState state) {
    if (state.unusable() + state.unusableScores() == 0) {
      return null;
    }
    if (source.task() == Task.RANKING) {
      return String.format(
          Locale.ROOT,
          "Left out: %,d queries with a relevance or weight that cannot be, or with an item that has"
              + " no place or no query.",
          state.unusable());
    }
    // A regression has no score, and maybe quantiles.
    boolean quantiles = source.task() == Task.REGRESSION && state.unusableScores() > 0;
    return String.format(
        Locale.ROOT,
        "Left out: %,d rows with a label, prediction or weight that a %s cannot have, and %,d %s.",
        state.unusable(),
        source.task().name().toLowerCase(Locale.ROOT),
        state.unusableScores(),
        quantiles ? "that lack a quantile" : "scores outside 0 to 1");
  }

  private static Timestamp asOf(QualityState state) {
    return state.newestLabelMicros() == Long.MIN_VALUE
        ? null
        : Timestamp.from(
            Instant.EPOCH.plus(state.newestLabelMicros(), java.time.temporal.ChronoUnit.MICROS));
  }

  /** Against another model an answer agrees or not; it is not right or wrong. */
  private static Map<String, Estimate> metrics(SourcePlan source, QualityState state) {
    Map<String, Estimate> all = state.metrics(source.options());
    if (source.kind() != Feedback.Kind.SHADOW) {
      return all;
    }
    Map<String, Estimate> agreement = new LinkedHashMap<>();
    AGREEMENT.forEach(
        (name, shown) -> {
          if (all.containsKey(name)) {
            agreement.put(shown, all.get(name));
          }
        });
    return agreement;
  }

  /** Share of the labels to be expected that are there by now, if delays are as they were. */
  private double maturity(StateKey key) {
    MaturityCurve curve = curves.get(key.column());
    double window = Duration.between(key.windowStart(), end(key)).toSeconds() / SECONDS_PER_HOUR;
    double oldest = Duration.between(key.windowStart(), knownUntil).toSeconds() / SECONDS_PER_HOUR;
    double sum = 0;
    for (int point = 0; point < POINTS; point++) {
      sum += curve.share(oldest - window * (point + 0.5) / POINTS);
    }
    return sum / POINTS;
  }

  private static String because(
      SourcePlan source,
      long labels,
      boolean enough,
      boolean mature,
      Instant end,
      double maturity) {
    if (enough && mature) {
      return null;
    }
    String wait =
        mature
            ? ""
            : String.format(
                Locale.ROOT,
                " Labels are awaited until %s%s.",
                end.plus(source.waitFor()),
                Double.isNaN(maturity)
                    ? ""
                    : String.format(
                        Locale.ROOT,
                        "; about %.0f %% of them are expected by now",
                        100 * maturity));
    return enough
        ? wait.strip()
        : String.format(
                Locale.ROOT,
                "There are %,d labels, and %,d are needed.",
                labels,
                source.minimumLabels())
            + wait;
  }

  /** The maturity curve of a window up to the declared wait, as far as it is known. */
  List<Row> maturity(StateKey key, byte[] bytes) {
    QualityState state = QualityState.read(bytes);
    long predictions = state.predictions().rows();
    List<Row> rows = new ArrayList<>();
    for (int age : MaturityCurve.ages(sources.get(key.column()).waitFor())) {
      if (end(key).plus(Duration.ofHours(age)).isAfter(knownUntil)) {
        break;
      }
      long labels = state.delays().within(age);
      rows.add(
          keys(MATURITY, key)
              .set("age_hours", age)
              .set("predictions", predictions)
              .set("labels", labels)
              .set("label_coverage", (double) labels / predictions)
              .build());
    }
    return rows;
  }
}
