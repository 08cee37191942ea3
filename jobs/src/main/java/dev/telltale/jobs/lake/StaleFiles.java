package dev.telltale.jobs.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;

/** Files of a table that no row in force is in, found and deleted without Spark. */
final class StaleFiles {
  /** Readers of up to this version know no deletion vectors, whose files no list of files names. */
  static final int PLAIN_READER = 2;

  private static final Set<String> OF_DELTA = Set.of("_change_data", "_delta_index");

  private final FileSystem files;
  private final long before;
  private final Set<Path> inForce;
  private final Set<Path> missing;
  private final List<Path> stale = new ArrayList<>();

  /** Deeper ones first. */
  private final List<Path> directories = new ArrayList<>();

  private StaleFiles(FileSystem files, long before, Set<Path> inForce) {
    this.files = files;
    this.before = before;
    this.inForce = inForce;
    this.missing = new HashSet<>(inForce);
  }

  /**
   * Deletes them all and the directories that are empty without them, as a vacuum would with some
   * Spark jobs.
   *
   * @param inForce files of the latest version
   * @param before when that was asked for, in milliseconds since 1970: a younger file may be of a
   *     commit that is not in the list, and is left alone
   * @return false, with nothing deleted, where only a vacuum knows which are stale
   */
  static boolean delete(DeltaLog log, Snapshot latest, List<AddFile> inForce, long before) {
    if (latest.protocol().minReaderVersion() > PLAIN_READER) {
      return false;
    }
    Set<Path> paths = new HashSet<>();
    inForce.forEach(file -> paths.add(file.absolutePath(log)));
    try {
      FileSystem system = log.dataPath().getFileSystem(log.newDeltaHadoopConf());
      StaleFiles found = new StaleFiles(system, before, paths);
      found.search(log.dataPath());
      // Files that are named otherwise than they lie there must not be taken for stale.
      if (!found.missing.isEmpty()) {
        return false;
      }
      found.delete();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void search(Path directory) throws IOException {
    for (FileStatus file : files.listStatus(directory)) {
      if (isHidden(file.getPath().getName())) {
        continue;
      }
      if (file.isDirectory()) {
        search(file.getPath());
        directories.add(file.getPath());
      } else if (inForce.contains(file.getPath())) {
        missing.remove(file.getPath());
      } else if (file.getModificationTime() < before) {
        stale.add(file.getPath());
      }
    }
  }

  /** What a vacuum leaves alone, too: the log, and what other programs keep there. */
  private static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && !OF_DELTA.contains(name));
  }

  private void delete() throws IOException {
    for (Path file : stale) {
      files.delete(file, false);
    }
    for (Path directory : directories) {
      if (files.listStatus(directory).length == 0) {
        files.delete(directory, false);
      }
    }
  }
}
