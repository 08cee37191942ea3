package dev.telltale.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.SparkTest;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StablePartitionsTest extends SparkTest {
  private static final String PARTITION_BYTES = "spark.sql.files.maxPartitionBytes";
  private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
  private static final List<ColumnPlan> COLUMNS =
      List.of(
          // Beyond a thousand values the sketch samples and compacts; beyond a thousand categories
          // the frequent ones are a sketch, too.
          new ColumnPlan("score", ColumnKind.NUMERIC, DataTypes.DoubleType, Anchors.NONE),
          new ColumnPlan("user", ColumnKind.CATEGORICAL, DataTypes.StringType, Anchors.NONE));

  @TempDir Path directory;

  @Test
  void theStatesOfADayDoNotDependOnTheFilesOfOthers() {
    String path = directory.resolve("log").toString();
    appendDayInFiveFiles(path);
    Map<String, String> onTheDay = states(read(path));
    for (int file = 0; file < 20; file++) {
      append(path, DAY.plusSeconds(86_400L * (1 + file)), 100 + 400L * file, 100 + file);
    }
    assertThat(states(read(path))).as("once the table has grown").isEqualTo(onTheDay);
    withPartitionBytes(
        "4k",
        () ->
            assertThat(states(read(path)))
                .as("where Spark would take a task for every few rows")
                .isEqualTo(onTheDay));
    Dataset<Row> rows = read(path).withColumn("score", functions.expr("score + 0"));
    assertThat(states(rows)).as("row by row").isEqualTo(onTheDay);
  }

  @Test
  void neitherDoThoseWithDeletedRows() {
    String path = directory.resolve("log").toString();
    String table = "delta.`" + path + "`";
    appendDayInFiveFiles(path);
    spark.sql("ALTER TABLE " + table + " SET TBLPROPERTIES (delta.enableDeletionVectors = true)");
    spark.sql("DELETE FROM " + table + " WHERE id % 7 = 0");
    Map<String, String> onTheDay = states(read(path));
    for (int file = 0; file < 20; file++) {
      append(path, DAY.plusSeconds(86_400L * (1 + file)), 100 + 400L * file, 100 + file);
    }
    assertThat(states(read(path))).isEqualTo(onTheDay);
  }

  @Test
  void aLongFileIsCutAndReadWhole() {
    String path = directory.resolve("long").toString();
    long count = 2_000_000;
    dayOf(DAY, count, 1)
        .drop("user")
        .withColumn("user", functions.lit("one"))
        .coalesce(1)
        .write()
        .option("parquet.block.size", 1 << 20)
        .parquet(path);
    Dataset<Row> data = spark.read().parquet(path);
    assertThat(BatchSource.of(data, Set.of()).batches().getNumPartitions()).isGreaterThan(1);
    Map<String, String> states = states(data);
    withPartitionBytes(
        "3m", () -> assertThat(states(spark.read().parquet(path))).isEqualTo(states));
    try (FusedPass pass = FusedPass.over(spark, data, PassPlan.whole(COLUMNS, List.of()))) {
      pass.states().count();
      assertThat(pass.rowsRead()).isEqualTo(count);
    }
  }

  private static void withPartitionBytes(String bytes, Runnable test) {
    String before = spark.conf().get(PARTITION_BYTES);
    spark.conf().set(PARTITION_BYTES, bytes);
    try {
      test.run();
    } finally {
      spark.conf().set(PARTITION_BYTES, before);
    }
  }

  private static void appendDayInFiveFiles(String path) {
    for (int file = 0; file < 5; file++) {
      append(path, DAY, 2000 + 100L * file, file);
    }
  }

  private static void append(String path, Instant day, long count, int seed) {
    dayOf(day, count, seed).coalesce(1).write().format("delta").mode("append").save(path);
  }

  private static Dataset<Row> dayOf(Instant day, long count, int seed) {
    return spark
        .range(0, count, 1, 1)
        .selectExpr(
            "id",
            "timestamp_seconds(" + day.getEpochSecond() + " + id % 86400) AS at",
            "1e6 + randn(" + seed + ") AS score",
            "concat('user ', id * " + (seed + 1) + " % 4000) AS user");
  }

  private static Dataset<Row> read(String path) {
    return spark.read().format("delta").load(path);
  }

  /** States of the day as text, by column. */
  private static Map<String, String> states(Dataset<Row> data) {
    PassPlan plan =
        PassPlan.windowed(
            COLUMNS,
            List.of(),
            "id",
            Optional.empty(),
            "at",
            Optional.empty(),
            Granularity.DAY,
            Set.of(DAY));
    Map<String, String> states = new TreeMap<>();
    try (FusedPass pass = FusedPass.over(spark, data, plan)) {
      pass.states()
          .collect()
          .forEach(
              state ->
                  states.put(
                      state._1.windowStart() + " " + state._1.column(),
                      HexFormat.of().formatHex(state._2)));
    }
    assertThat(states).hasSize(1 + COLUMNS.size());
    return states;
  }
}
