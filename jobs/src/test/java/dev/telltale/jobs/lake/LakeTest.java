package dev.telltale.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.Granularity;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.SparkTest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.JavaConverters;

class LakeTest extends SparkTest {
  private static final Instant DAY = Instant.parse("2001-03-01T00:00:00Z");
  @TempDir static Path directory;
  private static Lake lake;

  @BeforeAll
  static void initialise() {
    lake = Lake.at(spark, directory.resolve("lake").toString());
    lake.init();
  }

  @Test
  void initIsIdempotentAndComplete() {
    long version = lake.version(Tables.PROFILE_METRICS);
    lake.init();
    assertThat(lake.version(Tables.PROFILE_METRICS)).isEqualTo(version);
    for (Tables table : Tables.values()) {
      assertThat(lake.requireInitialised().read(table).schema().fieldNames())
          .containsExactly(table.schema().fieldNames());
      assertThat(lake.read(table).schema().fields())
          .allSatisfy(field -> assertThat(field.getComment().isDefined()).isTrue());
    }
  }

  /** A lake of earlier code: a table with a column less, and one without a property. */
  @Test
  void initAddsWhatNewerCodeHas() {
    Map<String, String> properties = properties(Tables.KPI_METRICS);
    assertThat(properties)
        .containsEntry("delta.checkpointInterval", "20")
        .containsEntry("delta.enableDeletionVectors", "false")
        .containsKey("telltale.schema_version");
    assertThat(properties(Tables.SAMPLING_PLAN)).containsValue("rate > 0 AND rate <= 1");
    spark.sql(
        "ALTER TABLE "
            + lake.sqlName(Tables.KPI_METRICS)
            + " UNSET TBLPROPERTIES ('delta.checkpointInterval')");
    spark
        .createDataFrame(List.<Row>of(), Tables.KPI_METRICS.schema())
        .drop("because")
        .write()
        .format("delta")
        .mode(SaveMode.Overwrite)
        .option("overwriteSchema", true)
        .save(lake.path(Tables.KPI_METRICS));
    assertThat(properties(Tables.KPI_METRICS)).isNotEqualTo(properties);
    assertThat(lake.latest().read(Tables.KPI_METRICS).columns()).doesNotContain("because");
    lake.init();
    assertThat(properties(Tables.KPI_METRICS)).isEqualTo(properties);
    assertThat(lake.latest().read(Tables.KPI_METRICS).columns()).contains("because");
  }

  private static Map<String, String> properties(Tables table) {
    return JavaConverters.mapAsJavaMap(
        lake.address(table)
            .existingLog(spark)
            .update(false, Option.empty(), Option.empty())
            .metadata()
            .configuration());
  }

  @Test
  void jobsDoNotCreateTables() {
    Lake empty = Lake.at(spark, directory.resolve("nothing").toString());
    assertThatThrownBy(empty::requireInitialised)
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
        .hasMessageContaining("telltale init");
    assertThatThrownBy(() -> empty.source("predictions"))
        .hasMessageContaining("There is no Delta table");
  }

  @Test
  void replacingAWindowLeavesOthersAndAnEmptyResultClearsIt() {
    write("model-a", DAY, 2);
    write("model-a", Granularity.DAY.next(DAY), 1);
    write("model-b", DAY, 1);
    write("model-a", DAY, 3);
    assertThat(count("model-a", DAY)).isEqualTo(3);
    assertThat(count("model-a", Granularity.DAY.next(DAY))).isEqualTo(1);
    write("model-a", DAY, 0);
    assertThat(count("model-a", DAY)).isZero();
    assertThat(count("model-b", DAY)).isEqualTo(1);
  }

  @Test
  void eightModelsAndEightWindowsAtOnceAllLand() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Object>> writes =
          IntStream.range(0, 16)
              .<Callable<Object>>mapToObj(
                  i ->
                      () -> {
                        write("many-" + i % 8, i < 8 ? DAY : DAY.plusSeconds(86_400L * i), 1);
                        return null;
                      })
              .toList();
      for (Future<Object> write : threads.invokeAll(writes)) {
        write.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(lake.pinned(Map.of()).read(Tables.FINDINGS).where("model_id LIKE 'many-%'").count())
        .isEqualTo(16);
  }

  @Test
  void aViewReadsATableAtOneVersion() {
    write("view", DAY, 1);
    Lake view = lake.pinned(Map.of());
    long before = view.read(Tables.FINDINGS).where("model_id = 'view'").count();
    write("view", DAY, 5);
    assertThat(view.read(Tables.FINDINGS).where("model_id = 'view'").count()).isEqualTo(before);
    Lake again = lake.pinned(view.versionsRead());
    assertThat(again.read(Tables.FINDINGS).where("model_id = 'view'").count()).isEqualTo(before);
  }

  @Test
  void theLedgerFindsTheLastSuccess() {
    RunLedger ledger = lake.ledger();
    ledger.record(List.of(entry("run-1", RunEntry.SUCCEEDED, 1), entry("run-2", "FAILED", 2)));
    assertThat(ledger.lastSucceeded("ledger", "profile")).map(RunEntry::runId).contains("run-1");
    assertThat(ledger.find("run-1", "profile")).contains(entry("run-1", RunEntry.SUCCEEDED, 1));
    assertThat(ledger.find("run-2")).isEmpty();
  }

  private static RunEntry entry(String runId, String outcome, int second) {
    return new RunEntry(
        runId,
        "profile",
        "ledger",
        DAY,
        Granularity.DAY.next(DAY),
        outcome,
        Optional.empty(),
        "",
        "hash",
        "1",
        Map.of("predictions", 7L),
        List.of(DAY),
        1,
        2,
        3,
        0.5,
        Optional.empty(),
        DAY,
        DAY.plusSeconds(second));
  }

  private static void write(String model, Instant window, int rows) {
    Dataset<Row> data =
        spark
            .range(rows)
            .select(
                java.util.Arrays.stream(Tables.FINDINGS.schema().fields())
                    .map(
                        field ->
                            switch (field.name()) {
                              case "model_id" -> functions.lit(model).as("model_id");
                              case "granularity" -> functions.lit("1 day").as("granularity");
                              case "window_start" -> functions.lit(window).as("window_start");
                              case "window_date" ->
                                  functions.to_date(functions.lit(window)).as("window_date");
                              default ->
                                  functions.lit(null).cast(field.dataType()).as(field.name());
                            })
                    .toArray(org.apache.spark.sql.Column[]::new));
    lake.writer("test")
        .replace(
            Tables.FINDINGS,
            List.of(WindowScope.of(model, Granularity.DAY, List.of(window))),
            data);
  }

  private static long count(String model, Instant window) {
    return lake.pinned(Map.of())
        .read(Tables.FINDINGS)
        .where(
            functions
                .col("model_id")
                .equalTo(model)
                .and(functions.col("window_start").equalTo(functions.lit(window))))
        .count();
  }
}
