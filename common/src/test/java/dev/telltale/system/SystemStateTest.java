package dev.telltale.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.error.TelltaleException;
import dev.telltale.quality.KpiState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class SystemStateTest {
  /**
   * What {@link #few()} is in lakes. What writes other bytes needs a new version, and must still
   * read these.
   */
  private static final String GOLDEN =
      "015904050704020180d6c28c041a014b0200012100000000000e00000000012100000000001280000201b106"
          + "0103030301570100c50a0101";

  private static SystemState few() {
    SystemState state = new SystemState();
    state.add(3, 1, false, 12.5, 0.25, 1_000_000_000);
    state.add(3, 2, true, 0.0, null, 0);
    state.add(90, 1, null, -1.0, 1.5, 1_100_000_000);
    state.add(1439, 1, false, null, Double.NaN, 0);
    return state;
  }

  /** Rows of a day, as what adds one to a state that begins so many minutes into the day. */
  private static List<BiConsumer<SystemState, Integer>> rows(int count) {
    Random random = new Random(count);
    List<BiConsumer<SystemState, Integer>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int minute = random.nextInt(1440);
      long weight = 1L + random.nextInt(3);
      Boolean error = i % 7 == 0 ? null : (Boolean) (random.nextInt(10) == 0);
      Double latency = i % 11 == 0 ? null : (Double) Math.exp(random.nextGaussian());
      Double unusable = i % 50 == 0 ? (Double) Double.NEGATIVE_INFINITY : latency;
      Double price = i % 13 == 0 ? null : (Double) (random.nextGaussian() * 1e6);
      long trained = i % 5 == 0 ? 0 : 1_000_000_000L + random.nextInt(1000);
      rows.add(
          (state, start) -> state.add(minute - start, weight, error, unusable, price, trained));
    }
    return rows;
  }

  @Test
  void mergingPartsInAnyOrderIsTheWholeByteForByte() {
    List<BiConsumer<SystemState, Integer>> rows = rows(3000);
    SystemState whole = new SystemState();
    rows.forEach(row -> row.accept(whole, 0));
    for (int seed = 0; seed < 6; seed++) {
      Collections.shuffle(rows, new Random(seed));
      List<SystemState> parts = new ArrayList<>();
      for (int i = 0; i < 5 + seed; i++) {
        parts.add(new SystemState());
      }
      for (int i = 0; i < rows.size(); i++) {
        // The last part stays empty.
        rows.get(i).accept(parts.get(i % (parts.size() - 1)), 0);
      }
      SystemState merged = new SystemState();
      parts.forEach(part -> merged.merge(SystemState.read(part.toBytes()), 0));
      assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
    }
  }

  @Test
  void theHoursOfADayAreTheDay() {
    SystemState day = new SystemState();
    SystemState[] hours = new SystemState[24];
    Arrays.setAll(hours, hour -> new SystemState());
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      int minute = 60 * random.nextInt(24) + random.nextInt(40);
      day.add(minute, 1, i % 9 == 0, (double) i, null, 0);
      hours[minute / 60].add(minute % 60, 1, i % 9 == 0, (double) i, null, 0);
    }
    SystemState merged = new SystemState();
    for (int hour = 23; hour >= 0; hour--) {
      merged.merge(hours[hour], 60 * hour);
    }
    assertThat(merged.toBytes()).isEqualTo(day.toBytes());
    assertThat(merged.silence(1440)).isEqualTo(day.silence(1440)).isGreaterThanOrEqualTo(20);
  }

  @Test
  void bytesAreReadAsTheyWereWritten() {
    SystemState state = new SystemState();
    rows(500).forEach(row -> row.accept(state, 0));
    SystemState read = SystemState.read(state.toBytes());
    assertThat(read.toBytes()).isEqualTo(state.toBytes());
    assertThat(read.rows()).isEqualTo(state.rows()).isGreaterThan(500);
    assertThat(read.rowsRead()).isEqualTo(500);
    assertThat(read.judged()).isEqualTo(state.judged());
    assertThat(read.errors()).isEqualTo(state.errors()).isPositive();
    assertThat(read.unusableLatencies()).isEqualTo(state.unusableLatencies()).isPositive();
    assertThat(read.trainedAt()).isEqualTo(state.trainedAt()).isGreaterThan(1_000_000_000);
    assertThat(read.peak()).isEqualTo(state.peak());
    assertThat(read.independentRows()).isEqualTo(state.independentRows());
    assertThat(read.latencies().total()).isEqualTo(state.latencies().total());
    assertThat(read.costs().total()).isEqualTo(state.costs().total());
    assertThat(SystemState.read(new SystemState().toBytes()).toBytes())
        .isEqualTo(new SystemState().toBytes());
  }

  @Test
  void theBytesAreThoseThatAreInLakes() {
    assertThat(HexFormat.of().formatHex(few().toBytes())).isEqualTo(GOLDEN);
    SystemState read = SystemState.read(HexFormat.of().parseHex(GOLDEN));
    assertThat(read.rows()).isEqualTo(5);
    assertThat(read.trainedAt()).isEqualTo(1_100_000_000);
    assertThat(read.toBytes()).isEqualTo(few().toBytes());
  }

  @Test
  void silenceIsTheLongestTimeWithoutARow() {
    assertThat(new SystemState().silence(1440)).isEqualTo(1440);
    // Minutes 0 to 9 before, 11 to 99 between, 102 to 119 after.
    assertThat(at(10, 100, 101).silence(120)).isEqualTo(89);
    assertThat(at(50, 60).silence(120)).as("before").isEqualTo(59);
    assertThat(at(60).silence(120)).as("before").isEqualTo(60);
    assertThat(at(0, 1, 2).silence(120)).as("after").isEqualTo(117);
    assertThat(at(0, 119).silence(120)).as("between").isEqualTo(118);
    assertThat(at(0, 1, 2).silence(3)).isZero();
  }

  private static SystemState at(int... minutes) {
    SystemState state = new SystemState();
    for (int minute : minutes) {
      state.add(minute, 1, null, null, null, 0);
    }
    return state;
  }

  @Test
  void peakAndAvailabilityByHand() {
    SystemState state = new SystemState();
    // Minute 1 is answered once, minute 2 never, minute 3 cannot say, minute 7 always.
    state.add(1, 1, true, null, null, 0);
    state.add(1, 1, false, null, null, 0);
    state.add(2, 1, true, null, null, 0);
    state.add(2, 1, true, null, null, 0);
    state.add(2, 1, null, null, null, 0);
    state.add(3, 1, null, null, null, 0);
    state.add(7, 1, false, null, null, 0);
    assertThat(state.peak()).isEqualTo(3);
    assertThat(state.minutesAsked()).isEqualTo(4);
    assertThat(state.minutesAnswered()).isEqualTo(2);
    assertThat(state.judged()).isEqualTo(5);
    assertThat(state.errors()).isEqualTo(3);
    assertThat(new SystemState().peak()).isZero();
    assertThat(new SystemState().minutesAnswered()).isZero();
  }

  @Test
  void aRowCountsAsOftenAsItsWeightSays() {
    SystemState state = new SystemState();
    state.add(0, 10, true, 100.0, 2.0, 0);
    state.add(0, 1, false, 10.0, 4.0, 0);
    state.add(1, 5, null, Double.NaN, null, 0);
    assertThat(state.rows()).isEqualTo(16);
    assertThat(state.rowsRead()).isEqualTo(3);
    assertThat(state.judged()).isEqualTo(11);
    assertThat(state.errors()).isEqualTo(10);
    assertThat(state.peak()).isEqualTo(11);
    assertThat(state.latencies().total()).isEqualTo(11);
    assertThat(state.unusableLatencies()).isEqualTo(5);
    assertThat(state.costs().total()).isEqualTo(24);
    assertThat(state.costs().mean().orElseThrow().value()).isCloseTo(24.0 / 11, within(1e-15));
    // Kish: 16 * 16 / (100 + 1 + 25) = 2.03.
    assertThat(state.independentRows()).isEqualTo(2);
    assertThat(state.worth(8)).isEqualTo(1);

    SystemState even = new SystemState();
    for (int i = 0; i < 100; i++) {
      even.add(i, 50, false, null, null, 0);
    }
    assertThat(even.rows()).isEqualTo(5000);
    assertThat(even.independentRows()).isEqualTo(100);
    assertThat(even.worth(500)).isEqualTo(10);
    assertThat(at(1, 2, 3).worth(2)).isEqualTo(2);
  }

  @Test
  void whatIsNoLatencyIsCountedAndWhatIsNoCostIsLeftOut() {
    SystemState state = new SystemState();
    for (double latency :
        new double[] {
          -1e-9, -5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 3
        }) {
      state.add(0, 1, null, latency, null, 0);
    }
    assertThat(state.unusableLatencies()).isEqualTo(5);
    assertThat(state.latencies().total()).isEqualTo(3);
    assertThat(state.latencies().above(0)).isEqualTo(1);
    for (double price : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -2, 5}) {
      state.add(0, 1, null, null, price, 0);
    }
    assertThat(state.costs().rows()).isEqualTo(2);
    assertThat(state.costs().total()).isEqualTo(3);
    assertThat(state.rows()).isEqualTo(12);
  }

  @Test
  void theNewestModelIsThatOfTheWindow() {
    SystemState state = new SystemState();
    assertThat(state.trainedAt()).isZero();
    state.add(0, 1, null, null, null, 20);
    state.add(0, 1, null, null, null, 0);
    SystemState other = new SystemState();
    other.add(0, 1, null, null, null, 15);
    other.merge(state, 0);
    assertThat(other.trainedAt()).isEqualTo(20);
  }

  @Test
  void bytesThatAreNoneAreSaid() {
    byte[] bytes = few().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SystemState.read(cut)).isInstanceOf(TelltaleException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> SystemState.read(longer))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("1 bytes follow its end");
    byte[] later = bytes.clone();
    later[0] = 9;
    assertThatThrownBy(() -> SystemState.read(later))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("version 9");
    assertThatThrownBy(() -> SystemState.read(new KpiState().toBytes()))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("no state of a service");
  }

  /** Bytes that were damaged are a state or an error of their own, and nothing else. */
  @Test
  void damagedBytesNeverBreakAnything() {
    byte[] bytes = few().toBytes();
    Random random = new Random(4);
    int errors = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        SystemState.read(damaged);
      } catch (TelltaleException e) {
        errors++;
      }
    }
    assertThat(errors).isBetween(500, 5000);
  }
}
