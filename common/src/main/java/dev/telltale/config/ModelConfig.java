package dev.telltale.config;

import java.util.List;
import java.util.Optional;

/**
 * One monitored model, as its YAML file declares it with the defaults filled in.
 *
 * @param model id of the model; the {@code model_id} of every result row
 * @param predictions the prediction log
 * @param baseline the training or reference data
 * @param columns which columns are profiled and tested
 * @param slices slices; each is one column or several crossed columns
 * @param maxSliceValues a slice keeps this many values, the baseline's most frequent; the rest is
 *     pooled in {@code :other}
 * @param granularities window lengths, finest first; the first is scanned, the others are rolled up
 * @param drift how drift is judged
 * @param alerts when findings become an alert
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
    Alerts alerts) {

  /**
   * The prediction log: one row per inference.
   *
   * @param table Delta path, absolute or relative to the lake, or catalog name
   * @param id column with the prediction id
   * @param eventTime timestamp column
   * @param modelVersion column with the model's version, if there is one
   * @param prediction column with the answer
   * @param score column with the score in 0 to 1, if there is one
   */
  public record Predictions(
      String table,
      String id,
      String eventTime,
      Optional<String> modelVersion,
      String prediction,
      Optional<String> score) {}

  /**
   * The baseline.
   *
   * @param table Delta path or catalog name, as in {@link Predictions#table()}
   * @param version Delta version; empty pins the version found when it is first profiled
   */
  public record Baseline(String table, Optional<Long> version) {}

  /**
   * Which columns. By default every column of the baseline that the prediction log has, but id,
   * event time and model version.
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
}
