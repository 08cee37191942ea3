package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.Experiment;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with an experiment file is said with its line. */
class ExperimentRulesTest {
  @TempDir Path directory;

  /** In a smallest file, one text is replaced by another. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The schema.
        "model: flights | modle: flights | 2: unknown key `modle`; did you mean `model`? Allowed: `experiment`, `model`,",
        "model: flights | modle: flights | 1: missing key `model`: Id of the model whose night",
        "kind: proportion | knd: count | 7: unknown key `metrics[0].knd`; did you mean `kind`?",
        "kind: proportion | knd: count | 7: missing key `metrics[0].kind`: What is made of the facts",
        "kind: proportion | kind: porportion | 7: `metrics[0].kind` is `porportion`; did you mean `proportion`? Allowed: `sum`",
        "experiment: delay | experiment: de lay | 1: `experiment` is `de lay`, which is not an id. Id of",
        "2026-10-01 | 1.10.2026 | 3: `from` is `1.10.2026`, which is no day such as `2026-10-01`. First day",
        "new: 0.5 | new: half | 4: `variants.new` must be a number, but it is `half`",
        "new: 0.5 | new: -1 | 4: `variants.new` must be at least 0, but it is `-1`",
        "new: 0.5 | new: 50 | 4: `variants.new` must be at most 1, but it is `50`",
        "', new: 0.5' | '' | 4: `variants` must have at least 2 entries",
        "unit: user | unit: '' | 5: `exposures.unit` must not be empty",
        "unit: user | unit: '${USER}' | 5: `exposures.unit` takes no environment variable",
        "table: orders | table: '${NOWHERE}/orders' | 7: environment variable `NOWHERE` is not set",
        "role: primary | days: 0 | 7: `metrics[0].days` must be at least 1, but it is `0`",
        "role: primary | from-day: -1 | 7: `metrics[0].from-day` must be at least 0, but it is `-1`",
        "role: primary | cap: 0 | 7: `metrics[0].cap` must be more than 0, but it is `0`",
        "role: primary | 'role: guardrail, margin: -1' | 7: `metrics[0].margin` must be at least 0, but it is `-1`",
        "role: primary | 'role: guardrail, margin: -1%' | 7: `metrics[0].margin` is `-1%`, which is neither a number nor a share such as `2%`.",
        "role: primary | 'role: guardrail, margin: []' | 7: `metrics[0].margin` must be a number or text, but it is a list",
        "model: flights | 'model: flights\npre-days: 366' | 3: `pre-days` must be at most 365, but it is `366`",
        "model: flights | 'model: flights\nalpha: 0.5' | 3: `alpha` must be less than 0.5, but it is `0.5`",
        "model: flights | 'model: flights\nalpha: 0' | 3: `alpha` must be more than 0, but it is `0`",
        "model: flights | 'model: flights\nunits: 0' | 3: `units` must be at least 1, but it is `0`",
        "model: flights | 'model: flights\ncontrol: 1' | 3: `control` must be text, but it is `1`, a number; put it in quotes",
        // The rules.
        "2026-10-01 | 2026-02-30 | 3: `from` is `2026-02-30`, a day that no month has",
        "model: flights | 'model: flights\nto: 2026-11-31' | 3: `to` is `2026-11-31`, a day that no month has",
        "model: flights | 'model: flights\nto: 2026-10-01' | 3: `to` is `2026-10-01`, the day after the last one, but must be after `from`, `2026-10-01`",
        "new: 0.5 | 'new: 0.3, more: 0.1' | 4: the shares of `variants` must sum to 1, but they sum to 0.9",
        "new: 0.5 | new: 0.500002 | 4: the shares of `variants` must sum to 1, but they sum to 1.000002",
        "'old: 0.5, new: 0.5' | 'old: 1, new: 0' | 4: `variants` has a share above 0 for one; a comparison takes",
        "'old: 0.5, new: 0.5' | 'old: 0, new: 0' | 4: `variants` has a share above 0 for none; a comparison takes",
        "'old: 0.5, new: 0.5' | 'old: 0, new: 0.5, more: 0.5' | 4: the control is the first variant, `old`, whose share is 0, so that there is nothing to compare with",
        "'old: 0.5, new: 0.5}' | 'old: 0, new: 0.5, more: 0.5}\ncontrol: old' | 5: `control` is `old`, whose share is 0",
        "model: flights | 'model: flights\ncontrol: olds' | 3: `control` is `olds`, which is no variant; did you mean `old`? Allowed: `old`, `new`",
        "model: flights | 'model: flights\nspending: obrien' | 3: `spending` is `obrien`, but must be `obf`, `pocock` or `power:R` with R above 0, such as `power:2`",
        "model: flights | 'model: flights\nspending: power:0' | 3: `spending` is `power:0`, but must be",
        "role: primary} | 'role: primary}\n  - {name: bought, table: t, kind: count}' | 8: two metrics are named `bought`",
        "role: primary | role: secondary | 6: no metric has the `role` `primary`, so that nothing decides",
        "kind: proportion | kind: sum | 7: `metrics[0]` is of the kind `sum` and needs `value`, the SQL expression of a number",
        "kind: proportion | 'kind: ratio, value: x' | 7: `metrics[0]` is of the kind `ratio` and needs `denominator`, the SQL expression of a number",
        "kind: proportion | kind: mean | 7: `metrics[0]` is of the kind `mean` and needs `value`",
        "kind: proportion | kind: funnel | 7: `metrics[0]` is of the kind `funnel` and needs `denominator`, the SQL condition of the step before",
        "kind: proportion | 'kind: count,\n     value: x' | 8: `metrics[0].value` is of the kind `sum`, `mean`, `ratio` or `quantile`, but the metric is of the kind `count`",
        "kind: proportion | 'kind: mean, value: x, denominator: y' | 7: `metrics[0].denominator` is of the kind `ratio` or `funnel`, but the metric is of the kind `mean`",
        "kind: proportion | 'kind: proportion, cap: 2' | 7: `metrics[0].cap` is of the kind `sum`, `count`, `mean` or `ratio`, but the metric is of the kind `proportion`",
        "kind: proportion | 'kind: sum, value: x, denominator-cap: 2' | 7: `metrics[0].denominator-cap` is of the kind `mean` or `ratio`, but the metric is of the kind `sum`",
        "kind: proportion | 'kind: quantile, quantile: 0.5' | 7: `metrics[0]` is of the kind `quantile` and needs `value`, the SQL expression of a number",
        "kind: proportion | 'kind: quantile, value: x' | 7: `metrics[0]` is of the kind `quantile` and needs `quantile`, a number between 0 and 1, such as `0.95`",
        "kind: proportion | 'kind: mean, value: x, quantile: 0.5' | 7: `metrics[0].quantile` is of the kind `quantile`, but the metric is of the kind `mean`",
        "kind: proportion | 'kind: quantile, value: x, quantile: 0.5, cap: 2' | 7: `metrics[0].cap` is of the kind `sum`, `count`, `mean` or `ratio`, but the metric is of the kind `quantile`",
        "kind: proportion | 'kind: quantile, value: x, quantile: 1' | 7: `metrics[0].quantile` must be less than 1, but it is `1`",
        "kind: proportion | 'kind: quantile, value: x, quantile: 0' | 7: `metrics[0].quantile` must be more than 0, but it is `0`",
        "role: primary | 'role: primary, margin: 1%' | 7: `metrics[0].margin` is of a `guardrail`, but the `role` of the metric is `primary`",
        "event-time: ts | 'event-time: ts, where: a b c' | 5: `exposures.where` is `a b c`, which is no SQL condition: ",
        "event-time: ts | 'event-time: ts, exclude: (bot' | 5: `exposures.exclude` is `(bot`, which is no SQL condition: ",
        "kind: proportion | 'kind: proportion, where: a = = b' | 7: `metrics[0].where` is `a = = b`, which is no SQL condition: ",
        "kind: proportion | 'kind: sum, value: price *' | 7: `metrics[0].value` is `price *`, which is no SQL expression: ",
        "kind: proportion | 'kind: ratio, value: p, denominator: (s' | 7: `metrics[0].denominator` is `(s`, which is no SQL expression: ",
        "kind: proportion | 'kind: funnel, denominator: (s' | 7: `metrics[0].denominator` is `(s`, which is no SQL condition: ",
      })
  void saysWhatIsWrong(String text, String by, String message) {
    assertThat(ExperimentConfigTest.SMALLEST).contains(text);
    assertThatThrownBy(
            () ->
                read(
                    ExperimentConfigTest.SMALLEST.replaceFirst(
                        Pattern.quote(text), Matcher.quoteReplacement(by))))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining(file() + ":" + message)
        .extracting(e -> ((TelltaleException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void thirdsSumToOne() throws IOException {
    String thirds = "old: 0.333333, new: 0.333333, more: 0.333333";
    assertThat(read(ExperimentConfigTest.SMALLEST.replace("old: 0.5, new: 0.5", thirds)).variants())
        .hasSize(3);
  }

  private Experiment read(String text) throws IOException {
    Path file = Path.of(file());
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return ConfigReader.of(directory.toString(), Map.of("USER", "me"))
        .experiments()
        .get(0)
        .config();
  }

  private String file() {
    return directory + "/experiments/test.yaml";
  }
}
