package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table TABLE =
      new Table(
          List.of("NAME", "WHAT"), List.of(List.of("a", "x, \"y\""), List.of("long", "p|q\nr")));

  @Test
  void alignsAndWrapsTheLastColumn() {
    String words = "word ".repeat(30).strip();
    List<String> lines =
        new Table(List.of("N", "WHAT"), List.of(List.of("abc", words))).lines(Format.TABLE);
    assertThat(lines).first().isEqualTo("N    WHAT");
    assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(lines.get(1)).startsWith("abc  word word").endsWith("word");
    assertThat(lines.get(2)).startsWith("     word");
    assertThat(String.join(" ", lines).split("word", -1)).hasSize(31);
  }

  @Test
  void quotesAsCsvAsks() {
    assertThat(TABLE.lines(Format.CSV))
        .containsExactly("NAME,WHAT", "a,\"x, \"\"y\"\"\"", "long,\"p|q\nr\"");
  }

  @Test
  void escapesMarkdown() {
    assertThat(TABLE.lines(Format.MARKDOWN))
        .containsExactly(
            "| NAME | WHAT |", "| --- | --- |", "| a | x, \"y\" |", "| long | p\\|q r |");
  }
}
