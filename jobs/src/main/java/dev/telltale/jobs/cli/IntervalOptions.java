package dev.telltale.jobs.cli;

import dev.telltale.error.Errors;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.config.ModelFile;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which interval of which model. */
class IntervalOptions extends LakeOption {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int RANDOM_BYTES = 4;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Start of the interval, inclusive: an ISO-8601 date or instant, UTC.")
  private Optional<String> from = Optional.empty();

  @Option(names = "--to", paramLabel = "TIME", description = "End of the interval, exclusive.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "ID",
      description = "The model; needed if there are several.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--run-id",
      paramLabel = "RUN",
      description =
          "Id of this run; jobs of one night share it. Also TELLTALE_RUN_ID; else a new one.")
  private Optional<String> runId = Optional.empty();

  /** What the jobs are asked to do. */
  NightSpec spec(Settings settings) {
    return spec(settings, Optional.empty(), false);
  }

  final NightSpec spec(Settings settings, Optional<String> asOf, boolean dryRun) {
    // A scheduler without an interval passes empty text.
    from = from.filter(text -> !text.isBlank());
    to = to.filter(text -> !text.isBlank());
    Instant start = TimeConverter.parse("--from", from.orElseThrow(this::missing));
    Instant end = TimeConverter.parse("--to", to.orElseThrow(this::missing));
    if (!start.isBefore(end)) {
      throw Errors.emptyInterval(from.get(), to.get());
    }

    ModelFile file = settings.config().model(model);
    return new NightSpec(
        settings.lake(),
        file.config(),
        file.hash(),
        start,
        end,
        runId
            .or(() -> Settings.variable(environment(), Settings.RUN_ID))
            .orElseGet(IntervalOptions::newRunId),
        asOf,
        dryRun);
  }

  private RuntimeException missing() {
    String both = from.isEmpty() && to.isEmpty() ? "--from and --to" : "--to";
    return Errors.missingInterval(from.isEmpty() && to.isPresent() ? "--from" : both);
  }

  /** Ordered by time, and unique. The clock names the run; it decides nothing. */
  static String newRunId() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return STAMP.format(Instant.now()) + "-" + HexFormat.of().formatHex(random);
  }
}
