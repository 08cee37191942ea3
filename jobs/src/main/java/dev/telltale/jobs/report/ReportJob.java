package dev.telltale.jobs.report;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code report}: reads the result tables of one model and writes one self-contained HTML
 * page, and the same content as JSON beside it. Writes nothing to the lake.
 */
public final class ReportJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "report";

  /** Two months of nights: enough to see a trend, few enough to see a night. */
  public static final int DEFAULT_WINDOWS = 60;

  private static final String HTML = ".html";

  private final Path output;
  private final int windows;

  /**
   * A report of the last {@code windows} windows before the end of the interval.
   *
   * @param output where the page goes: a file that ends in {@code .html}, or a directory that gets
   *     {@code report.html}; the JSON has the same name with {@code .json}
   * @param windows above zero
   */
  public ReportJob(Path output, int windows) {
    if (windows < 1) {
      throw Errors.reportWindows(windows);
    }
    this.output = output.toString().endsWith(HTML) ? output : output.resolve("report" + HTML);
    this.windows = windows;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** The page. */
  public Path html() {
    return output;
  }

  /** The same content as JSON. */
  public Path json() {
    String name = output.getFileName().toString();
    return output.resolveSibling(name.substring(0, name.length() - HTML.length()) + ".json");
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    ModelConfig model = spec.model();
    Granularity granularity = granularity(model);
    Instant to = granularity.ceiling(spec.to());
    Instant from = to;
    for (int i = 0; i < windows; i++) {
      from = granularity.previous(from);
    }
    ReportReader reader =
        new ReportReader(
            lake,
            model.model(),
            granularity,
            model.granularities().stream().filter(other -> !other.equals(granularity)).toList(),
            from,
            to,
            model.drift().effect(),
            new AnswerReader(lake, model, granularity, from, to),
            new ServiceReader(lake, model, granularity, from, to),
            new ExperimentReader(lake, model.model(), from, to));
    Report report =
        new ReportBuilder(reader.read(), model.baseline().table(), model.drift().effect()).build();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("verdict", report.verdict().sentence());
    summary.put("level", report.verdict().level().name());
    summary.put("windows", report.windows().size());
    summary.put("alerts_open", report.totals().alertsOpen());
    summary.put("findings", report.totals().findings().all());
    if (!spec.dryRun()) {
      write(html(), new ReportRenderer().html(report, json().getFileName().toString()));
      write(json(), ReportJson.pretty(report));
      summary.put("html", html().toAbsolutePath().toString());
      summary.put("json", json().toAbsolutePath().toString());
    }
    return new Result(lake.versionsRead(), List.of(), reader.rowsRead(), 0, 0, summary);
  }

  /** Nights are days; a model without days shows its finest windows. */
  private static Granularity granularity(ModelConfig model) {
    return model.granularities().contains(Granularity.DAY)
        ? Granularity.DAY
        : model.granularities().get(0);
  }

  /** Whole or not at all: a reader never sees half a page. */
  private static void write(Path file, String text) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(directory);
      Path partial = Files.createTempFile(directory, file.getFileName().toString(), ".partial");
      try {
        Files.writeString(partial, text, StandardCharsets.UTF_8);
        // A temporary file is private; a report is for the team.
        partial.toFile().setReadable(true, false);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw Errors.reportNotWritable(file.toString(), e);
    }
  }
}
