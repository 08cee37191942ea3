package dev.telltale.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GranularityTest {
  @ParameterizedTest
  @CsvSource({
    "HOUR, 2001-03-01T06:00:00Z, 2001-03-01T07:00:00Z",
    "DAY, 2001-03-01T00:00:00Z, 2001-03-02T00:00:00Z",
    "WEEK, 2001-02-26T00:00:00Z, 2001-03-05T00:00:00Z",
    "MONTH, 2001-03-01T00:00:00Z, 2001-04-01T00:00:00Z",
  })
  void aWindowIsAlignedInUtc(Granularity granularity, Instant start, Instant end) {
    Instant inside = Instant.parse("2001-03-01T06:59:59.999999999Z");
    assertThat(granularity.floor(inside)).isEqualTo(start);
    assertThat(granularity.ceiling(inside)).isEqualTo(end);
  }

  @Property
  void windowsFollowEachOtherWithoutGapOrOverlap(
      @ForAll Granularity granularity,
      // From 1900 to 2100, in seconds.
      @ForAll @LongRange(min = -2_208_988_800L, max = 4_102_444_800L) long seconds) {
    Instant instant = Instant.ofEpochSecond(seconds);
    Instant start = granularity.floor(instant);
    Instant end = granularity.next(start);

    assertThat(start).isBeforeOrEqualTo(instant);
    assertThat(end).isAfter(instant);
    assertThat(granularity.floor(end)).isEqualTo(end);
    assertThat(granularity.floor(end.minusNanos(1))).isEqualTo(start);
    assertThat(granularity.previous(end)).isEqualTo(start);
    assertThat(granularity.ceiling(start)).isEqualTo(start);
    assertThat(Granularity.HOUR.floor(start)).isEqualTo(start);
  }

  @ParameterizedTest
  @EnumSource
  void aLabelNamesItsGranularity(Granularity granularity) {
    assertThat(Granularity.of(granularity.label())).isEqualTo(granularity);
  }

  @Test
  void anUnknownLabelIsRefused() {
    assertThatThrownBy(() -> Granularity.of("2 days"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Unknown granularity 2 days");
  }
}
