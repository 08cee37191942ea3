package dev.telltale.jobs.cli;

import dev.telltale.config.Granularity;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.night.NightRunner;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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

  /** Whether one of the jobs needs the files of experiments. */
  boolean looksAtExperiments() {
    return false;
  }

  /**
   * The exit code that the findings deserve; 0 where findings are none of the command's business.
   */
  int exitCode(Map<Severity, Long> findings) {
    return 0;
  }

  /** Prints the answer. */
  void print(OutputOptions to, NightAnswer answer, Lake lake) {
    to.print(answer.json(), answer.table()::lines);
  }

  @Override
  public Integer call() {
    Settings settings = night.settings();
    NightSpec asked = night.spec(settings);
    // The files of experiments may be broken without stopping other jobs.
    NightSpec spec =
        looksAtExperiments()
            ? asked.with(settings.config().experimentsOf(asked.model().model()))
            : asked;
    output.start();
    String name = command.name();
    SparkSession spark = settings.open("telltale " + name + " " + spec.model().model());
    List<NightlyJob> jobs = jobs(spec);
    List<NightRunner.Outcome> outcomes =
        TerminalProgress.show(
            command, spark, progress -> NightRunner.run(spark, spec, jobs, progress));
    Map<Severity, Long> findings = findings(Lake.at(spark, spec.lake()), spec);
    print(output, new NightAnswer(name, spec, outcomes, findings), Lake.at(spark, spec.lake()));
    return exitCode(findings);
  }

  /** Firing findings of the windows that end in the interval. */
  private static Map<Severity, Long> findings(Lake lake, NightSpec spec) {
    Map<Severity, Long> counts = new LinkedHashMap<>();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      counts.put(severity, 0L);
    }

    for (Granularity granularity : spec.model().granularities()) {
      // A window that ends in the interval starts at most its own length before it.
      WindowScope scope =
          WindowScope.between(
              spec.model().model(),
              granularity,
              granularity.previous(granularity.floor(spec.from())),
              spec.to());
      for (Row row :
          lake.rows(Tables.FINDINGS, scope, "window_start", "window_end", "severity", "status")) {
        Instant end = row.<Timestamp>getAs("window_end").toInstant();
        if (row.getAs("status").equals(FindingStatus.FIRING.name())
            && end.isAfter(spec.from())
            && !end.isAfter(spec.to())) {
          counts.merge(Severity.valueOf(row.getAs("severity")), 1L, Long::sum);
        }
      }
    }
    return counts;
  }
}
