package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.config.Granularity;
import dev.telltale.experiment.ArmState;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** What a look says, as rows of the tables. */
final class ExperimentRows {
  private static final int STATE_VERSION = 1;

  private final NightSpec spec;
  private final Instant computedAt;

  ExperimentRows(NightSpec spec, Instant computedAt) {
    this.spec = spec;
    this.computedAt = computedAt;
  }

  private TableRow row(Tables table, Experiment experiment, LocalDate look) {
    Instant day = look.atStartOfDay(ZoneOffset.UTC).toInstant();
    return new TableRow(table.schema())
        .window(day, Granularity.DAY.next(day))
        .set("granularity", Granularity.DAY.label())
        .set("model_id", spec.model().model())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("experiment_id", experiment.id());
  }

  List<Row> states(Experiment experiment, LocalDate look, Found found) {
    List<Row> rows = new ArrayList<>();
    found.arms().forEach((variant, arm) -> rows.add(state(experiment, look, variant, arm).build()));
    found
        .segments()
        .forEach(
            (segment, arms) ->
                arms.forEach(
                    (variant, arm) ->
                        rows.add(
                            state(experiment, look, variant, arm)
                                .set("slice_key", segment.key())
                                .set("slice_value", segment.value())
                                .build())));
    return rows;
  }

  private TableRow state(Experiment experiment, LocalDate look, String variant, ArmState arm) {
    return row(Tables.EXPERIMENT_STATES, experiment, look)
        .set("variant", variant)
        .set("units", arm.units())
        .set("state_version", STATE_VERSION)
        .set("state", arm.toBytes());
  }
}
