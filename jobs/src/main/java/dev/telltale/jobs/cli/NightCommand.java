package dev.telltale.jobs.cli;

import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs jobs of the night. */
abstract class NightCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private NightOptions night;
  @Mixin private OutputOptions output;

  /** The jobs, in order. */
  abstract List<NightlyJob> jobs(NightSpec spec);

  /**
   * The exit code that the findings deserve; 0 where findings are none of the command's business.
   */
  int exitCode(Map<Severity, Long> findings) {
    return 0;
  }

  @Override
  public Integer call() {
    Settings settings = night.settings();
    NightSpec spec = night.spec(settings);
    output.start();
    String name = command.name();
    SparkSession spark = settings.open("telltale " + name + " " + spec.model().model());
    List<NightlyJob> jobs = jobs(spec);
    List<NightRunner.Outcome> outcomes =
        TerminalProgress.show(
            command, spark, progress -> NightRunner.run(spark, spec, jobs, progress));
    Map<Severity, Long> findings = findings(Lake.at(spark, spec.lake()), spec);
    NightAnswer answer = new NightAnswer(name, spec, outcomes, findings);
    output.print(answer.json(), answer.table()::lines);
    return exitCode(findings);
  }

  /** Firing findings of the windows that end in the interval. */
  private static Map<Severity, Long> findings(Lake lake, NightSpec spec) {
    Map<Severity, Long> counts = new LinkedHashMap<>();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      counts.put(severity, 0L);
    }

    List<Row> rows =
        lake.read(Tables.FINDINGS)
            .where(
                functions
                    .col("model_id")
                    .equalTo(spec.model().model())
                    .and(functions.col("status").equalTo(FindingStatus.FIRING.name()))
                    .and(functions.col("window_end").gt(Timestamp.from(spec.from())))
                    .and(functions.col("window_end").leq(Timestamp.from(spec.to()))))
            .groupBy("severity")
            .count()
            .collectAsList();
    rows.forEach(row -> counts.put(Severity.valueOf(row.getString(0)), row.getLong(1)));
    return counts;
  }
}
