package dev.telltale.jobs.analyze;

import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.SplitCalibration;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.SliceValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tries the tests of {@code analyze} on real units among which nothing was changed: divides them
 * into two arms many times and counts how often a difference is found.
 */
public final class CalibrateJob {
  /** The largest segments say enough; each is a pass. */
  private static final int MOST_SEGMENTS = 20;

  private final AnalyzeSpec spec;
  private final int splits;
  private final long seed;
  private final Progress progress;

  /**
   * A calibration.
   *
   * @param path of rows of units, see {@link dev.telltale.jobs.lake.DataPath}
   * @param metrics columns, or two with a slash between
   * @param covariates columns that the analysis adjusts for
   * @param segment a column whose values are calibrated apart
   * @param cluster column of what is assigned, where that is not the row
   * @param policy how the comparisons are judged
   * @param splits how often the units are divided
   * @param seed of the divisions
   */
  public CalibrateJob(
      String path,
      List<String> metrics,
      List<String> covariates,
      Optional<String> segment,
      Optional<String> cluster,
      ExperimentPolicy policy,
      int splits,
      long seed,
      Progress progress) {
    this.spec =
        AnalyzeSpec.ofHistory(
            path, metrics, covariates, segment.stream().toList(), cluster, policy);
    this.splits = splits;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * One line of the calibration.
   *
   * @param metric name
   * @param estimator {@code unadjusted} or {@code adjusted}
   * @param segment value of the segment; null = all units
   * @param calibration what was found
   */
  public record Line(
      String metric, String estimator, String segment, SplitCalibration calibration) {}

  /**
   * Runs the calibration.
   *
   * @throws dev.telltale.error.TelltaleException if there is no data (exit 3), or a column is
   *     missing or no number (exit 2)
   */
  public List<Line> run(SparkSession spark) {
    UnitRows rows = UnitRows.read(spark, spec);
    Dataset<Row> data = rows.all();
    List<Line> lines = new ArrayList<>();
    List<String> segments = segments(data);
    progress.started("dividing all units", 0, 1 + segments.size());
    lines.addAll(lines(rows, data, null));
    for (int i = 0; i < segments.size(); i++) {
      String value = segments.get(i);
      progress.started("dividing " + value, 1 + i, 1 + segments.size());
      Column text = OutcomeColumns.column(spec.segments().get(0)).cast("string");
      lines.addAll(lines(rows, data.filter(text.equalTo(value)), value));
    }
    return lines;
  }

  private List<String> segments(Dataset<Row> data) {
    return spec.segments().stream()
        .flatMap(
            name ->
                SliceValues.mostFrequent(data, List.of(name), MOST_SEGMENTS).values().stream()
                    .map(value -> value.get(0)))
        .filter(value -> !value.equals(SlicePlan.NULL))
        .toList();
  }

  private List<Line> lines(UnitRows rows, Dataset<Row> data, String segment) {
    ValueColumns columns = rows.columns();
    SplitGroups groups = new SplitGroups(columns.blocks(), columns.denominators(), splits, seed);
    SplitGroups.Outcomes outcomes =
        groups.outcomes(columns.undivided(data), columns.estimands(), spec.policy());
    List<Line> lines = new ArrayList<>();
    for (int metric = 0; metric < columns.estimands().size(); metric++) {
      String name = columns.estimands().get(metric).name();
      lines.add(
          new Line(
              name, "unadjusted", segment, outcomes.unadjusted(metric, spec.policy().alpha())));
      if (!spec.covariates().isEmpty()) {
        lines.add(
            new Line(name, "adjusted", segment, outcomes.adjusted(metric, spec.policy().alpha())));
      }
    }
    return lines;
  }
}
