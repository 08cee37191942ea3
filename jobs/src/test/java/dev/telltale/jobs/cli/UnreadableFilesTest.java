package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged, gone or forbidden are one message, and change no result table. */
class UnreadableFilesTest extends SparkTest {
  @TempDir static Path directory;
  private static CliNight night;

  @BeforeAll
  static void aNightThatWentWell() {
    night = new CliNight(spark, directory);
    night.write("predictions", night.night().rows(0, 300, 2));
    Cli.Outcome outcome = night.run("profile", night.modelOf("predictions"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    for (boolean checked : new boolean[] {true, false}) {
      Path truncated = fileOf("truncated_" + checked, checked);
      write(truncated, Arrays.copyOf(Files.readAllBytes(truncated), 2000));
      assertUnreadable("truncated_" + checked, truncated);

      Path empty = fileOf("empty_" + checked, checked);
      write(empty, new byte[0]);
      assertUnreadable("empty_" + checked, empty);

      Path other = fileOf("other_" + checked, checked);
      write(
          other,
          "x".repeat((int) Files.size(other)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertUnreadable("other_" + checked, other);

      Path middle = fileOf("middle_" + checked, checked);
      byte[] bytes = Files.readAllBytes(middle);
      Arrays.fill(bytes, 4, bytes.length / 2, (byte) 0x5a);
      write(middle, bytes);
      assertUnreadable("middle_" + checked, middle);
    }
  }

  @Test
  void aDamagedBaselineIsNamed() throws IOException {
    Path file = fileOf("damaged_baseline", false);
    write(file, new byte[1000]);
    night.assertFails(
        "profile",
        night.model(
            CliNight.MODEL.formatted("other", "predictions")
                + "baseline: {table: damaged_baseline}\n"),
        3,
        "A data file cannot be read",
        file.getFileName().toString());
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    Path file = fileOf("gone", true);
    Files.delete(file);
    night.assertFails(
        "profile", night.modelOf("gone"), 3, "A data file is gone", file.getFileName().toString());
  }

  @Test
  void aTableThatMayNotBeReadIsForbidden() throws Exception {
    Path table = night.lake().resolve("secret");
    night.write("secret", night.night().rows(0, 20, 1));
    Map<Tables, Long> before = night.versions();
    List<Path> closed = closeAll(table, "r");
    try {
      CliNight.assertMessage(
          subprocess("profile", "secret"),
          3,
          "cannot be read or written: ",
          "secret",
          "permission");
    } finally {
      openAll(closed);
    }
    assertThat(night.versions()).isEqualTo(before);
  }

  @Test
  void aLakeThatMayNotBeWrittenIsForbidden() throws Exception {
    Map<Tables, Long> before = night.versions();
    long runs = night.night().now().version(Tables.RUNS);
    List<Path> closed = closeAll(night.lake(), "w");
    try {
      CliNight.assertMessage(
          subprocess("profile", "predictions"), 3, "cannot be read or written: ", "permission");
    } finally {
      openAll(closed);
    }
    assertThat(night.versions()).isEqualTo(before);
    assertThat(night.night().now().version(Tables.RUNS)).isEqualTo(runs);
    assertThat(night.run("profile", night.modelOf("predictions")).exitCode())
        .as("with permission it works again")
        .isZero();
  }

  private static Cli.Outcome subprocess(String command, String table) throws Exception {
    return new Subprocess()
        .boundByPermissions()
        .run(directory, night.arguments(command, night.modelOf(table), "2001-03-01", "2001-03-02"));
  }

  private static void assertUnreadable(String table, Path file) {
    night.assertFails(
        "profile",
        night.modelOf(table),
        3,
        "A data file cannot be read",
        file.getFileName().toString());
  }

  /**
   * The one data file of a new table; with or without the checksum that Hadoop writes beside it.
   */
  private static Path fileOf(String table, boolean checked) throws IOException {
    night.write(table, night.night().rows(0, 1000, 1));
    try (Stream<Path> files = Files.list(night.lake().resolve(table))) {
      Path file =
          files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
      if (!checked) {
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
      }
      return file;
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  /** Takes a permission from everybody, for all directories below a path; deepest first. */
  private static List<Path> closeAll(Path root, String permission) throws IOException {
    List<Path> directories;
    try (Stream<Path> paths = Files.walk(root)) {
      directories =
          paths.filter(Files::isDirectory).sorted(java.util.Comparator.reverseOrder()).toList();
    }
    Set<PosixFilePermission> left =
        PosixFilePermissions.fromString(permission.equals("r") ? "-wx-wx-wx" : "r-xr-xr-x");
    for (Path path : directories) {
      Files.setPosixFilePermissions(path, left);
    }
    return directories;
  }

  private static void openAll(List<Path> directories) throws IOException {
    for (int i = directories.size() - 1; i >= 0; i--) {
      Files.setPosixFilePermissions(
          directories.get(i), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
