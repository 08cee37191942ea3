package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows of the files that reference_quality.py writes; the comment of a file says what made it. */
final class Reference {
  private static final double NEAR = 1e-10;

  /** The quantiles of t that ends of intervals are made of are iterated to 1e-9. */
  private static final double NEAR_END = 1e-9;

  private Reference() {}

  /** The cells below the header; none of them holds a comma. */
  static List<String[]> rows(String file) throws IOException {
    try (InputStream in = Reference.class.getResourceAsStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split(",", -1))
          .toList();
    }
  }

  /** The numbers of a cell. */
  static double[] numbers(String cell) {
    return Arrays.stream(cell.split(" "))
        .mapToDouble(text -> text.equals("nan") ? Double.NaN : Double.parseDouble(text))
        .toArray();
  }

  /** Compares metrics with a file of them: value, standard error, interval and rows of each. */
  static int compare(String file, boolean weighted, Map<String, Estimate> metrics)
      throws IOException {
    int compared = 0;
    for (String[] row : rows(file)) {
      if (Boolean.parseBoolean(row[0]) == weighted) {
        Estimate estimate = metrics.get(row[1]);
        assertThat(estimate).as(row[1]).isNotNull();
        double[] actual = {
          estimate.value(),
          estimate.stdError().orElseThrow(),
          estimate.low().orElseThrow(),
          estimate.high().orElseThrow()
        };
        for (int i = 0; i < actual.length; i++) {
          assertThat(actual[i])
              .as(row[1] + " " + i)
              .isCloseTo(Double.parseDouble(row[2 + i]), within(i < 2 ? NEAR : NEAR_END));
        }
        assertThat(estimate.rows()).as(row[1]).isEqualTo(Long.parseLong(row[6]));
        compared++;
      }
    }
    return compared;
  }
}
