package dev.telltale.jobs.quality;

import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.QualityState;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Rows of {@code quality_metrics} from weighted states, beside the realized ones. Crosses to
 * executors, hence a class.
 */
final class WeightedRows implements Serializable {
  /** From labels, weighted by how likely each was to be there. */
  static final String WEIGHTED = "WEIGHTED";

  /** Unweighted rows that the weighted ones are as informative as: Kish's number. */
  static final String EFFECTIVE = "effective_n";

  /** Share of the unlabelled predictions that labelled ones can stand for. */
  static final String OVERLAP = "overlap";

  /** Largest standardised difference of means before weighting. */
  static final String BEFORE = "largest_imbalance_before";

  /** The same after weighting. */
  static final String AFTER = "largest_imbalance_after";

  /** What the rest is like no label tells. */
  private static final double LEAST_OVERLAP = 0.9;

  /** Austin and Stuart (2015), section 3.1: groups that differ by less are alike. */
  private static final double ALIKE = 0.1;

  private static final long serialVersionUID = 1L;

  private final QualityRows rows;
  private final SourcePlan source;
  private final ArrayList<String> features;
  private final HashMap<Instant, PropensityBalance> balances;

  /**
   * Rows of one source.
   *
   * @param rows makes the realized rows
   * @param features what the balances' features are
   * @param balances by window
   */
  WeightedRows(
      QualityRows rows,
      SourcePlan source,
      List<String> features,
      Map<Instant, PropensityBalance> balances) {
    this.rows = rows;
    this.source = source;
    this.features = new ArrayList<>(features);
    this.balances = new HashMap<>(balances);
  }

  /** The weighted rows of a window, version and slice; none without a realized coverage. */
  List<Row> of(StateKey key, byte[] realized, byte[] weighted) {
    QualityState state = QualityState.read(weighted);
    double effective = state.labelled().effectiveRows();
    PropensityBalance balance = balances.get(key.windowStart());
    Map<String, Estimate> metrics = new LinkedHashMap<>(state.metrics(source.options()));
    metrics.put(EFFECTIVE, Estimate.bare(effective, state.labelled().rows()));
    if (balance != null && key.sliceKey() == null && key.modelVersion() == null) {
      putKnown(metrics, OVERLAP, balance.overlap(), balance.unlabelledRows());
      putKnown(metrics, BEFORE, balance.before(), state.labelled().rows());
      putKnown(metrics, AFTER, balance.after(), state.labelled().rows());
    }
    boolean enough =
        effective >= source.minimumLabels()
            && !(balance != null && balance.overlap() < LEAST_OVERLAP);
    List<Row> out = new ArrayList<>();
    for (Row row : rows.metrics(key, realized)) {
      if (row.getAs("metric").equals(QualityRows.COVERAGE)) {
        String because = because(effective, balance, row.getAs("because"));
        metrics.forEach(
            (name, estimate) ->
                out.add(
                    copy(row)
                        .set("kind", WEIGHTED)
                        .set("metric", name)
                        .set("value", estimate.value())
                        .set("std_error", estimate.stdError())
                        .set("ci_low", estimate.low())
                        .set("ci_high", estimate.high())
                        .set("n", estimate.rows())
                        .set("error_bound", estimate.errorBound())
                        .set("status", enough ? row.getAs("status") : "INSUFFICIENT_DATA")
                        .set("because", because)
                        .build()));
      }
    }
    return out;
  }

  private static void putKnown(
      Map<String, Estimate> metrics, String name, double value, long rows) {
    if (!Double.isNaN(value)) {
      metrics.put(name, Estimate.bare(value, rows));
    }
  }

  private static TableRow copy(Row row) {
    TableRow copy = new TableRow(Tables.QUALITY_METRICS.schema());
    for (String name : row.schema().fieldNames()) {
      copy.set(name, row.getAs(name));
    }
    return copy;
  }

  private String because(double effective, PropensityBalance balance, String realized) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Each label counts one over the probability that its prediction has one by now, told"
                + " from the features, the score and the answer; together they tell as much as"
                + " %,.0f that are not weighted.",
            effective));
    if (effective < source.minimumLabels()) {
      text.append(
          String.format(Locale.ROOT, " That is few: %,d are needed.", source.minimumLabels()));
    }
    if (balance != null && balance.overlap() < LEAST_OVERLAP) {
      text.append(
          String.format(
              Locale.ROOT,
              " Labelled predictions can stand for %.0f %% of those without a label, and %.0f %% are"
                  + " needed: what the rest is like no label tells.",
              100 * balance.overlap(),
              100 * LEAST_OVERLAP));
    }
    if (balance != null && balance.after() > ALIKE) {
      text.append(
          String.format(
              Locale.ROOT,
              " Weighted, they still differ from all predictions by %.2f standard deviations in %s;"
                  + " up to %.1f is alike.",
              balance.after(),
              features.get(balance.mostAfter()),
              ALIKE));
    }
    if (realized != null) {
      text.append(' ').append(realized);
    }
    return text.toString();
  }
}
