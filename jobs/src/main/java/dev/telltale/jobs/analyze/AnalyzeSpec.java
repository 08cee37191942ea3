package dev.telltale.jobs.analyze;

import dev.telltale.experiment.ExperimentPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is analyzed.
 *
 * @param path of the data, see {@link dev.telltale.jobs.lake.DataPath}
 * @param isSummary whether it summarises the arms; otherwise a row is a unit
 * @param variantColumn column that tells the variants apart; null of a history
 * @param control value of the control
 * @param metrics columns, or two with a slash between; of a summary, empty = all
 * @param covariates columns from before the exposure; not of a summary, which names its own
 * @param segments columns whose values are analyzed apart
 * @param cluster column of what was assigned, where that is not the row
 * @param pair column that the two rows of a pair share
 * @param allocation planned share of each variant; empty = equal
 * @param policy how the comparisons are judged
 */
public record AnalyzeSpec(
    String path,
    boolean isSummary,
    String variantColumn,
    String control,
    List<String> metrics,
    List<String> covariates,
    List<String> segments,
    Optional<String> cluster,
    Optional<String> pair,
    Map<String, Double> allocation,
    ExperimentPolicy policy) {
  /** Copies the collections. */
  public AnalyzeSpec {
    metrics = List.copyOf(metrics);
    covariates = List.copyOf(covariates);
    segments = List.copyOf(segments);
    allocation = Map.copyOf(allocation);
  }

  /** Units that no experiment has divided. */
  static AnalyzeSpec ofHistory(
      String path,
      List<String> metrics,
      List<String> covariates,
      List<String> segments,
      Optional<String> cluster,
      ExperimentPolicy policy) {
    return new AnalyzeSpec(
        path,
        false,
        null,
        null,
        metrics,
        covariates,
        segments,
        cluster,
        Optional.empty(),
        Map.of(),
        policy);
  }
}
