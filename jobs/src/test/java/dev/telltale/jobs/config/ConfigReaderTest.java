package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.Check;
import dev.telltale.config.Clocks;
import dev.telltale.config.Defaults;
import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.config.Kpi;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Privacy;
import dev.telltale.config.Retention;
import dev.telltale.config.Sampling;
import dev.telltale.config.SystemQuality;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private static final String SMALLEST =
      """
      model: flights
      predictions: {table: predictions, id: id, event-time: ts, prediction: late}
      baseline: {table: baseline}
      """;

  private static final String EVERY_KEY =
      """
      model: flights
      predictions:
        table: ${BUCKET}/predictions
        id: id
        event-time: ts
        model-version: version
        prediction: late
        score: p
        weight: w
        upload-time: up
        clock-skew: 5 hours
        allowed-lateness: 14 days
      baseline: {table: baseline, version: 7}
      columns: {include: [a, b], exclude: [c], categorical: [b]}
      slices: [[carrier], [carrier, origin]]
      max-slice-values: 12
      granularities: [1 week, 1 hour]
      drift:
        alpha: 0.01
        correction: holm
        effect: psi
        threshold: 0.2
        missingness: 0.02
        new-category: 0.03
        out-of-range: 0.04
        row-count-ratio: 2
        minimum-rows: 50
      alerts: {windows: 7, required: 5, close-after: 3, cool-down: 4}
      feedback:
        - {kind: outcome, table: labels, id: id, arrival-time: at, value: late, wait: 36 hours}
        - {kind: annotation, name: people, table: notes, id: id, arrival-time: at, value: v, annotator: who}
        - {kind: rating, table: stars, id: id, arrival-time: at, value: stars, negative-up-to: 2}
      quality:
        task: binary
        positive: "yes"
        beta: 2
        at: [3, 1]
        outcome-values: {true-positive: 1, false-positive: -2, false-negative: -3, true-negative: 4}
        metrics: [recall, brier]
        tolerance: 0.03
        tolerance-ratio: 0.2
        alpha: 0.01
        minimum-labels: 50
        restate-within: 30 days
        labelling-budget: 40
      kpis:
        - {name: clicks, table: "${BUCKET}/clicks", event-time: at, id: id}
        - {name: refunds, table: refunds, event-time: at, value: amount, goal: decrease}
      sampling:
        table: "${BUCKET}/sample"
        rows-per-day: 5000
        strata: [origin, carrier]
        allocation: neyman
        measure: delay
        whole: [delay > 180]
        cost-per-million-rows: 2.5
      privacy:
        drop: [email]
        pseudonym: [user]
        hash: [device]
        truncate: {zip: 3}
        generalise: {age: 10, born: year}
        keys: [{from: 2026-01-01, variable: KEY}]
        unit: user
        minimum-units: 5
      retention: {telemetry: 30 days, sample: 60 days, labelled: 90 days, results: 730 days, history: 36 hours}
      checks:
        - expectations:
            - {expectation: expect_column_values_to_be_between, column: delay, min_value: -60, max_value: 0.5,
               mostly: 0.99, row_condition: "origin = 'ATL'", severity: critical}
        - table: "${BUCKET}/stations"
          event-time: at
          id: [code, day]
          expectations:
            - {expectation: expect_table_columns_to_match_set, column_set: [code, day], exact_match: false}
      system:
        latency-ms: 1000 * seconds
        error: status >= 500
        cost: dollars
        trained-at: trained
        crashes: {table: "${BUCKET}/crashes", event-time: at, version: v, message: what, stack: where}
        objectives: {latency_p95_ms: 250, availability: 0.99}
        changes: {latency-ratio: 1.5, error-rate: 0.02, crash-ratio: 3, cost-ratio: 1.1}
      """;

  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void recordedDefaults() {
    ModelConfig model = read(SMALLEST).config();
    assertThat(model)
        .isEqualTo(
            new ModelConfig(
                "flights",
                new ModelConfig.Predictions(
                    "predictions",
                    "id",
                    "ts",
                    Optional.empty(),
                    "late",
                    Optional.empty(),
                    Optional.empty()),
                new ModelConfig.Baseline("baseline", Optional.empty()),
                new ModelConfig.Columns(List.of(), List.of(), List.of()),
                List.of(),
                Defaults.MAX_SLICE_VALUES,
                Defaults.GRANULARITIES,
                new ModelConfig.Drift(
                    Defaults.ALPHA,
                    Defaults.CORRECTION,
                    Defaults.EFFECT,
                    Defaults.THRESHOLD,
                    Defaults.MISSINGNESS,
                    Defaults.NEW_CATEGORY,
                    Defaults.OUT_OF_RANGE,
                    Defaults.ROW_COUNT_RATIO,
                    Defaults.MINIMUM_ROWS),
                new ModelConfig.Alerts(
                    Defaults.ALERT_WINDOWS,
                    Defaults.ALERT_REQUIRED,
                    Defaults.ALERT_CLOSE_AFTER,
                    Defaults.ALERT_COOL_DOWN),
                List.of(),
                ModelConfig.Quality.defaults()));
  }

  @Test
  void fullMapping() {
    ModelConfig model = read(EVERY_KEY).config();
    assertThat(model)
        .isEqualTo(
            new ModelConfig(
                "flights",
                new ModelConfig.Predictions(
                    "s3a://b/sample",
                    "id",
                    "ts",
                    Optional.of("version"),
                    "late",
                    Optional.of("p"),
                    Optional.of("telltale_weight"),
                    Optional.empty(),
                    List.of(),
                    new Clocks(Optional.of("up"), Duration.ofHours(5), Duration.ofDays(14))),
                new ModelConfig.Baseline("baseline", Optional.of(7L)),
                new ModelConfig.Columns(List.of("a", "b"), List.of("c"), List.of("b")),
                List.of(List.of("carrier"), List.of("carrier", "origin")),
                12,
                List.of(Granularity.HOUR, Granularity.WEEK),
                new ModelConfig.Drift(0.01, "HOLM", "psi", 0.2, 0.02, 0.03, 0.04, 2, 50),
                new ModelConfig.Alerts(7, 5, 3, 4),
                List.of(
                    new Feedback(
                        "outcome",
                        Feedback.Kind.OUTCOME,
                        "labels",
                        "id",
                        "at",
                        Optional.of("late"),
                        Optional.empty(),
                        Duration.ofHours(36),
                        Optional.empty()),
                    new Feedback(
                        "people",
                        Feedback.Kind.ANNOTATION,
                        "notes",
                        "id",
                        "at",
                        Optional.of("v"),
                        Optional.of("who"),
                        Duration.ZERO,
                        Optional.empty()),
                    new Feedback(
                        "rating",
                        Feedback.Kind.RATING,
                        "stars",
                        "id",
                        "at",
                        Optional.of("stars"),
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.of(2.0))),
                new ModelConfig.Quality(
                    Optional.of("BINARY"),
                    Optional.of("yes"),
                    2,
                    Optional.of(new ModelConfig.OutcomeValues(1, -2, -3, 4)),
                    List.of(3, 1),
                    List.of("recall", "brier"),
                    0.03,
                    0.2,
                    0.01,
                    50,
                    Duration.ofDays(30),
                    40),
                List.of(
                    new Kpi(
                        "clicks",
                        "s3a://b/clicks",
                        "at",
                        Optional.empty(),
                        Optional.of("id"),
                        Kpi.Goal.INCREASE),
                    new Kpi(
                        "refunds",
                        "refunds",
                        "at",
                        Optional.of("amount"),
                        Optional.empty(),
                        Kpi.Goal.DECREASE)),
                Optional.of(
                    new Sampling(
                        "s3a://b/predictions",
                        Optional.of("w"),
                        new Sampling.Amount(Sampling.AmountKind.ROWS_PER_DAY, 5000),
                        List.of("origin", "carrier"),
                        Sampling.Allocation.NEYMAN,
                        Optional.of("delay"),
                        Optional.empty(),
                        List.of("delay > 180"),
                        Optional.of(2.5))),
                new Privacy(
                    List.of("email"),
                    List.of("user"),
                    List.of("device"),
                    new TreeMap<>(Map.of("zip", 3)),
                    new TreeMap<>(Map.of("age", "10", "born", "year")),
                    List.of(
                        new Privacy.Key(LocalDate.parse("2026-01-01"), "KEY", Optional.of(KEY))),
                    Optional.of(new Privacy.Units("user", 5))),
                new Retention(
                    Optional.of(Duration.ofDays(30)),
                    Optional.of(Duration.ofDays(60)),
                    Optional.of(Duration.ofDays(90)),
                    Optional.of(Duration.ofDays(730)),
                    Optional.of(Duration.ofHours(36))),
                List.of(
                    new Check(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(
                            new Check.Expectation(
                                "expect_column_values_to_be_between",
                                Map.of("column", "delay", "min_value", -60L, "max_value", 0.5),
                                0.99,
                                Optional.of("origin = 'ATL'"),
                                "CRITICAL"))),
                    new Check(
                        Optional.of("s3a://b/stations"),
                        Optional.of("at"),
                        List.of("code", "day"),
                        List.of(
                            new Check.Expectation(
                                "expect_table_columns_to_match_set",
                                Map.of("column_set", List.of("code", "day"), "exact_match", false),
                                1,
                                Optional.empty(),
                                "WARNING")))),
                Optional.of(
                    new SystemQuality(
                        Optional.of("1000 * seconds"),
                        Optional.of("status >= 500"),
                        Optional.of("dollars"),
                        Optional.of("trained"),
                        Optional.of(
                            new SystemQuality.Crashes(
                                "s3a://b/crashes",
                                "at",
                                Optional.of("v"),
                                Optional.of("what"),
                                Optional.of("where"))),
                        Map.of("latency_p95_ms", 250.0, "availability", 0.99),
                        new SystemQuality.Changes(1.5, 0.02, 3, 1.1)))));
    assertThat(model.telemetry().table()).isEqualTo("s3a://b/predictions");
    assertThat(model.telemetry().weight()).contains("w");
  }

  @Test
  void aServiceIsHeldToWhatIsMeasured() {
    String system =
        """
        system:
          latency-ms: 1000 * (seconds
          crashes: {table: crashes, event-time: at}
          objectives: {error_rate: 0.01, latency_p95_ms: 250, cost_total: 5, silence_minutes: 10}
        """;
    assertThatThrownBy(() -> read(SMALLEST + system))
        .hasMessageContaining(
            ":5: `system.latency-ms` is `1000 * (seconds`, which is no SQL expression")
        .hasMessageContaining(
            ":6: `system.crashes` has neither `message` nor `stack`, so that no crash is told from"
                + " another")
        .hasMessageContaining(
            ":7: `system.objectives.error_rate` needs `system.error`, without which it is not"
                + " measured")
        .hasMessageContaining(
            ":7: `system.objectives.cost_total` needs `system.cost`, without which it is not"
                + " measured")
        .hasMessageNotContaining("silence_minutes");
    assertThatThrownBy(() -> read(SMALLEST + "system: {objectives: {latency_p96_ms: 250}}\n"))
        .hasMessageContaining(
            "unknown key `system.objectives.latency_p96_ms`; did you mean `latency_p95_ms`?");
    assertThat(read(SMALLEST + "system: {}\n").config().system())
        .contains(SystemQuality.defaults());
  }

  @Test
  void rowsAreKeptForWholeDays() {
    assertThatThrownBy(() -> read(SMALLEST + "retention: {telemetry: 36 hours}\n"))
        .hasMessageContaining(
            ":4: `retention.telemetry` is `36 hours`, but must be a whole number of days, 1 day or"
                + " more");
    assertThatThrownBy(() -> read(SMALLEST + "retention: {history: 0 hours}\n"))
        .hasMessageContaining(
            "`retention.history` is `0 hours`, but must be a whole number of hours or days, 1 hour"
                + " or more");
    assertThatThrownBy(() -> read(SMALLEST + "retention: {sample: 9 days}\n"))
        .hasMessageContaining("`retention.sample` is of a sample, but there is no `sampling`");
    assertThat(read(SMALLEST + "retention: {labelled: 48 hours}\n").config().retention().labelled())
        .contains(Duration.ofDays(2));
    assertThatThrownBy(() -> read(SMALLEST + "retention: {results: 61 days}\n"))
        .hasMessageContaining("`retention.results` is `61 days`, but must be at least `62 days`");
    String waiting =
        SMALLEST
            + "feedback: [{kind: outcome, table: l, id: id, arrival-time: at, value: v, wait: 3"
            + " days}]\n";
    assertThatThrownBy(() -> read(waiting + "retention: {telemetry: 9 days}\n"))
        .hasMessageContaining("`retention.telemetry` is `9 days`, but must be at least `10 days`");
    assertThatThrownBy(() -> read(waiting + "retention: {labelled: 9 days}\n"))
        .hasMessageContaining("`retention.labelled` is `9 days`, but must be at least `10 days`");
    read(waiting + "retention: {telemetry: 10 days, labelled: 10 days}\n");
  }

  @Test
  void aSampleHasATableOfItsOwnAndAWeight() {
    ModelConfig model = read(SMALLEST + "sampling: {rate: 0.1}\n").config();
    assertThat(model.predictions().table()).isEqualTo("telemetry_sample_flights");
    assertThat(model.predictions().weight()).contains("telltale_weight");
    assertThat(model.telemetry().table()).isEqualTo("predictions");
  }

  @Test
  void whatNoExpectationCanMeanIsToldWithItsLine() {
    String checks =
        """
        checks:
          - expectations:
              - {expectation: expect_column_values_to_be_uniqe, column: a}
              - {expectation: expect_column_values_to_be_unique, column: a, min_value: 1}
              - {expectation: expect_column_values_to_be_between, column: a}
              - {expectation: expect_column_values_to_be_between, column: a, min_value: 3, max_value: 2}
              - {expectation: expect_column_values_to_match_regex, column: a, regex: "[A-Z"}
              - {expectation: expect_column_values_to_be_null}
              - {expectation: expect_column_values_to_be_null, column: a, row_condition: "b = = 1"}
              - {expectation: expect_column_values_to_be_null, column: b}
              - {expectation: expect_column_values_to_be_null, column: b}
        """;
    assertThatThrownBy(() -> read(SMALLEST + checks))
        .hasMessageContaining(
            ":6: `checks[0].expectations[0]`: there is no expectation"
                + " `expect_column_values_to_be_uniqe`; did you mean"
                + " `expect_column_values_to_be_unique`?")
        .hasMessageContaining(
            ":7: `checks[0].expectations[1]`: expect_column_values_to_be_unique has no"
                + " `min_value`. It has: `column`, `mostly`, `row_condition`, `severity`")
        .hasMessageContaining(
            ":8: `checks[0].expectations[2]`: expect_column_values_to_be_between has neither")
        .hasMessageContaining("`min_value` 3 and the `max_value` 2, between which nothing is")
        .hasMessageContaining(
            ":10: `checks[0].expectations[4]`: `regex` is `[A-Z`, which is no regular expression")
        .hasMessageContaining(
            ":11: `checks[0].expectations[5]`: expect_column_values_to_be_null needs `column`")
        .hasMessageContaining(
            ":12: `checks[0].expectations[6]`: `row_condition` is `b = = 1`, which is no SQL condition")
        .hasMessageContaining(":14: `checks[0].expectations[8]` is the same as one before it");
  }

  @Test
  void waysOfSamplingThatExcludeEachOtherAreToldApart() {
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {rate: 0.1, rows-per-day: 9}\n"))
        .hasMessageContaining(
            ":4: `sampling` has `rate` and `rows-per-day`, which contradict each other; keep one");
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {strata: [a]}\n"))
        .hasMessageContaining(":4: `sampling` says not how much");
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {cost-per-day: 3}\n"))
        .hasMessageContaining("nothing says what rows cost");
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {rate: 1.1}\n"))
        .hasMessageContaining("`sampling.rate` must be at most 1, but it is `1.1`");
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {rate: 0.1, allocation: neyman}\n"))
        .hasMessageContaining("there are no `strata` to allocate to")
        .hasMessageContaining("nothing says whose spread counts");
    assertThatThrownBy(() -> read(SMALLEST + "sampling: {rate: 0.1, unit: user, whole: [late]}\n"))
        .hasMessageContaining("`sampling.unit` keeps all rows of a unit or none");
  }

  @Test
  void whatPrivacyNeedsIsSaid() {
    String pseudonym =
        SMALLEST + "privacy: {pseudonym: [user], keys: [{from: %s, variable: %s}]}\n";
    assertThatThrownBy(() -> read(pseudonym.formatted("2026-01-01", "NO_KEY")))
        .hasMessageContaining(":4: environment variable `NO_KEY` is not set");
    assertThatThrownBy(() -> read(pseudonym.formatted("2026-01-01", "BUCKET")))
        .hasMessageContaining(
            "the key in environment variable `BUCKET` has 7 bytes, and at least 32")
        .message()
        .doesNotContain("s3a://b");
    assertThatThrownBy(() -> read(pseudonym.formatted("soon", "KEY")))
        .hasMessageContaining("`privacy.keys[0].from`");
    assertThatThrownBy(() -> read(SMALLEST + "privacy: {pseudonym: [user]}\n"))
        .hasMessageContaining("`privacy.pseudonym` needs `keys`");
    assertThatThrownBy(() -> read(SMALLEST + "privacy: {drop: [user], hash: [user]}\n"))
        .hasMessageContaining("`privacy` says two different things of column `user`");
    assertThatThrownBy(() -> read(SMALLEST + "privacy: {hash: [id]}\n"))
        .hasMessageContaining("changes column `id`, which is the id of a prediction");
    assertThatThrownBy(() -> read(SMALLEST + "slices: [[a]]\nprivacy: {drop: [a]}\n"))
        .hasMessageContaining("`privacy.drop` has column `a`, which `slices` asks for");
    assertThatThrownBy(() -> read(SMALLEST + "privacy: {generalise: {born: decade}}\n"))
        .hasMessageContaining("`privacy.generalise.born` is `decade`")
        .hasMessageContaining("`year`");
    assertThatThrownBy(() -> read(SMALLEST + "privacy: {minimum-units: 5}\n"))
        .hasMessageContaining("`privacy.minimum-units` is of no `unit`");
    assertThat(ModelFile.effective(read(EVERY_KEY).config())).doesNotContain(KEY);
  }

  @Test
  void theEffectiveConfigurationReadsBackAsTheSameModel() {
    for (String text : List.of(SMALLEST, EVERY_KEY)) {
      ModelConfig model = read(text).config();
      assertThat(read(ModelFile.effective(model)).config()).isEqualTo(model);
    }
  }

  @Test
  void whatFeedbackNeedsIsSaid() {
    String text =
        SMALLEST
            + """
            feedback:
              - {kind: outcome, table: labels, id: id, arrival-time: at}
              - {kind: outcome, table: labels, id: id, arrival-time: at, value: v, wait: 1 day}
            """;
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining(":5: a feedback source of this kind needs `value`")
        .hasMessageContaining(":5: an outcome needs `wait`")
        .hasMessageContaining(":6: two feedback sources are named `outcome`")
        .hasMessageContaining(":6: two feedback sources are of the kind `outcome`");
    assertThatThrownBy(() -> read(text.replace("1 day", "a day")))
        .hasMessageContaining(
            "`feedback[1].wait` is `a day`, which is no duration such as `3 days` or `12 hours`.");
  }

  @Test
  void whatKpisNeedIsSaid() {
    String text =
        SMALLEST
            + """
            kpis:
              - {name: clicks, table: clicks, event-time: at}
              - {name: clicks, table: buys, event-time: at, goal: increase}
            """;
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining(":4: `kpis` are held against the quality of the model")
        .hasMessageContaining(":6: two KPIs are named `clicks`");
    assertThatThrownBy(() -> read(text.replace("goal: increase", "goal: up")))
        .hasMessageContaining(":6: `kpis[1].goal` is `up`. Allowed: `increase`, `decrease`");
    assertThatThrownBy(() -> read(text.replace("table: buys, ", "")))
        .hasMessageContaining(":6: missing key `kpis[1].table`");
  }

  @Test
  void hashIsThatOfTheMeaning() {
    String hash = read(SMALLEST).hash();
    assertThat(hash).matches("[0-9a-f]{64}");
    String same =
        """
        # another order, a comment, a default spelled out
        baseline: {table: "baseline"}
        drift: {alpha: 0.050}
        predictions: {prediction: late, id: id, table: predictions, event-time: ts}
        model: flights
        """;
    assertThat(read(same).hash()).isEqualTo(hash);
    assertThat(read(SMALLEST + "drift: {alpha: 0.04}\n").hash()).isNotEqualTo(hash);
  }

  @Test
  void reportsEveryProblemOfAFileWithItsLine() {
    String text =
        """
        model: flights
        predictions:
          table: predictions
          id: id
          event_time: ts
          prediction: 5
        baseline: {table: baseline}
        slicez: [[carrier]]
        granularities: [1 dya]
        drift:
          alpha: 1.5
          correction: bonferroni
        alerts:
        model: other
        """;
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TelltaleException.class)
        .hasMessage(
            """
            F:2: missing key `predictions.event-time`: Timestamp column: when the prediction was made
            F:5: unknown key `predictions.event_time`; did you mean `event-time`? Allowed: `table`, `id`, `event-time`, `model-version`, `prediction`, `score`, `weight`, `group`, `quantiles`, `upload-time`, `clock-skew`, `allowed-lateness`
            F:6: `predictions.prediction` must be text, but it is `5`, a number; put it in quotes
            F:8: unknown key `slicez`; did you mean `slices`? Allowed: `model`, `predictions`, `baseline`, `columns`, `slices`, `max-slice-values`, `granularities`, `drift`, `alerts`, `feedback`, `quality`, `kpis`, `sampling`, `privacy`, `retention`, `checks`, `system`
            F:9: `granularities[0]` is `1 dya`; did you mean `1 day`? Allowed: `1 hour`, `1 day`, `1 week`, `1 month`
            F:11: `drift.alpha` must be less than 1, but it is `1.5`
            F:12: `drift.correction` is `bonferroni`. Allowed: `benjamini-hochberg`, `benjamini-yekutieli`, `holm`
            F:13: `alerts` is empty; give it a value or remove it
            F:14: key `model` again; it is already on line 1
              why: The published schema does not allow it.
              fix: Correct the lines named above; docs/configuration.md explains every key."""
                .replace("F:", file() + ":"))
        .extracting(e -> ((TelltaleException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-slice-values: 0 | 4: `max-slice-values` must be at least 1, but it is `0`",
        "max-slice-values: many | 4: `max-slice-values` must be a whole number, but it is `many`",
        "slices: [] # fine\\ngranularities: [] | 5: `granularities` must not be empty",
        "slices: [[a], [a]] | 4: `slices` names the same thing twice",
        "slices: [[a],\\n[]] | 5: `slices[1]` must not be empty",
        "slices: [a] | 4: `slices[0]` must be a list, but it is `a`",
        "drift: {alpha: 0} | 4: `drift.alpha` must be more than 0, but it is `0`",
        "drift: {missingness: 2} | 4: `drift.missingness` must be at most 1, but it is `2`",
        "alerts: {required: 4} | 4: `alerts.required` is 4 of only 3 `alerts.windows`",
        "granularities: [1 month, 1 week] | 4: `1 month` is not a whole number of weeks",
        "columns: {include: [a], exclude: [a]} | 4: column `a` is both included and excluded",
        "columns: {exclude: ['${USER}']} | 4: `columns.exclude[0]` takes no environment variable",
        "slices: [[on, no]]\\ncolumns: [a | 6: not YAML: ",
        "columns: &a {include: *a} | 4: an alias that contains itself",
      })
  void saysWhatIsWrong(String more, String message) {
    assertThatThrownBy(() -> read(SMALLEST + more.replace("\\n", "\n") + "\n"))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining(file() + ":" + message);
  }

  @Test
  void anEnvironmentVariableThatIsNotSetIsAProblem() {
    assertThatThrownBy(() -> read(SMALLEST.replace("table: baseline", "table: \"${NOWHERE}/b\"")))
        .hasMessageContaining(file() + ":3: environment variable `NOWHERE` is not set");
  }

  @Test
  void namesThatOlderYamlTakesForTruthValuesAreText() {
    assertThat(read(SMALLEST + "slices: [[on, no], [2001-01-01]]\n").config().slices())
        .containsExactly(List.of("on", "no"), List.of("2001-01-01"));
  }

  @Test
  void aDirectoryHasADeploymentAndModels() throws IOException {
    Files.createDirectory(directory.resolve("models"));
    Files.writeString(directory.resolve("telltale.yaml"), "lake: ${BUCKET}/lake\nverbosity: 2\n");
    Files.writeString(directory.resolve("models/a.yaml"), SMALLEST);
    Files.writeString(directory.resolve("models/b.yaml"), SMALLEST.replace("flights", "trains"));
    ConfigReader reader = reader(directory);
    assertThat(reader.deployment())
        .isEqualTo(
            new Deployment(Optional.of("s3a://b/lake"), Optional.empty(), OptionalInt.of(2)));
    assertThat(reader.models())
        .extracting(model -> model.config().model())
        .containsExactly("flights", "trains");
    assertThat(reader.model(Optional.of("trains")).file()).endsWith("models/b.yaml");
    assertThatThrownBy(() -> reader.model(Optional.empty()))
        .hasMessageContaining("Give one with --model: flights, trains.");
    assertThatThrownBy(() -> reader.model(Optional.of("train")))
        .hasMessageContaining("did you mean `trains`?");
    Files.writeString(directory.resolve("models/c.yaml"), SMALLEST);
    assertThatThrownBy(() -> reader(directory).models())
        .hasMessageContaining("The model flights is declared twice");
    assertThatThrownBy(() -> reader(directory).model(Optional.of("flights")))
        .hasMessageContaining("The model flights is declared twice");
  }

  @Test
  void theProblemsOfOneModelDoNotStopAnother() throws IOException {
    Files.createDirectory(directory.resolve("models"));
    Files.writeString(directory.resolve("models/a.yaml"), SMALLEST);
    Files.writeString(directory.resolve("models/b.yaml"), "model: trains\n");
    assertThat(reader(directory).model(Optional.of("flights")).config().model())
        .isEqualTo("flights");
    Files.writeString(directory.resolve("models/c.yaml"), "model: planes\nx: 1\n");
    Files.writeString(directory.resolve("telltale.yaml"), "lak: x\n");
    assertThatThrownBy(() -> reader(directory).check())
        .hasMessageContaining("b.yaml:1: missing key `predictions`")
        .hasMessageContaining("c.yaml:2: unknown key `x`")
        .hasMessageContaining("telltale.yaml:1: unknown key `lak`; did you mean `lake`?");
  }

  @Test
  void readsThroughHadoop() throws IOException {
    Files.createDirectory(directory.resolve("models"));
    Files.writeString(directory.resolve("models/a.yaml"), SMALLEST);
    ConfigReader reader = ConfigReader.of(directory.toUri().toString(), Map.of());
    assertThat(reader.deployment()).isEqualTo(Deployment.NONE);
    assertThat(reader.models()).hasSize(1);
  }

  @Test
  void nothingThereIsOneMessage() throws IOException {
    assertThatThrownBy(() -> reader(directory.resolve("none")).model(Optional.empty()))
        .hasMessageStartingWith("There is no configuration at ");
    assertThatThrownBy(() -> reader(directory).model(Optional.empty()))
        .hasMessageStartingWith("There is no model in ");
    Files.write(directory.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
    assertThatThrownBy(() -> reader(directory.resolve("latin1.yaml")).model(Optional.empty()))
        .hasMessageStartingWith("Cannot read the configuration ");
  }

  @Test
  void theExamplesOfTheRepositoryAreValid() {
    ConfigReader reader = ConfigReader.of("../conf", Map.of());
    assertThat(reader.deployment()).isEqualTo(Deployment.NONE);
    assertThat(reader.models()).isNotEmpty();
  }

  private ModelFile read(String text) {
    try {
      Files.writeString(Path.of(file()), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    return reader(Path.of(file())).model(Optional.empty());
  }

  private String file() {
    return directory.resolve("model.yaml").toString();
  }

  private static ConfigReader reader(Path location) {
    return ConfigReader.of(
        location.toString(), Map.of("BUCKET", "s3a://b", "USER", "me", "KEY", KEY));
  }
}
