package dev.telltale.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows for people and for spreadsheets.
 *
 * @param columns headings
 * @param rows cells, as many as headings
 */
record Table(List<String> columns, List<List<String>> rows) {
  private static final int WIDTH = 80;
  private static final int NARROWEST = 12;

  /** The lines in a format other than JSON. */
  List<String> lines(Format format) {
    return switch (format) {
      case CSV -> delimited();
      case MARKDOWN -> markdown();
      case TABLE, JSON -> aligned();
    };
  }

  /** The same, with a line below that only people need. */
  List<String> lines(Format format, String footnote) {
    List<String> lines = new ArrayList<>(lines(format));
    if (format == Format.TABLE) {
      lines.add("");
      lines.add(footnote);
    }
    return lines;
  }

  /** Aligned to at most 80 columns; the last column is wrapped. */
  private List<String> aligned() {
    List<Integer> widths =
        IntStream.range(0, columns.size())
            .map(
                c ->
                    Math.max(
                        columns.get(c).length(),
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0)))
            .boxed()
            .toList();
    int last = columns.size() - 1;
    int before = widths.subList(0, last).stream().mapToInt(width -> width + 2).sum();
    int room = Math.max(NARROWEST, WIDTH - before);
    List<String> lines = new ArrayList<>();
    lines.add(line(columns, widths));
    for (List<String> row : rows) {
      List<String> parts = wrap(row.get(last), room);
      List<String> first = new ArrayList<>(row.subList(0, last));
      first.add(parts.get(0));
      lines.add(line(first, widths));
      parts.stream().skip(1).forEach(part -> lines.add(" ".repeat(before) + part));
    }

    return lines;
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      line.append(cells.get(c));
      if (c < cells.size() - 1) {
        line.append(" ".repeat(widths.get(c) - cells.get(c).length() + 2));
      }
    }

    return line.toString().stripTrailing();
  }

  /** A text in lines of at most 80 columns. */
  static List<String> wrap(String text) {
    return wrap(text, WIDTH);
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int cut = space > 0 ? space : width;
      lines.add(rest.substring(0, cut));
      rest = rest.substring(cut).stripLeading();
    }

    lines.add(rest);
    return lines;
  }

  private List<String> delimited() {
    List<String> lines = new ArrayList<>();
    lines.add(csv(columns));
    rows.forEach(row -> lines.add(csv(row)));
    return lines;
  }

  private static String csv(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.matches("(?s).*[\",\r\n].*") ? quoted(cell) : cell)
        .collect(Collectors.joining(","));
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  private List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add(pipes(columns));
    lines.add("|" + " --- |".repeat(columns.size()));
    rows.forEach(row -> lines.add(pipes(row)));
    return lines;
  }

  private static String pipes(List<String> cells) {
    return cells.stream()
        .map(cell -> " " + cell.replace("|", "\\|").replace("\n", " ") + " |")
        .collect(Collectors.joining("", "|", ""));
  }
}
