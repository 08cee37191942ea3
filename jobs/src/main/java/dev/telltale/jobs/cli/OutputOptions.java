package dev.telltale.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.error.Errors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How and where the answer goes. */
final class OutputOptions {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Answer as ${COMPLETION-CANDIDATES}. Default: table on a terminal, else json on one"
              + " line.",
      completionCandidates = FormatNames.class)
  private Optional<Format> format = Optional.empty();

  @Option(
      names = "--result-file",
      paramLabel = "FILE",
      description = "Write the JSON answer here, too; whole or not at all.")
  private Optional<Path> resultFile = Optional.empty();

  /** Removes the answer of an earlier run, so that nobody takes it for this one's. */
  void start() {
    if (resultFile.isEmpty()) {
      return;
    }

    try {
      WholeFile.requireDirectory(resultFile.get());
      Files.deleteIfExists(resultFile.get());
    } catch (IOException e) {
      throw Errors.resultFile(resultFile.get().toString(), e);
    }
  }

  /**
   * Prints the answer, and writes the result file.
   *
   * @param lines the answer in a format other than JSON
   */
  void print(JsonNode json, Function<Format, List<String>> lines) {
    String line = line(json);
    resultFile.ifPresent(file -> write(file, line));
    PrintWriter out = command.commandLine().getOut();
    Format chosen = format();
    if (chosen == Format.JSON) {
      out.println(line);
    } else {
      lines.apply(chosen).forEach(out::println);
    }

    out.flush();
  }

  /** Prints an answer that is a text, and writes the result file. */
  void print(JsonNode json, String text) {
    resultFile.ifPresent(file -> write(file, line(json)));
    PrintWriter out = command.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** Whether a format was asked for. */
  boolean isFormatGiven() {
    return format.isPresent();
  }

  /** The format in effect. */
  Format format() {
    return format.orElse(Main.context(command).terminal() ? Format.TABLE : Format.JSON);
  }

  private static String line(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values can be written", e);
    }
  }

  private static void write(Path file, String line) {
    try {
      WholeFile.write(file, line + "\n");
    } catch (IOException e) {
      throw Errors.resultFile(file.toString(), e);
    }
  }

  /** The formats as they are typed. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return java.util.List.of("table", "json", "csv", "markdown").iterator();
    }
  }
}
