package dev.telltale.jobs.cli;

import dev.telltale.error.ExitCode;
import dev.telltale.finding.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether findings fail the command. */
final class FailOn {
  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      completionCandidates = Severities.class,
      description =
          "End with exit code 4 if the interval has findings of this severity or a higher one:"
              + " ${COMPLETION-CANDIDATES}. Default: findings are in the answer and the code is 0.")
  private Optional<Severity> severity = Optional.empty();

  /** 4 if a finding is at or above the severity, else 0. */
  int exitCode(Map<Severity, Long> findings) {
    boolean found =
        findings.entrySet().stream()
            .anyMatch(
                entry ->
                    entry.getValue() > 0
                        && severity.filter(limit -> entry.getKey().atLeast(limit)).isPresent());
    return (found ? ExitCode.FINDINGS : ExitCode.DONE).code();
  }

  /** The severities as they are typed. */
  static final class Severities implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return List.of("info", "warning", "critical").iterator();
    }
  }
}
