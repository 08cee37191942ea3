package dev.telltale.jobs.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command line in a JVM of its own, on the class path of the tests. */
public final class Subprocess {
  private static final int TIMEOUT_MINUTES = 3;

  private final List<String> before = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();

  /** On the Java of the tests. */
  public Subprocess() {
    jvm.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // What Spark needs to be open; agents and memory are this process's own.
      if (argument.startsWith("--add-")) {
        jvm.add(argument);
      }
    }
    jvm.add("-Dspark.ui.enabled=false");
  }

  /**
   * As a user whom file permissions bind. Root is such a user once it has lost the two capabilities
   * that let it pass them; other users are already.
   */
  Subprocess boundByPermissions() {
    if (System.getProperty("user.name").equals("root")) {
      before.addAll(
          List.of(
              "setpriv",
              "--inh-caps=-dac_override,-dac_read_search",
              "--bounding-set=-dac_override,-dac_read_search"));
    }
    return this;
  }

  /** With this option of the JVM. */
  Subprocess with(String option) {
    jvm.add(option);
    return this;
  }

  /** Runs {@code telltale arguments}; files of its output go to {@code directory}. */
  Cli.Outcome run(Path directory, List<String> arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process = start(out, err, arguments);
    if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("Not done in time: " + arguments);
    }
    return new Cli.Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Starts {@code telltale arguments} with its output in two files. */
  public Process start(Path out, Path err, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }
}
