package dev.telltale.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> NAMES = List.of("slices", "columns", "event-time", "alerts");

  @ParameterizedTest
  @CsvSource({
    "slicez, slices",
    "slcies, slices",
    "Slices, slices",
    "event_time, event-time",
    "column, columns",
    "alrts, alerts",
  })
  void findsWhatWasMeant(String name, String meant) {
    assertThat(NearestName.of(name, NAMES)).contains(meant);
    assertThat(NearestName.hint(name, NAMES)).isEqualTo("; did you mean `" + meant + "`?");
  }

  @Test
  void guessesNothingThatIsFar() {
    assertThat(NearestName.of("granularity", NAMES)).isEmpty();
    assertThat(NearestName.of("", NAMES)).isEmpty();
    assertThat(NearestName.hint("xyz", NAMES)).isEmpty();
  }

  @Test
  void tiesGoToTheAlphabeticallyFirst() {
    assertThat(NearestName.of("bat", List.of("cat", "bar"))).contains("bar");
  }
}
