package dev.telltale.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.cli.Cli;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of every {@code console} block of the README and of docs, page by page, against
 * one lake, and compares what they print with what the page promises.
 */
class DocsTest extends SparkTest {
  private static final Path ROOT = Path.of("..");

  @TempDir static Path directory;

  @Test
  void everyConsoleBlockPrintsWhatItPromises() throws IOException {
    int compared = 0;
    List<String> different = new ArrayList<>();
    for (Path page : Snippet.pages(ROOT)) {
      for (Snippet snippet : Snippet.of(page)) {
        if (snippet.runs()) {
          Cli.Outcome outcome = run(snippet);
          compared++;
          if (!snippet.promises(outcome.out() + outcome.err())) {
            different.add(snippet + " printed:\n" + outcome.out() + outcome.err());
          }
        }
      }
    }

    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(3);
  }

  @Test
  void aDifferentOutputIsNoticed() {
    List<String> promised = List.of("NAME  ...", "...", "last ... line");
    Snippet snippet = new Snippet(ROOT, 1, List.of(), promised, true);
    assertThat(snippet.promises("NAME  x\nlast of a line\n")).isTrue();
    assertThat(snippet.promises("NAME  x\na\nb\nlast of a line\n")).isTrue();
    assertThat(snippet.promises("NAME  x\na\nlast\n")).isFalse();
    assertThat(snippet.promises("NAME  x\nlast of a line\nmore\n")).isFalse();
  }

  private static Cli.Outcome run(Snippet snippet) {
    return new Cli()
        .with("TELLTALE_LAKE", directory.resolve("lake").toString())
        .with("TELLTALE_CONFIG", ROOT.resolve("conf").toString())
        .onTerminal()
        .run(snippet.arguments().stream().map(DocsTest::inRoot).toArray(String[]::new));
  }

  /** The pages name files from the project's root, where their reader is. */
  private static String inRoot(String word) {
    return word.startsWith("docs/") ? ROOT.resolve(word).toString() : word;
  }
}
