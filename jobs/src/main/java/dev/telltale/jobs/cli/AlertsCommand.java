package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.error.ExitCode;
import dev.telltale.finding.Alert;
import dev.telltale.finding.Severity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.alerts.AlertAcknowledgement;
import dev.telltale.jobs.alerts.AlertGate;
import dev.telltale.jobs.alerts.AlertList;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.lake.Lake;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code telltale alerts}. */
@Command(
    name = "alerts",
    description =
        "Turns the findings of the interval into alerts: one opens when enough of the last windows"
            + " have the finding, stays while it persists, and closes by itself.",
    subcommands = {AlertsCommand.Open.class, AlertsCommand.Ack.class, AlertsCommand.Gate.class})
final class AlertsCommand extends NightCommand {
  @Mixin private FailOn failOn;

  @Override
  List<NightlyJob> jobs(NightSpec spec) {
    return List.of(new AlertsJob());
  }

  @Override
  int exitCode(Map<Severity, Long> findings) {
    return failOn.exitCode(findings);
  }

  /** {@code telltale alerts list}. */
  @Command(name = "list", description = "Lists the alerts that are open now, newest first.")
  static final class Open implements Callable<Integer> {
    @Mixin private LakeOption lake;
    @Mixin private OutputOptions output;

    @Option(
        names = "--model",
        paramLabel = "ID",
        description = "Only alerts of this model. Default: of all models.")
    private Optional<String> model = Optional.empty();

    @Override
    public Integer call() {
      Settings settings = lake.settings();
      output.start();
      Lake opened =
          Lake.at(settings.open("telltale alerts list"), settings.lake()).requireInitialised();
      List<Alert> alerts = AlertList.open(opened, model);
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("job", "alerts list").set("alerts", AlertAnswer.json(alerts));
      output.print(answer, AlertAnswer.table(alerts)::lines);
      return 0;
    }
  }

  /** {@code telltale alerts ack}. */
  @Command(
      name = "ack",
      description =
          "Says that somebody knows of an open alert: it is ACKNOWLEDGED until it closes, and the"
              + " gate does not open for it.")
  static final class Ack implements Callable<Integer> {
    @Mixin private LakeOption lake;
    @Mixin private OutputOptions output;

    @Parameters(
        paramLabel = "ALERT",
        description =
            "Id of the alert, or a beginning of four characters or more that no other has.")
    private String alert;

    @Option(names = "--by", paramLabel = "NAME", required = true, description = "Who knows of it.")
    private String by;

    @Option(names = "--note", paramLabel = "TEXT", description = "What they have to say.")
    private Optional<String> note = Optional.empty();

    @Override
    public Integer call() {
      Settings settings = lake.settings();
      output.start();
      Lake opened =
          Lake.at(settings.open("telltale alerts ack"), settings.lake()).requireInitialised();
      Alert known = AlertAcknowledgement.acknowledge(opened, alert, by, note, Instant.now());
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("job", "alerts ack").put("acknowledged_by", by.strip());
      answer.setAll(AlertAnswer.json(known));
      answer.put("status", "ACKNOWLEDGED");
      output.print(
          answer,
          format ->
              List.of(known.id() + " is acknowledged by " + by.strip() + ": " + known.because()));
      return 0;
    }
  }

  /** {@code telltale alerts gate}. */
  @Command(
      name = "gate",
      description =
          "Says whether the interval leaves something to act on: ends 0 if an alert that nobody"
              + " has acknowledged is open at its end, and 99 if none is.")
  static final class Gate implements Callable<Integer> {
    @Mixin private IntervalOptions interval;
    @Mixin private OutputOptions output;

    @Option(
        names = "--severity",
        paramLabel = "SEVERITY",
        completionCandidates = FailOn.Severities.class,
        description =
            "Alerts of this severity or a higher one open the gate: ${COMPLETION-CANDIDATES}."
                + " Default: warning.")
    private Severity severity = Severity.WARNING;

    @Override
    public Integer call() {
      Settings settings = interval.settings();
      NightSpec spec = interval.spec(settings);
      output.start();
      Lake opened =
          Lake.at(settings.open("telltale alerts gate"), spec.lake()).requireInitialised();
      List<Alert> alerts = AlertGate.open(opened, spec, severity);
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer
          .put("run_id", spec.runId())
          .put("job", "alerts gate")
          .put("model", spec.model().model())
          .put("from", spec.from().toString())
          .put("to", spec.to().toString())
          .put("gate", alerts.isEmpty() ? "CLOSED" : "OPEN")
          .set("alerts", AlertAnswer.json(alerts));
      output.print(answer, AlertAnswer.table(alerts)::lines);
      return (alerts.isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.DONE).code();
    }
  }
}
