package dev.telltale.jobs.system;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.SystemQuality;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.LakeContents;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.stats.QuantileRanks;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemJobTest extends SparkTest {
  private static final long DAY_SECONDS = 86_400;
  private static final List<Tables> WRITTEN =
      List.of(
          Tables.SYSTEM_STATES,
          Tables.SYSTEM_METRICS,
          Tables.SYSTEM_COMPARISONS,
          Tables.CRASH_GROUPS,
          Tables.FINDINGS);

  @TempDir Path directory;

  private TestNight night(String lake) {
    return new TestNight(spark, directory.resolve(lake).toString());
  }

  private static SystemQuality.Crashes crashes() {
    return new SystemQuality.Crashes(
        "crash_reports",
        "ts",
        Optional.of("version"),
        Optional.of("message"),
        Optional.of("stack"));
  }

  private static SystemQuality declared(
      boolean trained, boolean crashes, Map<String, Double> objectives) {
    return new SystemQuality(
        Optional.of("1000 * latency_seconds"),
        Optional.of("status >= 500"),
        Optional.of("dollars"),
        trained ? Optional.of("trained_at") : Optional.empty(),
        crashes ? Optional.of(crashes()) : Optional.empty(),
        objectives,
        SystemQuality.Changes.defaults());
  }

  private static ModelConfig with(ModelConfig model, Optional<SystemQuality> system) {
    return new ModelConfig(
        model.model(),
        model.predictions(),
        model.baseline(),
        model.columns(),
        model.slices(),
        model.maxSliceValues(),
        model.granularities(),
        model.drift(),
        model.alerts(),
        model.feedback(),
        model.quality(),
        model.kpis(),
        model.sampling(),
        model.privacy(),
        model.retention(),
        model.checks(),
        system);
  }

  private static ModelConfig model(SystemQuality system, Granularity... granularities) {
    return with(TestNight.model(granularities), Optional.of(system));
  }

  /** Rows of a day, evenly over it, of latencies around 100 ms. */
  private static Dataset<Row> rows(TestNight night, int day, long count, int seed) {
    return night
        .rows(day, count, seed)
        .withColumn(
            "event_ts",
            expr(
                "timestamp_micros(CAST(%d + prediction_id * %d AS BIGINT))"
                    .formatted(
                        TestNight.day(day).getEpochSecond() * 1_000_000,
                        DAY_SECONDS * 1_000_000 / count)))
        .withColumn("latency_seconds", expr("0.1D * exp(0.5D * randn(%d))".formatted(seed + 100)))
        .withColumn("status", expr("IF(prediction_id % 40 = 7, 500, 200)"))
        .withColumn("dollars", expr("0.01D + rand(%d) / 100".formatted(seed + 200)))
        .withColumn("trained_at", expr("CAST(NULL AS TIMESTAMP)"))
        .withColumn("weight", lit(1.0));
  }

  /** Reports of crashes of one kind, a second apart. */
  private static Dataset<Row> reports(
      int day, int hour, String version, String message, String stack, long count) {
    return spark
        .range(count)
        .selectExpr(
            "timestamp_seconds(%d + id) AS ts"
                .formatted(TestNight.day(day).getEpochSecond() + 3600L * hour),
            version == null ? "CAST(NULL AS STRING) AS version" : "'" + version + "' AS version",
            "concat('%s', id) AS message".formatted(message),
            stack == null ? "CAST(NULL AS STRING) AS stack" : "'" + stack + "' AS stack");
  }

  private static void crashed(TestNight night, Dataset<Row> reports) {
    reports
        .write()
        .format("delta")
        .mode(SaveMode.Append)
        .save(night.lake().location() + "/crash_reports");
  }

  private static List<Row> read(TestNight night, Tables table, String condition) {
    return night
        .now()
        .read(table)
        .where(condition)
        .orderBy("window_start", "granularity", "model_version")
        .collectAsList();
  }

  private static Map<Tables, List<String>> contents(TestNight night) {
    Map<Tables, List<String>> contents = LakeContents.of(spark, night.lake().location());
    contents.keySet().retainAll(WRITTEN);
    return contents;
  }

  private static Map<String, Double> values(
      TestNight night, Granularity granularity, Instant window, String version) {
    Map<String, Double> values = new TreeMap<>();
    for (Row row :
        read(
            night,
            Tables.SYSTEM_METRICS,
            "granularity = '%s' AND window_start = timestamp '%s' AND model_version %s"
                .formatted(
                    granularity.label(),
                    Timestamp.from(window),
                    version == null ? "IS NULL" : "= '" + version + "'"))) {
      values.put(row.getAs("metric"), row.getAs("value"));
    }
    return values;
  }

  /** What the rows of a window say, without any of the job's code. */
  private static final class Oracle {
    private static final Map<String, Double> QUANTILES =
        Map.of("latency_p50_ms", 0.5, "latency_p95_ms", 0.95, "latency_p99_ms", 0.99);

    private final List<Row> telemetry;
    private final List<Row> reports;
    private final Map<String, Instant> firstSeen = new HashMap<>();

    Oracle(List<Row> telemetry, List<Row> reports, Granularity finest) {
      this.telemetry = telemetry;
      this.reports = reports;
      for (Row row : telemetry) {
        if (version(row) != null) {
          firstSeen.merge(
              version(row),
              finest.floor(time(row, "event_ts")),
              (one, other) -> one.isBefore(other) ? one : other);
        }
      }
    }

    private static String version(Row row) {
      return row.getAs("model_version");
    }

    private static Instant time(Row row, String column) {
      return row.<Timestamp>getAs(column).toInstant();
    }

    private static Predicate<Row> in(Instant start, Instant end, String column) {
      return row -> !time(row, column).isBefore(start) && time(row, column).isBefore(end);
    }

    /** Exact values; of a quantile that cannot be told null. */
    Map<String, Double> values(Instant start, Instant end, String version) {
      List<Row> all = telemetry.stream().filter(in(start, end, "event_ts")).toList();
      List<Row> rows =
          all.stream().filter(row -> version == null || version.equals(version(row))).toList();
      double minutes = Duration.between(start, end).toMinutes();
      Map<Long, Long> asked =
          rows.stream()
              .collect(Collectors.groupingBy(row -> minute(start, row), Collectors.counting()));
      long answered =
          rows.stream()
              .filter(row -> row.<Integer>getAs("status") < 500)
              .map(row -> minute(start, row))
              .distinct()
              .count();
      double cost = rows.stream().mapToDouble(row -> row.<Double>getAs("dollars")).sum();
      long errors = rows.stream().filter(row -> row.<Integer>getAs("status") >= 500).count();
      long crashes =
          reports.stream()
              .filter(in(start, end, "ts"))
              .filter(row -> version == null || version.equals(row.getAs("version")))
              .count();
      boolean none = rows.isEmpty();
      Map<String, Double> values = new TreeMap<>();
      values.put("requests", (double) rows.size());
      values.put("requests_per_second", rows.size() / (60 * minutes));
      values.put(
          "requests_per_second_peak",
          asked.values().stream().mapToLong(Long::longValue).max().orElse(0) / 60.0);
      values.put("error_rate", none ? null : (double) errors / rows.size());
      values.put("availability", none ? null : (double) answered / asked.size());
      values.put("cost_total", cost);
      values.put("cost_per_thousand", rows.size() < 2 ? null : 1000 * cost / rows.size());
      values.put("crashes_per_thousand", none ? null : 1000.0 * crashes / rows.size());
      if (version == null) {
        values.put("silence_minutes", silence(asked, (long) minutes));
      }
      Optional<Instant> born = born(all, version);
      born.ifPresent(
          at -> values.put("staleness_days", Duration.between(at, end).toMinutes() / 1440.0));
      QUANTILES.forEach((name, level) -> values.put(name, quantile(rows, level)));
      return values;
    }

    private static long minute(Instant start, Row row) {
      return Duration.between(start, time(row, "event_ts")).toMinutes();
    }

    private static double silence(Map<Long, Long> asked, long minutes) {
      long longest = 0;
      long silent = 0;
      for (long minute = 0; minute < minutes; minute++) {
        silent = asked.containsKey(minute) ? 0 : silent + 1;
        longest = Math.max(longest, silent);
      }
      return longest;
    }

    private static Double quantile(List<Row> rows, double level) {
      List<Double> sorted =
          rows.stream().map(row -> 1000 * row.<Double>getAs("latency_seconds")).sorted().toList();
      return sorted.size() < QuantileRanks.needed(level)
          ? null
          : sorted.get((int) Math.ceil(level * sorted.size()) - 1);
    }

    private Optional<Instant> born(List<Row> all, String version) {
      Optional<String> of =
          version == null
              ? all.stream()
                  .map(Oracle::version)
                  .filter(Objects::nonNull)
                  .collect(Collectors.groupingBy(name -> name, Collectors.counting()))
                  .entrySet()
                  .stream()
                  .max(Map.Entry.comparingByValue())
                  .map(Map.Entry::getKey)
              : Optional.of(version);
      return of.map(
          name ->
              all.stream()
                  .filter(row -> name.equals(version(row)) && row.getAs("trained_at") != null)
                  .map(row -> time(row, "trained_at"))
                  .max(Comparator.naturalOrder())
                  .orElse(firstSeen.get(name)));
    }
  }

  private static void assertValues(Map<String, Double> actual, Map<String, Double> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (metric, value) -> {
          if (value == null) {
            assertThat(actual.get(metric)).as(metric).isNull();
          } else if (metric.startsWith("latency")) {
            assertThat(actual.get(metric)).as(metric).isCloseTo(value, within(0.0100001 * value));
          } else if (metric.contains("cost") || metric.startsWith("crashes")) {
            assertThat(actual.get(metric)).as(metric).isCloseTo(value, within(1e-12 * value));
          } else {
            assertThat(actual.get(metric)).as(metric).isEqualTo(value);
          }
        });
  }

  /** Two versions, rows of neither, minutes and an hour without any, and crashes. */
  @Test
  void everyMetricIsThatOfTheRows() {
    TestNight night = night("lake");
    for (int day = 0; day < 2; day++) {
      night.append(
          rows(night, day, 4000, day)
              .withColumn(
                  "model_version",
                  expr("CASE prediction_id % 8 WHEN 0 THEN NULL WHEN 1 THEN 'v2' ELSE 'v1' END"))
              .withColumn(
                  "model_version",
                  expr(
                      "IF(%d = 0 AND hour(event_ts) < 6 AND model_version = 'v2', 'v1', model_version)"
                          .formatted(day)))
              .withColumn(
                  "latency_seconds", expr("latency_seconds * IF(model_version = 'v2', 1.6D, 1)"))
              .withColumn(
                  "status",
                  expr("IF(model_version = 'v2' AND prediction_id % 24 = 1, 503, status)"))
              .withColumn(
                  "trained_at",
                  expr("IF(model_version = 'v2', timestamp '2001-02-10 12:30:00', NULL)"))
              .where("NOT (minute(event_ts) BETWEEN 20 AND 33)")
              .where("NOT (hour(event_ts) = 5 AND day(event_ts) = 2)")
              .repartition(3));
    }
    crashed(
        night,
        reports(0, 3, "v1", "no row ", null, 3)
            .union(reports(0, 9, "v2", "no key ", null, 5))
            .union(reports(1, 5, null, "no row ", null, 2)));
    SystemQuality declared = declared(true, true, Map.of());
    ModelConfig model = model(declared, Granularity.HOUR, Granularity.DAY);
    NightlyJob.Result result = night.run(model, 0, 2, "run", new SystemJob()).get(0).result();

    List<Row> telemetry =
        spark.read().format("delta").load(night.lake().location() + "/predictions").collectAsList();
    List<Row> reports =
        spark
            .read()
            .format("delta")
            .load(night.lake().location() + "/crash_reports")
            .collectAsList();
    Oracle oracle = new Oracle(telemetry, reports, Granularity.HOUR);
    assertThat(result.rowsRead()).isEqualTo(telemetry.size());
    assertThat(result.summary())
        .containsEntry("windows", 48)
        .containsEntry("versions", 2)
        .containsEntry("requests", (long) telemetry.size());
    Map<String, Map<String, Double>> byWindow = new HashMap<>();
    for (Row row : read(night, Tables.SYSTEM_METRICS, "true")) {
      byWindow
          .computeIfAbsent(
              row.getAs("granularity")
                  + "|"
                  + row.<Timestamp>getAs("window_start").toInstant()
                  + "|"
                  + row.getAs("model_version"),
              absent -> new TreeMap<>())
          .put(row.getAs("metric"), row.getAs("value"));
    }
    int compared = 0;
    for (Granularity granularity : model.granularities()) {
      for (Instant start = TestNight.day(0);
          start.isBefore(TestNight.day(2));
          start = granularity.next(start)) {
        for (String version : new String[] {null, "v1", "v2"}) {
          Map<String, Double> expected = oracle.values(start, granularity.next(start), version);
          Map<String, Double> actual =
              byWindow.get(granularity.label() + "|" + start + "|" + version);
          if (version != null && expected.get("requests") == 0) {
            assertThat(actual).isNull();
          } else {
            assertValues(actual, expected);
            compared++;
          }
        }
      }
    }
    // Hours of all; of v1 all but the outage, of v2 all but that and the first six; days.
    assertThat(compared).isEqualTo(48 + 47 + 41 + 6);

    // The intervals are those of the order statistics, of Wilson and of the mean.
    for (Row row :
        read(night, Tables.SYSTEM_METRICS, "granularity = '1 day' AND ci_low IS NOT NULL")) {
      assertThat(row.<Double>getAs("value"))
          .isBetween(row.<Double>getAs("ci_low"), row.<Double>getAs("ci_high"));
      assertThat(row.<String>getAs("metric")).matches("latency.*|error_rate|crashes.*|cost_per.*");
    }
    Row p95 =
        read(night, Tables.SYSTEM_METRICS, "metric = 'latency_p95_ms' AND granularity = '1 day'")
            .get(0);
    List<Double> sorted =
        telemetry.stream()
            .filter(row -> Oracle.time(row, "event_ts").isBefore(TestNight.day(1)))
            .map(row -> 1000 * row.<Double>getAs("latency_seconds"))
            .sorted()
            .toList();
    QuantileRanks ranks = QuantileRanks.of(0.95, sorted.size());
    double low = sorted.get((int) ranks.low() - 1);
    double high = sorted.get((int) ranks.high() - 1);
    assertThat(p95.<Double>getAs("ci_low")).isCloseTo(low, within(0.0100001 * low));
    assertThat(p95.<Double>getAs("ci_high")).isCloseTo(high, within(0.0100001 * high));
    assertThat(p95.<Double>getAs("error_bound")).isEqualTo(0.01 * p95.<Double>getAs("value"));

    // The version that came later is slower and fails more, and that is found beside the other.
    assertThat(read(night, Tables.FINDINGS, "granularity = '1 day' AND model_version = 'v2'"))
        .allSatisfy(
            row -> {
              assertThat(row.<String>getAs("kind")).isEqualTo("SYSTEM");
              assertThat(row.<String>getAs("job")).isEqualTo("system");
              assertThat(row.<String>getAs("severity")).isEqualTo("WARNING");
              assertThat(row.<String>getAs("drift_type")).isEqualTo("PREVIOUS_VERSION");
            })
        .extracting(
            row -> row.<Timestamp>getAs("window_start").toInstant() + " " + row.getAs("metric"))
        .contains(
            TestNight.day(0) + " latency_p50_ms",
            TestNight.day(1) + " latency_p50_ms",
            TestNight.day(0) + " error_rate",
            TestNight.day(1) + " error_rate");
    assertThat(read(night, Tables.SYSTEM_COMPARISONS, "compared_with = 'PREVIOUS_VERSION'"))
        .extracting(row -> row.<String>getAs("model_version"))
        .containsOnly("v2");

    // The day of the hours' states is that of its rows.
    List<String> fromHours = states(night);
    night.run(model(declared, Granularity.DAY), 0, 2, "days", new SystemJob());
    assertThat(states(night)).isEqualTo(fromHours).hasSize(6);
  }

  private static List<String> states(TestNight night) {
    return night
        .now()
        .read(Tables.SYSTEM_STATES)
        .where("granularity = '1 day'")
        .selectExpr("window_start", "model_version", "rows", "hex(state)")
        .orderBy("window_start", "model_version")
        .toJSON()
        .collectAsList();
  }

  @Test
  void aRowCountsAsWhatItStandsFor() {
    TestNight night = night("lake");
    // 3 for even ids; of an odd one the weight is none, so that it stands for itself.
    night.append(
        rows(night, 0, 1000, 1)
            .withColumn(
                "weight", expr("CASE prediction_id % 4 WHEN 1 THEN NULL WHEN 3 THEN -7 ELSE 3 END"))
            .withColumn("status", expr("IF(prediction_id % 10 = 0, 500, 200)"))
            .withColumn("dollars", lit(0.5)));
    ModelConfig model =
        with(TestNight.weighted("weight"), Optional.of(declared(false, false, Map.of())));
    NightlyJob.Result result = night.run(model, 0, 1, "run", new SystemJob()).get(0).result();
    assertThat(result.rowsRead()).isEqualTo(1000);
    assertThat(values(night, Granularity.DAY, TestNight.day(0), null))
        .containsEntry("requests", 2000.0)
        .containsEntry("error_rate", 300.0 / 2000)
        .containsEntry("cost_total", 1000.0)
        .containsEntry("cost_per_thousand", 500.0);
    // Kish: 2000² / (500 * 9 + 500) independent rows.
    assertThat(
            read(night, Tables.SYSTEM_METRICS, "metric = 'error_rate' AND model_version IS NULL")
                .get(0)
                .<Long>getAs("n"))
        .isEqualTo(800);
  }

  @Test
  void whatIsUploadedAgainCountsOnceWithAndWithoutAProfile() {
    TestNight night = night("lake");
    ModelConfig model = model(declared(false, false, Map.of()), Granularity.DAY);
    night.append(rows(night, 0, 600, 1).union(rows(night, 1, 600, 2)).repartition(2));
    night.run(model, 0, 2, "once", new SystemJob());
    Map<Tables, List<String>> once = contents(night);
    night.run(model, 0, 2, "profiled", new ProfileJob(), new SystemJob());
    assertThat(contents(night)).isEqualTo(once);

    // The profile of before says that no id is repeated, which is no longer so.
    night.append(rows(night, 0, 600, 1).where("prediction_id >= 100").repartition(3));
    night.append(rows(night, 2, 10, 3));
    NightlyJob.Result again = night.run(model, 2, 3, "again", new SystemJob()).get(0).result();
    assertThat(again.restated()).containsExactly(TestNight.day(0));
    assertThat(again.rowsRead()).isEqualTo(610);
    assertThat(ofDays(night, 2)).isEqualTo(before(once));
    night.run(model, 0, 3, "both", new ProfileJob(), new SystemJob());
    assertThat(ofDays(night, 2)).isEqualTo(before(once));
  }

  private static final List<Tables> OF_ROWS =
      List.of(Tables.SYSTEM_STATES, Tables.SYSTEM_METRICS, Tables.SYSTEM_COMPARISONS);

  private static Map<Tables, List<String>> before(Map<Tables, List<String>> contents) {
    Map<Tables, List<String>> of = new TreeMap<>(contents);
    of.keySet().retainAll(OF_ROWS);
    return of;
  }

  /** Rows of the first days. */
  private static Map<Tables, List<String>> ofDays(TestNight night, int days) {
    Map<Tables, List<String>> of = before(contents(night));
    of.replaceAll(
        (table, rows) ->
            rows.stream()
                .filter(
                    row ->
                        java.util.stream.IntStream.range(0, days)
                            .anyMatch(
                                day ->
                                    row.contains(
                                        "\"window_date\":\""
                                            + TestNight.day(day).toString().substring(0, 10))))
                .toList());
    return of;
  }

  /** The second version answers from the third day on; its crash does not come on every day. */
  private static void appendDays(TestNight night, int from, int to) {
    Dataset<Row> telemetry = null;
    Dataset<Row> reports = null;
    for (int day = from; day < to; day++) {
      Dataset<Row> rows =
          rows(night, day, 300, day)
              .withColumn(
                  "model_version", expr(day < 2 ? "'v1'" : "IF(prediction_id % 3 = 0, 'v2', 'v1')"))
              .withColumn("latency_seconds", expr("latency_seconds * " + (day == 3 ? 2 : 1)));
      Dataset<Row> crashes = reports(day, 7, "v1", "no row ", null, 2 + day);
      if (day == 2 || day == 4) {
        crashes = crashes.union(reports(day, 8, "v2", "no key ", null, 4));
      }
      telemetry = telemetry == null ? rows : telemetry.union(rows);
      reports = reports == null ? crashes : reports.union(crashes);
    }
    night.append(telemetry.repartition(2));
    crashed(night, reports.coalesce(1));
  }

  @Test
  void lateRowsAndReportsAreTakenInAndTheLakeIsThatOfOneRun() {
    TestNight night = night("nights");
    ModelConfig model =
        model(declared(false, true, Map.of("latency_p50_ms", 90.0)), Granularity.DAY);
    appendDays(night, 0, 3);
    night.run(model, 0, 3, "first", new SystemJob());
    appendDays(night, 3, 4);
    night.run(model, 3, 4, "second", new SystemJob());
    // A version and a kind of crash are older than anybody knew.
    Dataset<Row> late =
        rows(night, 1, 90, 17)
            .withColumn("prediction_id", expr("prediction_id + 10000"))
            .withColumn("model_version", lit("v2"));
    night.append(late);
    Dataset<Row> lateReports = reports(1, 2, "v1", "no key ", null, 1);
    crashed(night, lateReports);
    appendDays(night, 4, 5);
    NightlyJob.Result result = night.run(model, 4, 5, "late", new SystemJob()).get(0).result();
    assertThat(result.restated()).containsExactly(TestNight.day(1));
    assertThat(result.rowsRead()).isEqualTo(300 + 390);
    assertThat(
            night
                .now()
                .read(Tables.SYSTEM_STATES)
                .where("run_id = 'late'")
                .select("window_start")
                .distinct()
                .orderBy("window_start")
                .collectAsList())
        .extracting(row -> row.getTimestamp(0).toInstant())
        .as("states of windows that changed")
        .containsExactly(TestNight.day(1), TestNight.day(4));
    for (Row group : read(night, Tables.CRASH_GROUPS, "title = 'no key #'")) {
      assertThat(group.<Timestamp>getAs("first_seen").toInstant())
          .isEqualTo(TestNight.day(1).plusSeconds(7200));
      assertThat(group.<String>getAs("first_version")).isEqualTo("v1");
      assertThat(group.<Boolean>getAs("is_new"))
          .isEqualTo(group.<Timestamp>getAs("window_start").toInstant().equals(TestNight.day(1)));
    }
    assertThat(values(night, Granularity.DAY, TestNight.day(3), "v2"))
        .containsEntry("staleness_days", 3.0);

    TestNight other = night("once");
    appendDays(other, 0, 5);
    other.append(late);
    crashed(other, lateReports);
    other.run(model, 0, 5, "once", new SystemJob());
    Map<Tables, List<String>> expected = contents(other);
    Map<Tables, List<String>> actual = contents(night);
    WRITTEN.forEach(
        table ->
            assertThat(actual.get(table))
                .as(table.name())
                .containsExactlyInAnyOrderElementsOf(expected.get(table)));
    assertThat(expected.get(Tables.FINDINGS)).isNotEmpty();
  }

  @Test
  void crashesAreGroupedAndANewKindIsSaid() {
    TestNight night = night("lake");
    ModelConfig model = model(declared(false, true, Map.of()), Granularity.DAY);
    for (int day = 0; day < 3; day++) {
      night.append(rows(night, day, 1000, day));
    }
    String stack = "ValueError: %s\\n at score.py in f%s";
    crashed(
        night,
        reports(0, 1, "v1", "anything ", stack.formatted("one", ""), 3)
            .union(reports(0, 2, "v1", "else ", stack.formatted("other", ""), 2))
            .union(reports(0, 3, "v1", "anything ", null, 1))
            .union(reports(1, 4, "v2", "anything ", stack.formatted("x", ""), 4))
            .union(reports(1, 5, null, "no key ", stack.formatted("x", "2"), 6)));
    night.run(model, 0, 1, "first", new SystemJob());
    assertThat(read(night, Tables.CRASH_GROUPS, "true"))
        .as("by stack, else by message, and nothing is new to who begins to watch")
        .extracting(SystemJobTest::group)
        .containsExactlyInAnyOrder(
            "v1 anything # 5 v1 2001-03-01T01:00:00Z false",
            "v1 anything # 1 v1 2001-03-01T03:00:00Z false");
    assertThat(read(night, Tables.FINDINGS, "true")).isEmpty();
    assertThat(values(night, Granularity.DAY, TestNight.day(0), null))
        .containsEntry("crashes_per_thousand", 6.0);

    night.run(model, 1, 2, "second", new SystemJob());
    assertThat(read(night, Tables.CRASH_GROUPS, "window_date = '2001-03-02'"))
        .extracting(SystemJobTest::group)
        .containsExactlyInAnyOrder(
            "v2 anything # 4 v1 2001-03-01T01:00:00Z false",
            "null no key # 6 null 2001-03-02T05:00:00Z true");
    List<Row> findings = read(night, Tables.FINDINGS, "metric LIKE 'new_crash%'");
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).<String>getAs("because"))
        .isEqualTo("6 crash reports of a kind that was first seen 2001-03-02T05:00:00Z: no key #");
    assertThat(findings.get(0).<String>getAs("severity")).isEqualTo("WARNING");

    // More kinds than anybody reads, of which each differs by a letter.
    crashed(
        night,
        spark
            .range(260)
            .selectExpr(
                "timestamp '2001-03-03 10:00:00' AS ts",
                "'v1' AS version",
                "translate(concat('kind ', id), '0123456789', 'abcdefghij') AS message",
                "CAST(NULL AS STRING) AS stack")
            .union(reports(2, 1, "v1", "no key ", stack.formatted("x", "2"), 2)));
    night.run(model, 2, 3, "third", new SystemJob());
    List<Row> third = read(night, Tables.CRASH_GROUPS, "window_date = '2001-03-03'");
    assertThat(third).hasSize(201);
    Row other =
        third.stream()
            .filter(row -> row.getAs("signature").equals("OTHER"))
            .findFirst()
            .orElseThrow();
    assertThat(other.<Long>getAs("crashes")).isEqualTo(61);
    assertThat(other.<Boolean>getAs("is_new")).isFalse();
    assertThat(third.stream().mapToLong(row -> row.<Long>getAs("crashes")).sum()).isEqualTo(262);
    assertThat(read(night, Tables.FINDINGS, "window_date = '2001-03-03' AND metric LIKE 'new%'"))
        .as("199 of today and one that goes on")
        .hasSize(200)
        .anySatisfy(
            row ->
                assertThat(row.<Timestamp>getAs("first_seen").toInstant())
                    .isEqualTo(TestNight.day(1)));

    // It was there before anybody began to look for new ones.
    crashed(night, reports(0, 6, "v1", "no key ", stack.formatted("x", "2"), 1));
    night.append(rows(night, 3, 100, 3));
    NightlyJob.Result result = night.run(model, 3, 4, "late", new SystemJob()).get(0).result();
    assertThat(result.restated()).containsExactly(TestNight.day(0));
    assertThat(read(night, Tables.CRASH_GROUPS, "title = 'no key #'"))
        .extracting(SystemJobTest::group)
        .containsExactly(
            "v1 no key # 1 v1 2001-03-01T06:00:00Z false",
            "null no key # 6 v1 2001-03-01T06:00:00Z false",
            "v1 no key # 2 v1 2001-03-01T06:00:00Z false");
    assertThat(read(night, Tables.FINDINGS, "metric LIKE 'new_crash%' AND because LIKE '%no key%'"))
        .isEmpty();
  }

  private static String group(Row row) {
    return row.getAs("model_version")
        + " "
        + row.getAs("title")
        + " "
        + row.getAs("crashes")
        + " "
        + row.getAs("first_version")
        + " "
        + row.<Timestamp>getAs("first_seen").toInstant()
        + " "
        + row.getAs("is_new");
  }

  /** Slow on two days, on three nobody can say, then well again, then nobody asks. */
  @Test
  void aMissedObjectiveBecomesAnAlertAndClosesAgain() {
    TestNight night = night("lake");
    ModelConfig model =
        model(
            declared(false, false, Map.of("latency_p95_ms", 300.0, "silence_minutes", 60.0)),
            Granularity.DAY);
    for (int day = 0; day < 8; day++) {
      boolean slow = day == 1 || day == 2;
      boolean few = day >= 3 && day <= 5;
      night.append(
          rows(night, day, few ? 40 : 400, day)
              .withColumn("latency_seconds", expr("latency_seconds * " + (slow ? 3 : 1))));
    }
    NightlyJob[] jobs = {new ProfileJob(), new SystemJob(), new AlertsJob()};
    night.run(model, 0, 4, "first", jobs);
    night.run(model, 4, 10, "second", jobs);
    String objective = "drift_type = 'OBJECTIVE' AND metric = 'latency_p95_ms'";
    assertThat(read(night, Tables.FINDINGS, objective))
        .extracting(
            row ->
                row.<Timestamp>getAs("window_start").toInstant().toString().substring(8, 10)
                    + " "
                    + row.getAs("kind")
                    + " "
                    + row.getAs("severity")
                    + " "
                    + row.getAs("status")
                    + " since "
                    + row.<Timestamp>getAs("first_seen").toInstant().toString().substring(8, 10))
        .containsExactly(
            "02 SYSTEM CRITICAL FIRING since 02",
            "03 SYSTEM CRITICAL FIRING since 02",
            "04 SYSTEM INFO INSUFFICIENT_DATA since 04",
            "05 SYSTEM INFO INSUFFICIENT_DATA since 04",
            "06 SYSTEM INFO INSUFFICIENT_DATA since 04");
    assertThat(alerts(night, objective))
        .containsExactly(
            "02 PENDING",
            "03 OPEN",
            "04 OPEN",
            "05 OPEN",
            "06 OPEN",
            "07 OPEN",
            "08 CLOSED",
            // Within the cool-down it is still known.
            "09 CLOSED");

    for (int day = 8; day < 10; day++) {
      assertThat(values(night, Granularity.DAY, TestNight.day(day), null))
          .containsEntry("requests", 0.0)
          .containsEntry("silence_minutes", 1440.0)
          .containsEntry("latency_p95_ms", null)
          .containsEntry("error_rate", null)
          .containsEntry("availability", null);
    }
    assertThat(read(night, Tables.FINDINGS, "metric = 'silence_minutes'"))
        .extracting(row -> row.<String>getAs("severity") + " " + row.getAs("because"))
        .containsOnly("CRITICAL silence_minutes 1440; the objective is at most 60.")
        .hasSize(2);
    assertThat(alerts(night, "metric = 'silence_minutes'"))
        .containsExactly("09 PENDING", "10 OPEN");
  }

  private static List<String> alerts(TestNight night, String condition) {
    return read(night, Tables.ALERTS, condition).stream()
        .map(
            row ->
                row.<Timestamp>getAs("window_start").toInstant().toString().substring(8, 10)
                    + " "
                    + row.getAs("status"))
        .toList();
  }

  @Test
  void aModelThatSaysNothingOfItsServiceIsNotLookedAt() {
    TestNight night = night("lake");
    night.append(rows(night, 0, 10, 1));
    NightlyJob.Result result =
        night.run(TestNight.model(), 0, 1, "run", new SystemJob()).get(0).result();
    assertThat(result.summary()).isEqualTo(Map.of("declared", false));
    assertThat(result.rowsRead()).isZero();
    assertThat(contents(night)).allSatisfy((table, rows) -> assertThat(rows).isEmpty());

    // And one that says only that it is a service has its load measured.
    night.run(model(SystemQuality.defaults(), Granularity.DAY), 0, 1, "load", new SystemJob());
    assertThat(values(night, Granularity.DAY, TestNight.day(0), null))
        .containsOnlyKeys(
            "requests",
            "requests_per_second",
            "requests_per_second_peak",
            "silence_minutes",
            "staleness_days")
        .containsEntry("requests", 10.0);
  }

  @Test
  void telemetryThatIsMissingIsMissingInput() {
    TestNight night = night("lake");
    assertThatThrownBy(
            () ->
                night.run(
                    model(SystemQuality.defaults(), Granularity.DAY), 0, 1, "run", new SystemJob()))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT));
  }
}
