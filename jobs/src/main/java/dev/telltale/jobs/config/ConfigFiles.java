package dev.telltale.jobs.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of a local directory, or of any file system Hadoop knows when there is a scheme. */
final class ConfigFiles {
  private ConfigFiles() {}

  static boolean isDirectory(String location) throws IOException {
    if (isLocal(location)) {
      return Files.isDirectory(java.nio.file.Path.of(location));
    }

    try {
      return fileSystem(location).getFileStatus(new Path(location)).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** The text of a file; empty when there is none. */
  static Optional<String> read(String file) throws IOException {
    try {
      if (isLocal(file)) {
        return Optional.of(Files.readString(java.nio.file.Path.of(file)));
      }

      try (var in = fileSystem(file).open(new Path(file))) {
        return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (NoSuchFileException | FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The YAML files directly in a directory, by name; none when there is no such directory. */
  static List<String> yamlFiles(String directory) throws IOException {
    if (!isDirectory(directory)) {
      return List.of();
    }

    List<String> names = new ArrayList<>();
    if (isLocal(directory)) {
      try (Stream<java.nio.file.Path> files = Files.list(java.nio.file.Path.of(directory))) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    } else {
      for (FileStatus status : fileSystem(directory).listStatus(new Path(directory))) {
        names.add(status.getPath().getName());
      }
    }

    return names.stream()
        .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml"))
        .sorted()
        .map(name -> child(directory, name))
        .toList();
  }

  static String child(String directory, String name) {
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  private static boolean isLocal(String location) {
    return !location.contains(":/");
  }

  private static FileSystem fileSystem(String location) throws IOException {
    return new Path(location).getFileSystem(new Configuration());
  }
}
