package dev.telltale.jobs.sample;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code plan}: the rate of each stratum on the day after the interval, under the budget
 * that the model file states, from what the nights before have found. A table, and a JSON file
 * beside the sample that clients read.
 */
public final class PlanJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "plan";

  private static final String FILE = "_plan.json";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Map<String, Object> summary = new LinkedHashMap<>();
    Optional<Sampling> sampling =
        model.sampling().filter(one -> one.allocation() == Sampling.Allocation.ADAPTIVE);
    summary.put("planned", sampling.isPresent());
    if (sampling.isEmpty()) {
      return Result.nothingDone(lake.versionsRead(), List.of(), summary);
    }
    Instant day = Granularity.DAY.ceiling(spec.to());
    StratumRecord record = StratumRecord.of(lake, model, sampling.get(), day);
    if (record.strata().isEmpty()) {
      throw Errors.notSampled(model.model(), spec.from().toString(), spec.to().toString());
    }
    PlanRows plan = new PlanRows(spec, sampling.get(), day, record);
    List<Row> rows = plan.rows();
    summary.put("day", day.toString());
    summary.put("strata", record.strata().size());
    summary.put("attention", record.attention());
    if (spec.dryRun()) {
      return new Result(lake.versionsRead(), List.of(), record.rowsRead(), 0, 0, summary);
    }
    long written =
        lake.writer(spec.runId())
            .replace(
                Tables.SAMPLING_PLAN,
                List.of(WindowScope.of(model.model(), Granularity.DAY, List.of(day))),
                rows);
    summary.put(
        "file", lake.sample(model.predictions().table()).writeBeside(FILE, plan.json(rows)));
    return new Result(lake.versionsRead(), List.of(), record.rowsRead(), 0, written, summary);
  }
}
