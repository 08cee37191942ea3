package dev.telltale.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.error.TelltaleException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoSpecTest {
  @Test
  void dataHasOneHundredAndTwentyTwoNights() {
    assertThat(new DemoSpec("lake", 122, Path.of("report.html")).nights()).isEqualTo(122);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 123})
  void nightsOutsideTheDataAreRefused(int nights) {
    assertThatThrownBy(() -> new DemoSpec("lake", nights, Path.of("report.html")))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining(nights + " nights")
        .hasMessageContaining("1 to 122");
  }
}
