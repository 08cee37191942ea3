package dev.telltale.jobs.cli;

import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.report.ReportJob;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code telltale report}. */
@Command(
    name = "report",
    description =
        "Draws the windows up to the end of the interval as one HTML page that works offline, and"
            + " writes the same as JSON beside it.")
final class ReportCommand extends NightCommand {
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
      description = "How many windows to show. Default: ${DEFAULT-VALUE}.")
  private int windows = ReportJob.DEFAULT_WINDOWS;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new ReportJob(output.orElseGet(() -> standard(spec)), windows));
  }

  /** Beside the tables where the lake is a directory of this machine. */
  static Path standard(NightSpec spec) {
    String lake = spec.lake().startsWith("file:") ? spec.lake().substring(5) : spec.lake();
    Path base = Path.of(lake.contains(":/") ? "." : lake);
    String day = spec.to().atZone(ZoneOffset.UTC).toLocalDate().toString();
    return (base.toFile().isDirectory() ? base : Path.of("."))
        .resolve(Path.of("reports", spec.model().model(), day + ".html"));
  }
}
