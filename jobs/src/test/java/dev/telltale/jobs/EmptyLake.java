package dev.telltale.jobs;

import dev.telltale.jobs.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.ShutdownHookManager;

/**
 * A lake with its tables and no rows: initialised once in a JVM, as that takes seconds, then
 * copied.
 */
public final class EmptyLake {
  private static Path template;

  private EmptyLake() {}

  /** A fresh lake in a directory. */
  public static synchronized Lake at(SparkSession spark, String directory) {
    try {
      if (template == null) {
        Path made = Files.createTempDirectory("telltale-empty-lake");
        ShutdownHookManager.registerShutdownDeleteDir(made.toFile());
        Lake.at(spark, made.toString()).init();
        template = made;
      }
      copy(Path.of(directory));
      return Lake.at(spark, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order of their names, so that a later commit is not the older file. */
  private static void copy(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(template)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      Path to = directory.resolve(template.relativize(file).toString());
      Files.createDirectories(to.getParent());
      Files.copy(file, to);
    }
  }
}
