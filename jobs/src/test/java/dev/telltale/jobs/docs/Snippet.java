package dev.telltale.jobs.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command of the documentation, with the output that is promised.
 *
 * @param file page
 * @param line line of the page, from 1
 * @param arguments what follows {@code telltale}
 * @param output promised output; {@code ...} stands for anything
 * @param runs whether it stands in a {@code console} block, which a test runs
 */
record Snippet(Path file, int line, List<String> arguments, List<String> output, boolean runs) {
  private static final Pattern COMMAND = Pattern.compile("^\\s*(?:\\$ )?(?:\\./)?telltale +(.*)$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  /** The README and every page of docs. */
  static List<Path> pages(Path root) throws IOException {
    List<Path> pages = new ArrayList<>();
    if (Files.exists(root.resolve("README.md"))) {
      pages.add(root.resolve("README.md"));
    }

    try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }

    return pages;
  }

  /** Every telltale command in a fenced block of a page. */
  static List<Snippet> of(Path page) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    String fence = null;
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith("```")) {
        fence = fence == null ? lines.get(i).strip().substring(3).strip() : null;
        continue;
      }

      Matcher command = COMMAND.matcher(lines.get(i));
      boolean console = "console".equals(fence);
      if (fence == null || !command.matches() || (console && !lines.get(i).startsWith("$ "))) {
        continue;
      }

      int line = i + 1;
      StringBuilder text = new StringBuilder(command.group(1));
      while (text.toString().endsWith("\\")) {
        i++;
        text.setLength(text.length() - 1);
        text.append(lines.get(i).strip());
      }

      List<String> output = new ArrayList<>();
      while (console && !lines.get(i + 1).startsWith("$ ") && !lines.get(i + 1).startsWith("```")) {
        i++;
        output.add(lines.get(i));
      }

      snippets.add(new Snippet(page, line, words(text.toString()), output, console));
    }

    return snippets;
  }

  /** Whether the page shows what a wrong command prints. */
  boolean showsAnError() {
    return !output.isEmpty() && output.get(0).startsWith("telltale: ");
  }

  /** Whether what was printed is what the page promises. */
  boolean promises(String printed) {
    String pattern =
        output.stream()
            .map(
                text ->
                    text.strip().equals("...")
                        ? "(?:.*\\R)*?"
                        : Arrays.stream(text.split("\\.\\.\\.", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*"))
                            + "\\h*\\R")
            .collect(Collectors.joining());
    return output.isEmpty() || Pattern.matches(pattern, printed);
  }

  @Override
  public String toString() {
    return file.getFileName() + ":" + line + " telltale " + String.join(" ", arguments);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      if (word.group(3) != null
          && List.of("#", "|", ">", "&&", "||", "2>").contains(word.group(3))) {
        break;
      }

      words.add(
          Stream.of(word.group(1), word.group(2), word.group(3))
              .filter(found -> found != null)
              .findFirst()
              .orElse(""));
    }

    return words;
  }
}
