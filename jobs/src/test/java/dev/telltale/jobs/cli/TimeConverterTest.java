package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeConverterTest {
  @ParameterizedTest
  @CsvSource({
    "2001-03-01, 2001-03-01T00:00:00Z",
    "2001-03-01T06:00, 2001-03-01T06:00:00Z",
    "2001-03-01T06:00:00Z, 2001-03-01T06:00:00Z",
    "2001-03-01T06:00:00+01:00, 2001-03-01T05:00:00Z",
    "2001-03-01T06:00:00+00:00, 2001-03-01T06:00:00Z",
    "2001-03-01 06:00:00.5, 2001-03-01T06:00:00.500Z",
  })
  void readsWhatPeopleAndSchedulersWrite(String text, Instant instant) {
    assertThat(TimeConverter.parse("--from", text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "", "2001-02-30", "20010301", "2001-03-01T25:00:00Z"})
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> TimeConverter.parse("--to", text))
        .hasMessageContaining("--to " + text + " is no date and no instant");
  }
}
