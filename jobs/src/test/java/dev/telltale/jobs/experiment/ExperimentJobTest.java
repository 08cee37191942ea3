package dev.telltale.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.experiment.TrialLake.Booking;
import dev.telltale.jobs.experiment.TrialLake.Exposure;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.night.NightRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks night after night: what is decided, what is kept, what people are told. */
class ExperimentJobTest extends SparkTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  private static final String HEAD =
      """
      experiment: %s
      model: shop
      from: 2026-01-05
      to: %s
      variants: {a: 0.5, b: 0.5}
      pre-days: 0
      alpha: %s
      exposures: {table: exposures, unit: user_id, variant: variant, event-time: ts, where: experiment = '%s'}
      metrics:
      """;

  private static final String REVENUE =
      "  - {name: revenue, table: bookings, kind: sum, value: price, role: primary}\n";

  @TempDir Path directory;

  private static String declared(String id, String to, String... metrics) {
    return HEAD.formatted(id, to, "0.05", id) + String.join("", metrics);
  }

  /**
   * Units of one experiment on its first days, and a booking of each right after its exposure.
   *
   * @param lift what b books more
   * @param share of the units that b has
   */
  private static void day(
      TrialLake trial, String id, int day, int units, double lift, double share, Random random) {
    List<Exposure> exposures = new ArrayList<>();
    List<Booking> bookings = new ArrayList<>();
    for (int i = 0; i < units; i++) {
      String unit = id + "-" + day + "-" + i;
      String variant = i < units * share ? "b" : "a";
      Instant time =
          START.plus(Duration.ofDays(day)).plusSeconds(1 + (long) (random.nextDouble() * 80_000));
      exposures.add(new Exposure(unit, variant, time, "web", false, id));
      double price = 10 + 3 * random.nextGaussian() + (variant.equals("b") ? lift : 0);
      bookings.add(new Booking(unit, time.plusSeconds(60), price, 1, "paid"));
    }
    trial.expose(exposures);
    trial.book(bookings);
  }

  private static NightRunner.Outcome night(TrialLake trial, int from, int to, String run) {
    return trial.night(START.plus(Duration.ofDays(from)), START.plus(Duration.ofDays(to)), run);
  }

  private static List<Row> rows(TrialLake trial, Tables table, String id) {
    return trial.now().rows(table, partition -> true).stream()
        .filter(row -> id == null || id.equals(row.getAs("experiment_id")))
        .toList();
  }

  private static Map<String, String> byDay(List<Row> rows, String column) {
    Map<String, String> values = new TreeMap<>();
    rows.forEach(
        row ->
            values.put(
                row.getAs("window_date").toString().substring(8),
                String.valueOf(row.<Object>getAs(column))));
    return values;
  }

  @Test
  void aDecisionIsFixedByTheLookThatMakesIt() {
    TrialLake trial =
        new TrialLake(
            spark,
            directory,
            declared("better", "2026-01-09", REVENUE),
            declared(
                "worse",
                "2026-01-09",
                "  - {name: margin, table: bookings, kind: mean, value: price, role: primary}\n",
                "  - {name: price, table: bookings, kind: sum, value: price, role: guardrail,"
                    + " margin: 1%}\n"),
            declared("equal", "2026-01-09", REVENUE));
    Random random = new Random(5);
    for (int day = 0; day < 3; day++) {
      day(trial, "better", day, 300, day < 2 ? 0.2 : 1.3, 0.5, random);
      day(trial, "worse", day, 300, -1.5, 0.5, random);
      day(trial, "equal", day, 300, 0, 0.5, random);
    }
    night(trial, 0, 2, "r1");
    night(trial, 2, 3, "r2");
    Map<String, Object> summary = night(trial, 3, 4, "r3").result().summary();

    List<Row> better = rows(trial, Tables.EXPERIMENT_LOOKS, "better");
    assertThat(byDay(better, "decision"))
        .isEqualTo(Map.of("05", "KEEP_RUNNING", "06", "KEEP_RUNNING", "07", "SHIP", "08", "SHIP"));
    assertThat(byDay(better, "decided_by"))
        .isEqualTo(Map.of("05", "null", "06", "null", "07", "r2", "08", "r2"));
    assertThat(byDay(better, "decided_on"))
        .containsEntry("07", "2026-01-07")
        .containsEntry("08", "2026-01-07");
    assertThat(byDay(better, "because").get("08"))
        .contains("decided by the look with data up to 2026-01-08")
        .contains("revenue is shown better in b");
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "worse"), "decision"))
        .containsEntry("08", "STOP_FOR_HARM");
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "equal"), "decision"))
        .containsEntry("08", "STOP_FOR_FUTILITY");
    assertThat(summary)
        .containsEntry("running", 3)
        .containsEntry("ship", 1)
        .containsEntry("stop_for_harm", 1);

    List<Row> results = rows(trial, Tables.EXPERIMENT_RESULTS, "better");
    assertThat(byDay(results, "look"))
        .isEqualTo(Map.of("05", "1", "06", "2", "07", "3", "08", "4"));
    for (Row row : results) {
      boolean isCrossed = row.<Double>getAs("z") >= row.<Double>getAs("bound");
      assertThat(row.<Double>getAs("ci_low") > 0).isEqualTo(isCrossed);
    }
    List<Row> findings = rows(trial, Tables.FINDINGS, null);
    assertThat(findings)
        .anySatisfy(
            row -> {
              assertThat(row.<String>getAs("column_name")).isEqualTo("worse");
              assertThat(row.<String>getAs("metric")).isEqualTo("harm b");
              assertThat(row.<String>getAs("severity")).isEqualTo("CRITICAL");
            });
    assertThat(findings).noneMatch(row -> row.getAs("column_name").equals("equal"));

    // The same night again writes the same rows, and so does one that reads the same versions.
    List<String> before = texts(trial);
    night(trial, 3, 4, "r3");
    assertThat(texts(trial)).isEqualTo(before);
    day(trial, "better", 3, 50, -20, 0.5, random);
    NightRunner.run(
        spark,
        trial.spec(
            START.plus(Duration.ofDays(3)),
            START.plus(Duration.ofDays(4)),
            "r3",
            Optional.of("r3")),
        List.of(new ExperimentJob()),
        Progress.SILENT);
    assertThat(texts(trial)).isEqualTo(before);
    night(trial, 3, 4, "r3");
    assertThat(texts(trial)).isNotEqualTo(before);
  }

  private static List<String> texts(TrialLake trial) {
    List<String> texts = new ArrayList<>();
    for (Tables table : List.of(Tables.EXPERIMENT_RESULTS, Tables.EXPERIMENT_LOOKS)) {
      for (Row row : rows(trial, table, null)) {
        Map<String, Object> values = new TreeMap<>();
        for (String column : row.schema().fieldNames()) {
          if (!column.equals("computed_at")) {
            values.put(column, row.getAs(column));
          }
        }
        texts.add(values.toString());
      }
    }
    texts.sort(null);
    return texts;
  }

  @Test
  void aMismatchOfTheSampleRatioAndAChangedDeclarationAreSaid() {
    TrialLake trial =
        new TrialLake(
            spark,
            directory,
            declared("lost", "2026-01-15", REVENUE),
            declared("changed", "2026-01-15", REVENUE));
    Random random = new Random(6);
    day(trial, "lost", 0, 2000, 1, 0.42, random);
    day(trial, "changed", 0, 200, 0, 0.5, random);
    night(trial, 0, 1, "r1");
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "lost"), "decision"))
        .isEqualTo(Map.of("05", "INVALID"));
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_RESULTS, "lost"), "outcome"))
        .isEqualTo(Map.of("05", "INVALID"));
    assertThat(rows(trial, Tables.FINDINGS, null))
        .anySatisfy(
            row -> {
              assertThat(row.<String>getAs("column_name")).isEqualTo("lost");
              assertThat(row.<String>getAs("metric")).contains("sample_ratio");
              assertThat(row.<String>getAs("severity")).isEqualTo("CRITICAL");
            });

    trial.declare(
        declared("lost", "2026-01-15", REVENUE),
        declared("changed", "2026-01-15", REVENUE).replace("alpha: 0.05", "alpha: 0.1"));
    night(trial, 1, 2, "r2");
    assertThat(rows(trial, Tables.FINDINGS, null))
        .anySatisfy(
            row -> {
              assertThat(row.<String>getAs("column_name")).isEqualTo("changed");
              assertThat(row.<String>getAs("metric")).isEqualTo("declaration");
              assertThat(row.<String>getAs("because")).contains("2026-01-05");
            });
    Map<String, String> hashes =
        byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "changed"), "declaration");
    assertThat(hashes.get("05")).isNotEqualTo(hashes.get("06"));
    assertThat(rows(trial, Tables.FINDINGS, null).stream())
        .filteredOn(row -> row.getAs("metric").toString().contains("sample_ratio_sequential"))
        .extracting(row -> row.getAs("first_seen").toString().substring(0, 10))
        .containsOnly("2026-01-05");
  }

  @Test
  void badInputIsSaid() {
    TrialLake trial =
        new TrialLake(
            spark,
            directory,
            declared(
                "odd",
                "2026-01-06",
                REVENUE,
                "  - {name: zero, table: bookings, kind: count, where: status = 'lost'}\n",
                "  - {name: below, table: bookings, kind: ratio, value: price, denominator:"
                    + " -seats}\n",
                "  - {name: missing, table: bookings, kind: sum, value: \"double('NaN')\"}\n"),
            declared("nobody", "2026-01-20", REVENUE));
    day(trial, "odd", 0, 100, 0, 0.5, new Random(7));
    day(trial, "odd", 1, 20, 0, 0.5, new Random(8));
    // 2026-01-06 is the day after the last; units of that day come after the end.
    trial.declare(
        declared(
            "odd",
            "2026-01-06",
            REVENUE,
            "  - {name: zero, table: bookings, kind: count, where: status = 'lost'}\n",
            "  - {name: below, table: bookings, kind: ratio, value: price, denominator: -seats,"
                + " days: 3}\n",
            "  - {name: missing, table: bookings, kind: sum, value: \"double('NaN')\"}\n"),
        declared("nobody", "2026-01-20", REVENUE));
    night(trial, 0, 3, "r1");
    List<Row> last =
        rows(trial, Tables.EXPERIMENT_RESULTS, "odd").stream()
            .filter(row -> row.getAs("window_date").toString().equals("2026-01-07"))
            .toList();
    Map<String, String> outcomes = new TreeMap<>();
    last.forEach(row -> outcomes.put(row.getAs("metric"), row.getAs("outcome")));
    assertThat(outcomes)
        .containsEntry("zero", "INSUFFICIENT_DATA")
        .containsEntry("below", "INVALID")
        .containsEntry("missing", "INSUFFICIENT_DATA");
    assertThat(last)
        .anySatisfy(
            row -> {
              assertThat(row.<String>getAs("metric")).isEqualTo("missing");
              assertThat(row.<Long>getAs("num_missing")).isEqualTo(100);
            });
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "odd"), "num_late"))
        .isEqualTo(Map.of("05", "0", "06", "20", "07", "20"));
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_LOOKS, "nobody"), "decision"))
        .containsEntry("07", "KEEP_RUNNING");
    assertThat(byDay(rows(trial, Tables.EXPERIMENT_RESULTS, "nobody"), "outcome"))
        .containsEntry("07", "INSUFFICIENT_DATA");

    trial.declare(declared("odd", "2026-01-16", REVENUE.replace("value: price", "value: cost")));
    assertThatThrownBy(() -> night(trial, 3, 4, "r2"))
        .isInstanceOfSatisfying(
            TelltaleException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.getMessage()).contains("metrics.value").contains("cost");
            });
    trial.declare(declared("odd", "2026-01-16", REVENUE).replace("unit: user_id", "unit: user"));
    assertThatThrownBy(() -> night(trial, 3, 4, "r2"))
        .isInstanceOfSatisfying(
            TelltaleException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT);
              assertThat(e.getMessage()).contains("user").contains("bookings");
            });
    trial.declare(declared("odd", "2026-01-16", REVENUE.replace("table: bookings", "table: none")));
    assertThatThrownBy(() -> night(trial, 3, 4, "r2"))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT));
  }
}
