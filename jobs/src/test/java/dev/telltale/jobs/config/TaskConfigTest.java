package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys that only a ranking or a forecast has. */
class TaskConfigTest {
  private static final String PLAIN =
      """
      model: flights
      predictions: {table: predictions, id: id, event-time: ts, prediction: late}
      baseline: {table: baseline}
      """;

  private static final String RANKING =
      """
      model: search
      predictions: {table: predictions, id: id, event-time: ts, prediction: place, group: query}
      baseline: {table: baseline}
      """;

  private static final String FORECAST =
      """
      model: demand
      predictions: {table: predictions, id: id, event-time: ts, prediction: p, quantiles: {high: 0.95, low: 0.05}}
      baseline: {table: baseline}
      """;

  @TempDir Path directory;

  @Test
  void aRankingAndAForecastSayWhatTheyAre() throws IOException {
    ModelConfig.Predictions ranking = read(RANKING).predictions();
    assertThat(ranking.group()).contains("query");
    assertThat(ranking.quantiles()).isEmpty();
    assertThat(read(RANKING).quality().cutoffs()).containsExactly(5, 10);
    ModelConfig.Predictions forecast = read(FORECAST).predictions();
    // By level, whatever the order of the file.
    assertThat(forecast.quantiles())
        .containsExactly(
            new ModelConfig.Quantile("low", 0.05), new ModelConfig.Quantile("high", 0.95));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quality: {task: ranking} | 4: `quality.task` is `ranking`, and nothing says which items",
        "quality: {at: []} | 4: `quality.at` must not be empty",
        "quality: {at: [0]} | 4: `quality.at[0]` must be at least 1, but it is `0`",
        "quality: {at: [5, 5]} | 4: `quality.at` names the same thing twice",
        "quality: {metrics: [ndcg_at_7]} | 4: `quality.metrics[0]` is `ndcg_at_7`, but `quality.at`"
            + " has no 7",
        "quality: {metrics: [ndgc_at_5]} | 4: `quality.metrics[0]` is `ndgc_at_5`; did you mean"
            + " `ndcg_at_5`? Allowed: `accuracy`",
      })
  void saysWhatIsWrongWithARanking(String more, String message) {
    assertThatThrownBy(() -> read(PLAIN + more + "\n"))
        .hasMessageContaining(":" + message)
        .hasMessageNotContaining("which is not an id");
  }

  @Test
  void groupsAndQuantilesNeedTheirTask() {
    assertThatThrownBy(() -> read(RANKING + "quality: {task: binary}\n"))
        .hasMessageContaining(
            ":2: `predictions.group` is for a `ranking`, but `quality.task` is `binary`");
    assertThatThrownBy(() -> read(FORECAST + "quality: {task: multiclass}\n"))
        .hasMessageContaining(
            ":2: `predictions.quantiles` are those of a `regression`, but the model is a"
                + " `multiclass`");
    assertThatThrownBy(() -> read(FORECAST.replace("quantiles:", "group: query, quantiles:")))
        .hasMessageContaining("but the model is a `ranking`");
    assertThatThrownBy(() -> read(FORECAST.replace("high: 0.95", "high: 0.05")))
        .hasMessageContaining(
            ":2: `predictions.quantiles` has two columns of the level 0.05, `high` and `low`");
    assertThatThrownBy(() -> read(FORECAST.replace("high: 0.95", "high: 95")))
        .hasMessageContaining(
            ":2: `predictions.quantiles.high` must be less than 1, but it is `95`");
    assertThatThrownBy(() -> read(FORECAST.replace("high: 0.95, low: 0.05", "")))
        .hasMessageContaining(":2: `predictions.quantiles` must not be empty");
  }

  @Test
  void theEffectiveConfigurationReadsBackAsTheSameModel() throws IOException {
    for (String text : List.of(RANKING, FORECAST)) {
      ModelConfig model = read(text);
      assertThat(read(ModelFile.effective(model))).isEqualTo(model);
    }
  }

  private ModelConfig read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("model.yaml"), text);
    return ConfigReader.of(file.toString(), Map.of()).model(Optional.empty()).config();
  }
}
