package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes in golden-v1.txt are in lakes: what writes others needs a new version, and must still
 * read these.
 */
class QualityStateBytesTest {
  private static final double[][] ROWS = {
    // label, prediction, score, weight
    {1, 1, 0.875, 1}, {0, 1, 0.5, 1}, {0, 0, 0.125, 2.5}, {1, 0, 7, 1}, {Double.NaN, 1, 0.25, 1}
  };

  private static QualityState state(String name) {
    Task task = Task.valueOf(name.substring(0, name.indexOf('-')));
    List<Double> levels = name.endsWith("-quantiles") ? List.of(0.25, 0.75) : List.of();
    QualityState state =
        QualityState.of(task, new StateOptions(4, 0.5, 2, List.of(1, 300), levels));
    for (int i = 0; i < ROWS.length && !name.endsWith("-empty"); i++) {
      Observation row = new Observation();
      row.labelled = !Double.isNaN(ROWS[i][0]);
      row.label = ROWS[i][0];
      row.prediction = ROWS[i][1];
      row.trueClass = row.labelled ? "c" + (int) row.label : null;
      row.predictedClass = "c" + (int) row.prediction;
      row.score = ROWS[i][2];
      row.weight = ROWS[i][3];
      row.quantiles = new double[] {row.prediction - 0.5, i == 3 ? Double.NaN : row.prediction};
      row.relevances = new double[] {row.prediction, i == 2 ? -1 : 0, row.labelled ? 2 : 0};
      row.labelMicros = 1000L * i;
      row.delayMicros = 3_600_000_000L * (i + 1);
      state.add(row);
    }
    return state;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BINARY-empty",
        "BINARY-few",
        "MULTICLASS-empty",
        "MULTICLASS-few",
        "REGRESSION-empty",
        "REGRESSION-few",
        "REGRESSION-quantiles",
        "RANKING-empty",
        "RANKING-few",
        "RATING-few",
        "COMPLAINT-few",
        "REACTION-few"
      })
  void theBytesAreThoseThatAreInLakes(String name) throws IOException {
    String golden = golden().getOrDefault(name, "");
    assertThat(HexFormat.of().formatHex(state(name).toBytes())).as(name).isEqualTo(golden);
    QualityState read = QualityState.read(HexFormat.of().parseHex(golden));
    assertThat(HexFormat.of().formatHex(read.toBytes())).isEqualTo(golden);
    assertThat(read.metrics(MetricOptions.DEFAULTS))
        .isEqualTo(state(name).metrics(MetricOptions.DEFAULTS));
  }

  private static Map<String, String> golden() throws IOException {
    try (InputStream in = QualityStateBytesTest.class.getResourceAsStream("golden-v1.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> golden = new HashMap<>();
      for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
        golden.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
      }
      return golden;
    }
  }
}
