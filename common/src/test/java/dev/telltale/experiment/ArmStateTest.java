package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.error.TelltaleException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArmStateTest {
  /** A mean, and a ratio with a covariate. */
  private static ArmState of(double[]... rows) {
    ArmState state = new ArmState(1, 3);
    for (double[] row : rows) {
      state.addUnit();
      state.add(0, new double[] {row[0]}, Estimand.NONE);
      state.add(1, new double[] {row[1], row[2], row[3]}, 1);
    }
    return state;
  }

  @Test
  void aMissingValueTakesAUnitFromItsOwnMetricAlone() {
    ArmState state =
        of(
            new double[] {1, 2, 3, 4},
            new double[] {Double.NaN, 5, 1, 7},
            new double[] {3, Double.POSITIVE_INFINITY, -1, 4},
            new double[] {8, 3, -2, 5});
    assertThat(state.units()).isEqualTo(4);
    assertThat(state.missing(0)).isEqualTo(1);
    assertThat(state.missing(1)).isEqualTo(1);
    assertThat(state.moments(0).n()).isEqualTo(3);
    assertThat(state.moments(0).mean(0)).isEqualTo(4);
    assertThat(state.moments(1).n()).isEqualTo(3);
    assertThat(state.moments(1).mean(2)).isCloseTo(16.0 / 3, within(1e-15));
    assertThat(state.negativeDenominators(0)).isZero();
    assertThat(state.negativeDenominators(1)).isEqualTo(1);
  }

  @Property(tries = 50)
  void bytesHoldEverythingAndPartsMerge(
      @ForAll long seed,
      @ForAll @IntRange(max = 100) int first,
      @ForAll @IntRange(max = 9) int next) {
    SplittableRandom random = new SplittableRandom(seed);
    ArmState one = of(rows(random, first));
    ArmState other = of(rows(random, next));
    assertThat(ArmState.read(one.toBytes()).toBytes()).isEqualTo(one.toBytes());
    ArmState read = ArmState.read(one.toBytes());
    read.merge(ArmState.read(other.toBytes()));
    one.merge(other);
    assertThat(read.toBytes()).isEqualTo(one.toBytes());
    assertThat(one.units()).isEqualTo(first + next);
    for (int block = 0; block < 2; block++) {
      assertThat(one.moments(block).n() + one.missing(block)).isEqualTo(one.units());
    }
  }

  private static double[][] rows(SplittableRandom random, int rows) {
    double[][] values = new double[rows][4];
    for (double[] row : values) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextInt(10) == 0 ? Double.NaN : random.nextDouble(-1, 5);
      }
    }
    return values;
  }

  @Test
  void bytesAreThoseThatWereWrittenBefore() {
    ArmState state = of(new double[] {1, 2, 3, 4}, new double[] {3, Double.NaN, 1, 4});
    state.addUnit();
    assertThat(HexFormat.of().formatHex(state.toBytes())).isEqualTo(GOLDEN);
    ArmState read = ArmState.read(HexFormat.of().parseHex(GOLDEN));
    assertThat(read.moments(0).variance(0)).isEqualTo(2);
    assertThat(read.largest(0)).hasValueSatisfying(unit -> assertThat(unit).containsExactly(3));
    assertThat(read.largest(1))
        .hasValueSatisfying(unit -> assertThat(unit).containsExactly(2, 3, 4));
  }

  private static final String GOLDEN =
      "014903020000001c0158010240000000000000000000000000000000400000000000000001400800"
          + "00000000000100006401580301400000000000000000000000000000004008000000000000000000"
          + "00000000004010000000000000000000000000000000000000000000000000000000000000000000"
          + "00000000000000000000000000000000000000000000000000000000000140000000000000004008"
          + "0000000000004010000000000000";

  /** As they were written before there were blocks of rows. */
  private static final String OF_COLUMNS =
      "0147030200001c015801024000000000000000000000000000000040000000000000000140080000"
          + "00000000010064015803014000000000000000000000000000000040080000000000000000000000"
          + "00000040100000000000000000000000000000000000000000000000000000000000000000000000"
          + "00000000000000000000000000000000000000000000000000000001400000000000000040080000"
          + "000000004010000000000000";

  /** As they were written before largest units were kept. */
  private static final String OLD =
      "0145030200001c015801024000000000000000000000000000000040000000000000000100640158"
          + "03014000000000000000000000000000000040080000000000000000000000000000401000000000"
          + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
          + "000000000000000000000000000000000000";

  @Test
  void bytesFromBeforeBlocksOfRowsAreRead() {
    ArmState state = of(new double[] {1, 2, 3, 4}, new double[] {3, Double.NaN, 1, 4});
    state.addUnit();
    ArmState old = ArmState.read(HexFormat.of().parseHex(OF_COLUMNS));
    assertThat(old.toBytes()).isEqualTo(state.toBytes());
    assertThat(old.isQuantile(0)).isFalse();
  }

  /** A mean, then rows. */
  private static ArmState withRows(double[]... units) {
    ArmState state = new ArmState(1, ArmState.QUANTILE);
    for (double[] unit : units) {
      state.addUnit();
      state.add(0, new double[] {unit.length}, Estimand.NONE);
      int[] bins = Arrays.stream(unit).mapToInt(QuantileState::bin).toArray();
      long[] counts = new long[bins.length];
      Arrays.fill(counts, 1);
      state.add(1, bins, counts, bins.length);
    }
    return state;
  }

  @Test
  void aBlockMayBeOfRows() {
    ArmState state = withRows(new double[] {1, 2}, new double[0], new double[] {2, 3, 4});
    assertThat(state.isQuantile(0)).isFalse();
    assertThat(state.isQuantile(1)).isTrue();
    assertThat(state.counted(0)).isEqualTo(3);
    assertThat(state.counted(1)).isEqualTo(2);
    assertThat(state.missing(1)).isEqualTo(1);
    assertThat(state.largest(1)).isEmpty();
    assertThat(HexFormat.of().formatHex(state.toBytes())).isEqualTo(WITH_ROWS);
    ArmState read = ArmState.read(HexFormat.of().parseHex(WITH_ROWS));
    assertThat(read.toBytes()).isEqualTo(state.toBytes());
    read.merge(withRows(new double[] {0.5}));
    assertThat(read.toBytes())
        .isEqualTo(
            withRows(new double[] {1, 2}, new double[0], new double[] {2, 3, 4}, new double[] {0.5})
                .toBytes());
    Comparison.Side side = read.side("grey", 1, 0.5);
    assertThat(side.missing()).isEqualTo(1);
    assertThat(side.moments().n()).isEqualTo(3);
    assertThat(side.moments().mean(0)).isCloseTo(2, within(0.01));
    assertThat(side.insufficient()).isPresent();
  }

  @Test
  void aBlockIsOfOneSort() {
    ArmState state = withRows(new double[] {1, 2});
    assertThatIllegalArgumentException().isThrownBy(() -> state.moments(1));
    assertThatIllegalArgumentException().isThrownBy(() -> state.side("grey", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> state.quantiles(0));
    assertThatIllegalArgumentException().isThrownBy(() -> state.side("grey", 0, 0.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.add(1, new double[] {1}, Estimand.NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.add(0, new int[] {1}, new long[] {1}, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> state.merge(new ArmState(1, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ArmState(1, 1).merge(withRows(new double[] {1, 2})));
  }

  private static final String WITH_ROWS =
      "014903020000001c015801033ffaaaaaaaaaaaabbc955555555555554012aaaaaaaaaaab01400800"
          + "00000000000100011701480204d1f41a0101028b010204055201030339010503";

  @Test
  void oldBytesAreReadAndTheirLargestUnitsStayUnknown() {
    ArmState old = ArmState.read(HexFormat.of().parseHex(OLD));
    assertThat(old.moments(0).variance(0)).isEqualTo(2);
    assertThat(old.moments(1).mean(2)).isEqualTo(4);
    assertThat(old.units()).isEqualTo(3);
    assertThat(old.largest(0)).isEmpty();
    old.add(0, new double[] {9}, Estimand.NONE);
    assertThat(old.largest(0)).isEmpty();
    ArmState known = of(new double[] {1, 2, 3, 4});
    known.merge(old);
    assertThat(known.largest(0)).isEmpty();
    old.merge(of(new double[] {1, 2, 3, 4}));
    assertThat(old.largest(0)).isEmpty();
    assertThat(ArmState.read(old.toBytes()).largest(0)).isEmpty();
    assertThat(ArmState.read(old.toBytes()).moments(0).n()).isEqualTo(4);
    ArmState none = new ArmState(1, 3);
    none.merge(of(new double[] {1, 2, 3, 4}));
    assertThat(none.largest(1)).isPresent();
    none.merge(new ArmState(1, 3));
    assertThat(none.largest(1)).isPresent();
  }

  @Property(tries = 50)
  void theLargestUnitIsTheOneFarthestFromZeroInWhateverOrder(
      @ForAll long seed,
      @ForAll @IntRange(max = 9) int first,
      @ForAll @IntRange(max = 9) int next) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = rows(random, first + next);
    for (double[] row : rows) {
      // Ties, of both signs.
      row[1] = Math.rint(row[1]) * (random.nextBoolean() ? 1 : -1);
    }
    ArmState one = of(Arrays.copyOf(rows, first));
    ArmState other = of(Arrays.copyOfRange(rows, first, rows.length));
    ArmState back = of(Arrays.copyOfRange(rows, first, rows.length));
    back.merge(one);
    one.merge(other);
    double farthest =
        Arrays.stream(rows)
            .filter(row -> Double.isFinite(row[1] + row[2] + row[3]))
            .mapToDouble(row -> Math.abs(row[1]))
            .max()
            .orElse(-1);
    assertThat(one.largest(1).map(unit -> Math.abs(unit[0])).orElse(-1.0)).isEqualTo(farthest);
    assertThat(Arrays.toString(back.largest(1).orElse(null)))
        .isEqualTo(Arrays.toString(one.largest(1).orElse(null)));
    assertThat(ArmState.read(one.toBytes()).largest(1).map(Arrays::toString))
        .isEqualTo(one.largest(1).map(Arrays::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0145",
        "015802",
        "014503ffffffff0f",
        "0145000100000401590100",
        "014700010000040158010001"
      })
  void otherBytesAreNone(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatExceptionOfType(TelltaleException.class).isThrownBy(() -> ArmState.read(bytes));
  }
}
