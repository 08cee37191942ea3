package dev.telltale.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleFilesTest extends SparkTest {
  @TempDir Path directory;

  /** A file that is younger than the question may be of a commit that nobody has heard of yet. */
  @Test
  void whatNoRowIsInGoesUnlessItIsYoungerThanTheQuestion() throws IOException {
    Path table = directory.resolve("table");
    for (long rows : new long[] {10, 20}) {
      spark.range(0, rows, 1, 1).write().format("delta").mode("overwrite").save(table.toString());
    }
    Path young = Files.writeString(table.resolve("part-young.parquet"), "uncommitted");
    Files.setLastModifiedTime(young, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
    Path other = Files.writeString(table.resolve("_elsewhere"), "of another program");
    assertThat(parquet(table)).hasSize(3);

    History history = Lake.at(spark, directory.toString()).upkeep("table").history();
    history.forgetBefore(history.begin());

    assertThat(parquet(table)).hasSize(2).contains(young);
    assertThat(other).exists();
    assertThat(spark.read().format("delta").load(table.toString()).count()).isEqualTo(20);
    Files.delete(young);
    assertThat(spark.read().format("delta").load(table.toString()).count()).isEqualTo(20);
  }

  private static List<Path> parquet(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }
}
