package dev.telltale.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are there whole or not at all. */
final class WholeFile {
  private WholeFile() {}

  /** Finds out before the work whether its result has a place. */
  static void requireDirectory(Path file) throws IOException {
    if (!Files.isDirectory(directory(file))) {
      throw new IOException("There is no directory " + directory(file));
    }
  }

  /** Writes a file, in the place of one that is there. */
  static void write(Path file, String text) throws IOException {
    Path whole = Files.createTempFile(directory(file), ".telltale", ".tmp");
    try {
      Files.writeString(whole, text);
      // A temporary file is private; an answer is for whoever asked.
      whole.toFile().setReadable(true, false);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
