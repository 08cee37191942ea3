package dev.telltale.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs the command line in this process and catches what it prints. */
public final class Cli {
  private final Map<String, String> environment = new HashMap<>();
  private boolean terminal;

  /** What a command did: exit code, standard output, standard error. */
  public record Outcome(int exitCode, String out, String err) {}

  /** With an environment variable. */
  public Cli with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** As if a person looked. */
  public Cli onTerminal() {
    terminal = true;
    return this;
  }

  /** Runs {@code telltale args}. */
  public Outcome run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine main = Main.commandLine(new RunContext(Map.copyOf(environment), terminal));
    main.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    main.setOut(new PrintWriter(out));
    main.setErr(new PrintWriter(err));
    int exitCode = main.execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }
}
