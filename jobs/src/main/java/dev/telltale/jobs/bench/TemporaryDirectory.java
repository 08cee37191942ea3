package dev.telltale.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A directory that is there while it is used, unless it is to be kept. */
public final class TemporaryDirectory {
  private TemporaryDirectory() {}

  /** Does {@code work} in the directory that is given, or in a new one that it then removes. */
  public static <T> T orElse(Optional<Path> kept, Function<Path, T> work) {
    if (kept.isPresent()) {
      return work.apply(kept.get().toAbsolutePath());
    }
    Path directory;
    try {
      directory = Files.createTempDirectory("telltale-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return work.apply(directory);
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
