package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path directory;

  @Test
  void aFlagGoesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
    Optional<String> config = Optional.of(directory.toString());
    Map<String, String> environment =
        Map.of("TELLTALE_LAKE", "of-env", "TELLTALE_MASTER", "env", "TELLTALE_VERBOSITY", "2");
    Optional<String> no = Optional.empty();
    Settings defaults = Settings.of(no, config, no, 0, Map.of());
    assertThat(defaults)
        .returns("lake", Settings::lake)
        .returns("local[*]", Settings::master)
        .returns(0, Settings::verbosity);
    Files.writeString(
        directory.resolve("telltale.yaml"), "lake: of-file\nmaster: file\nverbosity: 1\n");
    assertThat(Settings.of(no, config, no, 0, Map.of()))
        .returns("of-file", Settings::lake)
        .returns("file", Settings::master)
        .returns(1, Settings::verbosity);
    assertThat(Settings.of(no, config, no, 0, environment))
        .returns("of-env", Settings::lake)
        .returns("env", Settings::master)
        .returns(2, Settings::verbosity);
    assertThat(Settings.of(Optional.of("of-flag"), config, Optional.of("flag"), 3, environment))
        .returns("of-flag", Settings::lake)
        .returns("flag", Settings::master)
        .returns(3, Settings::verbosity);
  }

  @Test
  void theEnvironmentNamesTheConfiguration() throws IOException {
    Files.writeString(directory.resolve("telltale.yaml"), "lake: of-file\n");
    Optional<String> no = Optional.empty();
    Map<String, String> environment = Map.of("TELLTALE_CONFIG", directory.toString());
    assertThat(Settings.of(no, no, no, 0, environment).lake()).isEqualTo("of-file");
  }

  @Test
  void anUnusableVariableIsRefused() {
    Optional<String> no = Optional.empty();
    Map<String, String> environment =
        Map.of("TELLTALE_CONFIG", directory.toString(), "TELLTALE_VERBOSITY", "loud");
    assertThatThrownBy(() -> Settings.of(no, no, no, 0, environment))
        .hasMessageContaining("TELLTALE_VERBOSITY is loud")
        .hasMessageContaining("0, 1, 2 or 3");
  }
}
