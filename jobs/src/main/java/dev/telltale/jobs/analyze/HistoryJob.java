package dev.telltale.jobs.analyze;

import dev.telltale.error.Errors;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.Estimator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** What units did before an experiment: the level and the variance of a metric, for its plan. */
public final class HistoryJob {
  private final AnalyzeSpec spec;

  private HistoryJob(AnalyzeSpec spec) {
    this.spec = spec;
  }

  /**
   * The history of one metric.
   *
   * @param path of rows of units, see {@link dev.telltale.jobs.lake.DataPath}
   * @param metric a column, or two with a slash between
   * @param covariates columns that the experiment will adjust for
   * @param cluster column of what will be assigned, where that is not the row
   */
  public static HistoryJob of(
      String path, String metric, List<String> covariates, Optional<String> cluster) {
    return new HistoryJob(
        AnalyzeSpec.ofHistory(path, List.of(metric), covariates, List.of(), cluster, null));
  }

  /**
   * What was found.
   *
   * @param units units with the metric; clusters, where these will be assigned
   * @param mean level of the metric
   * @param variance of a unit: divided by the units, the squared standard error
   * @param explained share of the variance that the covariates take away, 0 to 1
   */
  public record Result(long units, double mean, double variance, double explained) {}

  /**
   * Reads the history.
   *
   * @throws dev.telltale.error.TelltaleException if there is none (exit 3), or a column is missing
   *     or no number (exit 2)
   */
  public Result run(SparkSession spark) {
    UnitRows rows = UnitRows.read(spark, spec);
    ValueColumns columns = rows.columns();
    Map<ArmGroups.Key, ArmState> states =
        new ArmGroups(columns.blocks(), columns.denominators(), List.of())
            .states(columns.undivided(rows.all()));
    Estimand estimand = columns.estimands().get(0).estimand();
    CrossMoments moments =
        states.values().stream()
            .findFirst()
            .map(state -> state.moments(0))
            .filter(known -> known.n() > 1)
            .orElseThrow(
                () ->
                    Errors.noData(
                        spec.path(), "Fewer than two units have " + spec.metrics().get(0) + "."));
    if (moments.n() <= 1 + estimand.covariates().size()) {
      throw Errors.noData(
          spec.path(), "It has " + moments.n() + " units, too few for so many covariates.");
    }
    double explained = estimand.covariates().isEmpty() ? 0 : Estimator.explained(moments, estimand);
    return new Result(moments.n(), estimand.value(moments), estimand.variance(moments), explained);
  }
}
