package dev.telltale.jobs.cli;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;

/** What experiments keep of a unit, without an experiment. */
final class ExperimentUnits {
  private static final LocalDate DAY = LocalDate.parse("2001-03-01");
  private static final Instant START = DAY.atStartOfDay(ZoneOffset.UTC).toInstant();

  private ExperimentUnits() {}

  /**
   * Writes facts and exposures of some units, and the row that a day has besides.
   *
   * @param segment a value of a segment, of all of them and of a result
   */
  static void write(Lake lake, String modelId, List<String> units, String segment) {
    List<Row> facts = new ArrayList<>(List.of(fact(modelId, Optional.empty())));
    List<Row> exposures = new ArrayList<>(List.of(exposure(modelId, Optional.empty(), segment)));
    for (String unit : units) {
      facts.add(fact(modelId, Optional.of(unit)));
      exposures.add(exposure(modelId, Optional.of(unit), segment));
    }
    WindowScope day = WindowScope.of(modelId, Granularity.DAY, Set.of(START));
    LakeWriter writer = lake.writer("experiment");
    writer.replace(Tables.EXPERIMENT_FACTS, List.of(day), facts);
    writer.replace(Tables.EXPERIMENT_EXPOSURES, List.of(day), exposures);
    writer.replace(
        Tables.EXPERIMENT_RESULTS,
        List.of(day),
        List.of(
            new TableRow(Tables.EXPERIMENT_RESULTS.schema())
                .set("window_start", START)
                .set("window_end", START.plusSeconds(86_400))
                .set("granularity", "1 day")
                .set("window_date", java.sql.Date.valueOf(DAY))
                .set("model_id", modelId)
                .set("slice_key", "city")
                .set("slice_value", segment)
                .set("experiment_id", "trial")
                .set("metric", "clicks")
                .build()));
  }

  private static Row fact(String modelId, Optional<String> unit) {
    return ofDay(Tables.EXPERIMENT_FACTS, modelId)
        .set("unit", unit)
        .set("values", new Double[] {1.0, 2.5})
        .build();
  }

  private static Row exposure(String modelId, Optional<String> unit, String segment) {
    return ofDay(Tables.EXPERIMENT_EXPOSURES, modelId)
        .set("experiment_id", "trial")
        .set("unit", unit)
        .set("variant", unit.map(name -> "B"))
        .set("segments", unit.map(name -> new String[] {"a", segment}))
        .build();
  }

  private static TableRow ofDay(Tables table, String modelId) {
    return new TableRow(table.schema())
        .set("granularity", "1 day")
        .set("window_date", java.sql.Date.valueOf(DAY))
        .set("model_id", modelId)
        .set("source", "hash");
  }
}
