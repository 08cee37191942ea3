package dev.telltale.jobs.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Takes files out of the application jar, from which neither Spark nor people can read. */
final class DemoFiles {
  private DemoFiles() {}

  /** Whether there is such a file. */
  static boolean exists(SparkSession spark, Path file) {
    try {
      return file.getFileSystem(spark.sessionState().newHadoopConf()).exists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies a resource unless the target is there.
   *
   * @param resource absolute name of the resource
   */
  static void unpack(SparkSession spark, String resource, Path target) {
    try (InputStream in = DemoFiles.class.getResourceAsStream(resource)) {
      FileSystem files = target.getFileSystem(spark.sessionState().newHadoopConf());
      if (files.exists(target)) {
        return;
      }
      // A copy that was cut off must not look whole: it gets its name when it is complete.
      Path part = target.suffix(".part");
      try (OutputStream out = files.create(part, true)) {
        in.transferTo(out);
      }
      if (!files.rename(part, target)) {
        throw new IOException("rename " + part + " to " + target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
