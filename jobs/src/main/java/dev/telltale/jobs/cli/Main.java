package dev.telltale.jobs.cli;

import dev.telltale.error.Errors;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.lake.SourceErrors;
import dev.telltale.jobs.night.CodeVersion;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code telltale}. */
@Command(
    name = "telltale",
    versionProvider = Main.Version.class,
    description = "Tells a team what production says about its machine-learning model.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nTo start: ",
    footer = "`telltale COMMAND --help` explains one command; docs/ explains all.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:internal error, with a stack trace",
      "2:wrong usage or configuration: one message with problem, why, fix",
      "3:input missing or unreadable",
      "4:findings at or above --fail-on",
      "99:nothing to do, the gate is closed; a scheduler skips what follows"
    })
public final class Main {
  /** Every command, in the order of the help. A new one is one more line here. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          InitCommand.class,
          SampleCommand.class,
          PlanCommand.class,
          ProfileCommand.class,
          CheckCommand.class,
          SystemCommand.class,
          DriftCommand.class,
          JoinCommand.class,
          QualityCommand.class,
          ExperimentCommand.class,
          AlertsCommand.class,
          ReportCommand.class,
          RunCommand.class,
          MaintainCommand.class,
          CompareCommand.class,
          EvaluateCommand.class,
          SuggestCommand.class,
          AnalyzeCommand.class,
          BoundsCommand.class,
          PowerCommand.class,
          CalibrateCommand.class,
          DemoCommand.class,
          BenchCommand.class,
          ConfigCommand.class);

  private final RunContext context;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = {
        "Log more on standard error; -vv and -vvv even more. Also TELLTALE_VERBOSITY=1, 2, 3 or"
            + " `verbosity` in telltale.yaml."
      })
  private boolean[] verbose = {};

  private Main(RunContext context) {
    this.context = context;
  }

  /**
   * Runs and ends the process, with exit code 0 by returning: YARN takes any exit for a failure.
   */
  public static void main(String[] args) {
    Logging.configure();
    int exitCode = ExitCode.INTERNAL.code();
    try {
      exitCode = execute(args);
    } finally {
      SparkSession.getDefaultSession().foreach(Main::stop);
    }

    if (exitCode != ExitCode.DONE.code()) {
      System.exit(exitCode);
    }
  }

  /** Runs in this process; returns the exit code. */
  public static int execute(String... args) {
    return commandLine(RunContext.ofProcess()).execute(args);
  }

  /** The whole command line; set its out and err to catch what it prints. */
  public static CommandLine commandLine(RunContext context) {
    CommandLine main = new CommandLine(new Main(context));
    for (Class<?> command : COMMANDS) {
      main.addSubcommand(command);
    }

    main.setUsageHelpWidth(80);
    main.setUsageHelpLongOptionsMaxWidth(26);
    main.setCaseInsensitiveEnumValuesAllowed(true);
    main.setAbbreviatedOptionsAllowed(false);
    main.setParameterExceptionHandler(Main::wrongUsage);
    main.setExecutionExceptionHandler(Main::failed);
    return main;
  }

  /** What surrounds a command. */
  static RunContext context(CommandLine.Model.CommandSpec spec) {
    return main(spec).context;
  }

  /** How often {@code -v} was given. */
  static int verbosity(CommandLine.Model.CommandSpec spec) {
    return main(spec).verbose.length;
  }

  private static Main main(CommandLine.Model.CommandSpec spec) {
    return (Main) spec.root().userObject();
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String suggestion = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      suggestion = "Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? ";
    }

    String name = command.getCommandSpec().qualifiedName();
    String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return failed(Errors.arguments(problem, name, suggestion), command, null);
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    // Scala throws checked exceptions without saying so.
    RuntimeException wrapped = e instanceof RuntimeException r ? r : new IllegalStateException(e);
    if (SourceErrors.translate(wrapped) instanceof TelltaleException user) {
      command.getErr().println("telltale: " + user.getMessage());
      if (parsed != null && Logging.isVerbose() && user.getCause() != null) {
        user.getCause().printStackTrace(command.getErr());
      }

      return user.exitCode().code();
    }

    e.printStackTrace(command.getErr());
    command.getErr().println("telltale: internal error; please report it with the lines above");
    return ExitCode.INTERNAL.code();
  }

  private static Object stop(SparkSession session) {
    session.stop();
    return null;
  }

  /** The version in the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"telltale " + CodeVersion.current()};
    }
  }
}
