package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.report.ReportJob;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the report goes, and how far back it looks. */
final class ReportOptions {
  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description =
          "Where the page goes: a file that ends in .html, or a directory. Default:"
              + " reports/MODEL/DAY.html in the lake, else in the current directory.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--windows",
      paramLabel = "N",
      description = "How many windows the report shows. Default: ${DEFAULT-VALUE}.")
  private int windows = ReportJob.DEFAULT_WINDOWS;

  /** The job that draws it. */
  ReportJob job(NightSpec spec) {
    return new ReportJob(output.orElseGet(() -> standard(spec)), windows);
  }

  /** Beside the tables where the lake is a directory of this machine. */
  private static Path standard(NightSpec spec) {
    String lake = spec.lake().startsWith("file:") ? spec.lake().substring(5) : spec.lake();
    Path base = Path.of(lake.contains(":/") ? "." : lake);
    String day = spec.to().atZone(ZoneOffset.UTC).toLocalDate().toString();
    return (base.toFile().isDirectory() ? base : Path.of("."))
        .resolve(Path.of("reports", spec.model().model(), day + ".html"));
  }
}
