package dev.telltale.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One monitored model, as its YAML file declares it with the defaults filled in.
 *
 * @param model id of the model; the {@code model_id} of every result row
 * @param predictions the prediction log that jobs read: where {@code sampling} is declared, the
 *     sample
 * @param baseline the training or reference data
 * @param columns which columns are profiled and tested
 * @param slices slices; each is one column or several crossed columns
 * @param maxSliceValues a slice keeps this many values, the baseline's most frequent; the rest is
 *     pooled in {@code :other}
 * @param granularities window lengths, finest first; the first is scanned, the others are rolled up
 * @param drift how drift is judged
 * @param alerts when findings become an alert
 * @param feedback where the truth is learned from
 * @param quality how answers are judged once the truth is known
 * @param kpis what the model is a proxy for
 * @param sampling how the prediction log is drawn from the telemetry; empty = it is all of it
 * @param privacy what is done to columns before anything of them is counted or stored
 * @param retention how long rows are kept
 * @param checks what is expected of tables
 * @param system how well the service works; empty = that is not looked at
 */
public record ModelConfig(
    String model,
    Predictions predictions,
    Baseline baseline,
    Columns columns,
    List<List<String>> slices,
    int maxSliceValues,
    List<Granularity> granularities,
    Drift drift,
    Alerts alerts,
    List<Feedback> feedback,
    Quality quality,
    List<Kpi> kpis,
    Optional<Sampling> sampling,
    Privacy privacy,
    Retention retention,
    List<Check> checks,
    Optional<SystemQuality> system) {

  /** Copies the lists. */
  public ModelConfig {
    kpis = List.copyOf(kpis);
    checks = List.copyOf(checks);
  }

  /**
   * A model without KPIs, sampling, columns to protect, checks and service, of which everything is
   * kept.
   */
  public ModelConfig(
      String model,
      Predictions predictions,
      Baseline baseline,
      Columns columns,
      List<List<String>> slices,
      int maxSliceValues,
      List<Granularity> granularities,
      Drift drift,
      Alerts alerts,
      List<Feedback> feedback,
      Quality quality) {
    this(
        model,
        predictions,
        baseline,
        columns,
        slices,
        maxSliceValues,
        granularities,
        drift,
        alerts,
        feedback,
        quality,
        List.of(),
        Optional.empty(),
        Privacy.none(),
        Retention.FOR_EVER,
        List.of(),
        Optional.empty());
  }

  /** The log of all predictions, of which {@link #predictions()} may be a sample. */
  public Predictions telemetry() {
    return sampling
        .map(drawn -> predictions.stored(drawn.telemetry(), drawn.weight()))
        .orElse(predictions);
  }

  /**
   * The prediction log: one row per inference; of a ranking, one row per item of a query.
   *
   * @param table Delta path, absolute or relative to the lake, or catalog name
   * @param id column with the prediction id
   * @param eventTime timestamp column
   * @param modelVersion column with the model's version, if there is one
   * @param prediction column with the answer; of a ranking without a score, with the place from 1
   * @param score column with the score in 0 to 1, if there is one; of a ranking any number, the
   *     highest first
   * @param weight column with the inclusion weight, if rows were sampled
   * @param group column with the query of an item, if the model ranks
   * @param quantiles predicted quantiles by level, ascending; empty = none
   * @param clocks which event times are believed
   */
  public record Predictions(
      String table,
      String id,
      String eventTime,
      Optional<String> modelVersion,
      String prediction,
      Optional<String> score,
      Optional<String> weight,
      Optional<String> group,
      List<Quantile> quantiles,
      Clocks clocks) {
    /** Copies the list. */
    public Predictions {
      quantiles = List.copyOf(quantiles);
    }

    /** A log without upload times. */
    public Predictions(
        String table,
        String id,
        String eventTime,
        Optional<String> modelVersion,
        String prediction,
        Optional<String> score,
        Optional<String> weight,
        Optional<String> group,
        List<Quantile> quantiles) {
      this(
          table,
          id,
          eventTime,
          modelVersion,
          prediction,
          score,
          weight,
          group,
          quantiles,
          Clocks.defaults());
    }

    /** Of a model that neither ranks nor predicts quantiles. */
    public Predictions(
        String table,
        String id,
        String eventTime,
        Optional<String> modelVersion,
        String prediction,
        Optional<String> score,
        Optional<String> weight) {
      this(
          table,
          id,
          eventTime,
          modelVersion,
          prediction,
          score,
          weight,
          Optional.empty(),
          List.of());
    }

    /** The same columns of another table. */
    public Predictions stored(String otherTable, Optional<String> otherWeight) {
      return new Predictions(
          otherTable,
          id,
          eventTime,
          modelVersion,
          prediction,
          score,
          otherWeight,
          group,
          quantiles,
          clocks);
    }
  }

  /**
   * A predicted quantile.
   *
   * @param column column of the prediction log
   * @param level probability that the truth is at most this, above 0 and below 1
   */
  public record Quantile(String column, double level) {}

  /**
   * The baseline.
   *
   * @param table Delta path or catalog name, as in {@link Predictions#table()}
   * @param version Delta version; empty pins the version found when it is first profiled
   */
  public record Baseline(String table, Optional<Long> version) {}

  /**
   * Which columns. By default every column of the baseline that the prediction log has, but id,
   * event and upload time, model version and group.
   *
   * @param include only these; empty = all
   * @param exclude not these
   * @param categorical integer columns that hold codes, not quantities
   */
  public record Columns(List<String> include, List<String> exclude, List<String> categorical) {}

  /**
   * How drift is judged; every default has its reason in {@link Defaults}.
   *
   * @param alpha level of the family
   * @param correction BENJAMINI_HOCHBERG, BENJAMINI_YEKUTIELI or HOLM
   * @param effect metric that must reach {@code threshold} besides the p-value
   * @param threshold materiality threshold of {@code effect}
   * @param missingness smallest change of the missing share that matters, 0 to 1
   * @param newCategory smallest share of unseen categories that matters, 0 to 1
   * @param outOfRange smallest share outside the baseline's range that matters, 0 to 1
   * @param rowCountRatio smallest ratio between row counts, either way, that matters
   * @param minimumRows fewer values on a side are INSUFFICIENT_DATA
   */
  public record Drift(
      double alpha,
      String correction,
      String effect,
      double threshold,
      double missingness,
      double newCategory,
      double outOfRange,
      double rowCountRatio,
      int minimumRows) {
    /** All defaults. */
    public static Drift defaults() {
      return new Drift(
          Defaults.ALPHA,
          Defaults.CORRECTION,
          Defaults.EFFECT,
          Defaults.THRESHOLD,
          Defaults.MISSINGNESS,
          Defaults.NEW_CATEGORY,
          Defaults.OUT_OF_RANGE,
          Defaults.ROW_COUNT_RATIO,
          Defaults.MINIMUM_ROWS);
    }
  }

  /**
   * When findings become an alert.
   *
   * @param windows m of "k of m windows"
   * @param required k of "k of m windows"
   * @param closeAfter windows without the finding after which an alert closes
   * @param coolDown windows after closing in which the same alert does not open again
   */
  public record Alerts(int windows, int required, int closeAfter, int coolDown) {
    /** All defaults. */
    public static Alerts defaults() {
      return new Alerts(
          Defaults.ALERT_WINDOWS,
          Defaults.ALERT_REQUIRED,
          Defaults.ALERT_CLOSE_AFTER,
          Defaults.ALERT_COOL_DOWN);
    }
  }

  /**
   * How answers are judged; every default has its reason in {@link Defaults}.
   *
   * @param task BINARY, MULTICLASS, REGRESSION or RANKING; empty = told from what the predictions
   *     have
   * @param positive the value that means yes, where it is not true, 1 or the text "true"
   * @param beta weight of recall in {@code f_beta}
   * @param outcomeValues what outcomes are worth
   * @param cutoffs how many first places of a ranking are looked at, the decisive number first
   * @param metrics metrics that are compared with training and the previous version; empty = those
   *     of the task
   * @param tolerance a metric of 0 to 1 that is worse by less does not matter
   * @param toleranceRatio an error measure that is worse by a smaller share does not matter
   * @param alpha level of the family of comparisons
   * @param minimumLabels fewer labels are INSUFFICIENT_DATA
   * @param restateWithin predictions older than this are not restated when labels come
   * @param labellingBudget predictions of a day that people can label; 0 = nobody labels
   */
  public record Quality(
      Optional<String> task,
      Optional<String> positive,
      double beta,
      Optional<OutcomeValues> outcomeValues,
      List<Integer> cutoffs,
      List<String> metrics,
      double tolerance,
      double toleranceRatio,
      double alpha,
      int minimumLabels,
      Duration restateWithin,
      int labellingBudget) {
    /** All defaults. */
    public static Quality defaults() {
      return new Quality(
          Optional.empty(),
          Optional.empty(),
          Defaults.BETA,
          Optional.empty(),
          Defaults.CUTOFFS,
          List.of(),
          Defaults.TOLERANCE,
          Defaults.TOLERANCE_RATIO,
          Defaults.ALPHA,
          Defaults.MINIMUM_LABELS,
          Defaults.RESTATE_WITHIN,
          Defaults.LABELLING_BUDGET);
    }
  }

  /**
   * What an outcome of a binary model is worth, in any one unit; costs are negative.
   *
   * @param truePositive predicted and true
   * @param falsePositive predicted and not true
   * @param falseNegative true and not predicted
   * @param trueNegative neither
   */
  public record OutcomeValues(
      double truePositive, double falsePositive, double falseNegative, double trueNegative) {}

  /** The source of labels that the model's quality is measured with, if one is declared. */
  public Optional<Feedback> truth() {
    return feedback.stream().filter(source -> source.kind() == Feedback.Kind.OUTCOME).findFirst();
  }
}
