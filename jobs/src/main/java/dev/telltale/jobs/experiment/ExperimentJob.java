package dev.telltale.jobs.experiment;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code experiment}: looks at every experiment of the model that runs on a day of the
 * interval, once that day is over, all in one pass. What units did is kept by day; days whose
 * exposures or facts have changed since the last run are computed again, so that a look is what a
 * computation from the beginning would give.
 */
public final class ExperimentJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "experiment";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    return spec.experiments().isEmpty()
        ? Result.nothingDone(lake.versionsRead(), List.of(), Map.of("declared", 0))
        : new ExperimentRun(spark, lake, spec).result();
  }
}
