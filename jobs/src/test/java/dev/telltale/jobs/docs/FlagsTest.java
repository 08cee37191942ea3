package dev.telltale.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.cli.Main;
import dev.telltale.jobs.cli.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every flag that the documentation or a DAG uses exists. */
class FlagsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

  @Test
  void everyFlagInACommandOfTheDocumentationExists() throws IOException {
    int flags = 0;
    List<String> unknown = new ArrayList<>();
    for (Path page : Snippet.pages(ROOT)) {
      for (Snippet snippet : Snippet.of(page)) {
        if (snippet.showsAnError()) {
          continue;
        }

        CommandLine command = commandLine();
        for (String word : snippet.arguments()) {
          if (command.getSubcommands().containsKey(word)) {
            command = command.getSubcommands().get(word);
          } else if (FLAG.matcher(word.replaceFirst("=.*", "")).matches()) {
            flags++;
            if (command.getCommandSpec().findOption(word.replaceFirst("=.*", "")) == null) {
              unknown.add(snippet + " has no " + word);
            }
          } else if (command.getParent() == null && word.matches("[a-z]+")) {
            unknown.add(snippet + ": no command " + word);
            break;
          }
        }
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(flags).as("flags found in the documentation").isGreaterThan(5);
  }

  @Test
  void everyFlagOfADagExists() throws IOException {
    Set<String> known = new TreeSet<>();
    collect(commandLine(), known);
    Set<String> used = new TreeSet<>();
    try (Stream<Path> dags = Files.list(ROOT.resolve("airflow-dags"))) {
      for (Path dag : dags.filter(file -> file.toString().endsWith(".py")).toList()) {
        Matcher flag = FLAG.matcher(Files.readString(dag));
        while (flag.find()) {
          used.add(flag.group());
        }
      }
    }

    assertThat(used).contains("--from", "--to", "--run-id");
    assertThat(known).containsAll(used);
  }

  private static CommandLine commandLine() {
    return Main.commandLine(new RunContext(Map.of(), false));
  }

  private static void collect(CommandLine command, Set<String> flags) {
    command.getCommandSpec().options().forEach(option -> flags.addAll(List.of(option.names())));
    command.getSubcommands().values().forEach(sub -> collect(sub, flags));
  }
}
