package dev.telltale.jobs.maintain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Files that lie in a lake beside its tables: the plan for clients, reports, exports. */
final class LakeFiles {
  private final SparkSession spark;
  private final Path directory;

  LakeFiles(SparkSession spark, String lake) {
    this.spark = spark;
    this.directory = new Path(lake);
  }

  /** Those that have one of some names in them, as a word of its own; none in a catalog. */
  List<String> naming(Collection<String> names) {
    String any = names.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Pattern word = Pattern.compile("(?<![\\p{Alnum}_])(?:" + any + ")(?![\\p{Alnum}_])");
    List<String> found = new ArrayList<>();
    try {
      FileSystem files = directory.getFileSystem(spark.sessionState().newHadoopConf());
      if (files.exists(directory)) {
        search(files, directory, word, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static void search(FileSystem files, Path path, Pattern word, List<String> found)
      throws IOException {
    for (FileStatus file : files.listStatus(path)) {
      if (file.isDirectory()) {
        if (!files.exists(new Path(file.getPath(), "_delta_log"))) {
          search(files, file.getPath(), word, found);
        }
      } else {
        try (InputStream in = files.open(file.getPath())) {
          if (word.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8)).find()) {
            found.add(file.getPath().toUri().getPath());
          }
        }
      }
    }
  }
}
