package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.telltale.error.TelltaleException;
import dev.telltale.stats.Alternative;
import dev.telltale.stats.Numbers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileStateTest {
  /** Of all sizes and both signs. */
  private static double value(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -random.nextDouble();
      case 2 -> Math.rint(5 * random.nextDouble());
      case 3 -> 2e-3 * random.nextDouble();
      default -> Math.exp(3 * Samples.normal(random));
    };
  }

  private static double[][] units(SplittableRandom random, int units) {
    double[][] all = new double[units][];
    for (int unit = 0; unit < units; unit++) {
      all[unit] = random.ints(1 + random.nextInt(12)).mapToDouble(any -> value(random)).toArray();
    }
    return all;
  }

  @Property(tries = 1000)
  void theValueOfABinIsNearAllOfIt(@ForAll double any, @ForAll double other) {
    int bin = QuantileState.bin(any);
    double rounding = 1e-12 * Math.abs(any);
    assertThat(QuantileState.low(bin)).isLessThanOrEqualTo(any + rounding);
    assertThat(QuantileState.high(bin)).isGreaterThanOrEqualTo(any - rounding);
    assertThat(QuantileState.bin(-any)).isEqualTo(-bin);
    if (Math.abs(any) >= Double.MIN_NORMAL) {
      assertThat(QuantileState.value(bin))
          .isCloseTo(any, within(0.0025 * Math.abs(any) + rounding));
      if (Math.abs(any) < 1e308) {
        assertThat(QuantileState.bin(QuantileState.value(bin))).isEqualTo(bin);
      }
      assertThat(QuantileState.high(bin) - QuantileState.low(bin))
          .isLessThanOrEqualTo(QuantileState.BIN_WIDTH * Math.abs(any) * (1 + 1e-9));
    }
    assertThat(Integer.compare(bin, QuantileState.bin(other)))
        .isIn(0, Double.compare(any + 0.0, other + 0.0));
  }

  @Test
  void binsOfTheEnds() {
    assertThat(QuantileState.bin(-0.0)).isZero();
    assertThat(QuantileState.value(0)).isZero();
    assertThat(QuantileState.bin(1)).isEqualTo(QuantileState.bin(0.996));
    assertThat(QuantileState.bin(1.001)).isEqualTo(QuantileState.bin(1) + 1);
    assertThat(QuantileState.bin(1.0051)).isEqualTo(QuantileState.bin(1) + 2);
    assertThat(QuantileState.bin(Double.MIN_VALUE)).isPositive();
    int last = QuantileState.bin(Double.MAX_VALUE);
    assertThat(QuantileState.value(last)).isCloseTo(Double.MAX_VALUE, within(1e306));
    assertThat(QuantileState.high(last)).isEqualTo(Double.MAX_VALUE);
    assertThatIllegalArgumentException().isThrownBy(() -> QuantileState.value(last + 1));
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> QuantileState.bin(none));
      assertThatIllegalArgumentException().isThrownBy(() -> QuantileState.bin(-none));
    }
  }

  @Property(tries = 100)
  void sumsAreThoseOverUnitsAtEveryEdge(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int number) {
    double[][] units = units(new SplittableRandom(seed), number);
    QuantileState state = Rows.of(units);
    int[] bins = state.usedBins();
    assertThat(bins)
        .isEqualTo(
            Arrays.stream(units)
                .flatMapToDouble(Arrays::stream)
                .mapToInt(QuantileState::bin)
                .distinct()
                .sorted()
                .toArray());
    long[][] sums = state.sums(bins);
    long all = 0;
    for (int i = 0; i < bins.length; i++) {
      int edge = bins[i];
      long[] expected = new long[3];
      all = 0;
      for (double[] unit : units) {
        long upTo = Arrays.stream(unit).filter(row -> QuantileState.bin(row) <= edge).count();
        expected[0] += upTo;
        expected[1] += upTo * upTo;
        expected[2] += upTo * unit.length;
        all += (long) unit.length * unit.length;
      }
      assertThat(new long[] {sums[0][i], sums[1][i], sums[2][i]}).isEqualTo(expected);
    }
    assertThat(state.squares()).isEqualTo(all);
    assertThat(state.units()).isEqualTo(number);
    assertThat(state.rows()).isEqualTo(sums[0][bins.length - 1]);
  }

  @Property(tries = 100)
  void partsInAnyOrderAreOnePass(@ForAll long seed, @ForAll @IntRange(max = 60) int number) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] units = units(random, number);
    QuantileState[] parts = new QuantileState[3];
    Arrays.setAll(parts, any -> new QuantileState());
    for (double[] unit : units) {
      Rows.add(parts[random.nextInt(3)], unit);
    }
    QuantileState one = QuantileState.read(parts[0].toBytes());
    one.merge(parts[1]);
    one.merge(parts[2]);
    QuantileState other = QuantileState.read(parts[2].toBytes());
    byte[] before = parts[1].toBytes();
    other.merge(parts[1]);
    parts[0].merge(other);
    byte[] whole = Rows.of(units).toBytes();
    assertThat(one.toBytes()).isEqualTo(whole);
    assertThat(parts[0].toBytes()).isEqualTo(whole);
    assertThat(parts[1].toBytes()).isEqualTo(before);
    QuantileState read = QuantileState.read(whole);
    assertThat(read.rows()).isEqualTo(one.rows());
    assertThat(read.squares()).isEqualTo(one.squares());
    assertThat(read.units()).isEqualTo(number);
    assertThat(read.estimate(0.7)).isEqualTo(one.estimate(0.7));
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(
      resources = "quantiles.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 40_000)
  void numbersAreThoseOfNumPyWithinABin(
      String name,
      String sizes,
      String values,
      String quantiles,
      String estimates,
      String lows,
      String highs) {
    double[] rows = Numbers.doubles(values);
    QuantileState state = new QuantileState();
    int at = 0;
    for (long size : Numbers.counts(sizes)) {
      Rows.add(state, Arrays.copyOfRange(rows, at, at + (int) size));
      at += (int) size;
    }
    for (int i = 0; i < 3; i++) {
      double low = Numbers.doubles(lows)[i];
      double high = Numbers.doubles(highs)[i];
      double estimate = Numbers.doubles(estimates)[i];
      QuantileEstimate found = state.estimate(Numbers.doubles(quantiles)[i]);
      assertThat(found.insufficient()).isEmpty();
      assertThat(found.value()).as(name).isCloseTo(estimate, bin(estimate));
      // The share's error is that of the bin's edges, by which the ends may move on by a row.
      assertThat(found.low()).as(name).isCloseTo(low, within(0.01 * Math.abs(low) + 0.01));
      assertThat(found.high()).as(name).isCloseTo(high, within(0.01 * Math.abs(high) + 0.01));
      assertThat(found.standardError())
          .isCloseTo((high - low) / (2 * QuantileEstimate.Z), withinPercentage(3));
      assertThat(found.units()).isEqualTo(Numbers.counts(sizes).length);
      assertThat(found.rows()).isEqualTo(rows.length);
      assertThat(found.degrees()).isEqualTo(found.units() - 1.0);
    }
  }

  private static Offset<Double> bin(double value) {
    return within(QuantileState.BIN_WIDTH * Math.abs(value));
  }

  @Test
  void whereUnitsDoNotDifferThereIsNoScatter() {
    QuantileState state = new QuantileState();
    for (int unit = 0; unit < 100; unit++) {
      Rows.add(state, unit % 4 == 0 ? new double[] {-5, -5} : new double[] {-5, -5.0001});
    }
    QuantileEstimate estimate = state.estimate(0.3);
    assertThat(estimate.insufficient()).hasValue(NO_SCATTER);
    assertThat(estimate.value()).isCloseTo(-5, bin(-5));
    assertThat(estimate.standardError()).isNaN();
  }

  /** A bin with all rows of its units, and values around it: what is far from them is a step. */
  @Test
  void aStepBetweenTwoValuesIsNoInterval() {
    QuantileState state = new QuantileState();
    for (int unit = 0; unit < 100; unit++) {
      Rows.add(state, unit % 2 == 0 ? 5 : 6);
    }
    assertThat(state.estimate(0.48).insufficient().orElseThrow())
        .startsWith("of its interval, 5 to 6")
        .endsWith(", more than a quarter is a single gap between values");
    // Within the value 5 everything is interpolated: from 0 with 0 to a half with its error.
    QuantileEstimate inside = state.estimate(0.2);
    double low = QuantileState.low(QuantileState.bin(5));
    double width = QuantileState.high(QuantileState.bin(5)) - low;
    assertThat(inside.value()).isCloseTo(low + 0.4 * width, within(1e-12));
    double error = 0.4 * Math.sqrt(0.25 / 99);
    assertThat(inside.standardError()).isCloseTo(2 * error * width, within(1e-12));
    assertThat(inside.low())
        .isCloseTo(low + 2 * (0.2 - QuantileEstimate.Z * error) * width, within(1e-12));
  }

  private static final String NO_SCATTER = "in every unit the same share of the rows is up to it";

  @Test
  void withTooLittleThereIsAReason() {
    QuantileEstimate none = new QuantileState().estimate(0.5);
    assertThat(none.insufficient()).hasValue("it has no rows");
    assertThat(none.value()).isNaN();
    assertThat(none.moments().n()).isZero();
    QuantileEstimate one = Rows.of(new double[] {1, 2, 3}).estimate(0.5);
    assertThat(one.insufficient()).hasValue("one unit has no standard error");
    assertThat(one.value()).isCloseTo(2, bin(2));
    assertThat(one.moments().n()).isEqualTo(1);
    SplittableRandom random = new SplittableRandom(1);
    QuantileState few = Rows.of(Rows.clustered(random, 20));
    for (double q : new double[] {0.01, 0.99}) {
      assertThat(few.estimate(q).insufficient().orElseThrow())
          .matches("its interval runs out of the [0-9]{3} rows of 20 units");
      assertThat(few.estimate(q).low()).isNaN();
    }
    QuantileEstimate median = few.estimate(0.5);
    assertThat(median.insufficient()).isEmpty();
    assertThat(median.low()).isLessThan(median.value());
    assertThat(median.high()).isGreaterThan(median.value());
    QuantileState zeros = new QuantileState();
    for (int unit = 0; unit < 400; unit++) {
      Rows.add(zeros, unit % 5 == 0 ? new double[] {unit} : new double[] {0, 0});
    }
    assertThat(zeros.estimate(0.5).insufficient())
        .hasValue("it is 0, and so is its whole interval");
    assertThat(zeros.estimate(0.5).value()).isZero();
    QuantileState huge = new QuantileState();
    for (int unit = 0; unit < 400; unit++) {
      Rows.add(huge, 1e300 * (1 + random.nextDouble()));
    }
    assertThat(huge.estimate(0.5).insufficient())
        .hasValue("its interval is too wide for a variance");
    for (double q : new double[] {0, 1, Double.NaN, -1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> few.estimate(q));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QuantileEstimate.pair(median, none))
        .withMessage("no standard error: it has no rows");
  }

  @Test
  void twoArmsAreTestedAsAnyOther() {
    SplittableRandom random = new SplittableRandom(2);
    double[][] slow = Rows.clustered(random, 600);
    for (double[] unit : slow) {
      for (int row = 0; row < unit.length; row++) {
        unit[row] *= 1.5;
      }
    }
    QuantileEstimate control = Rows.of(Rows.clustered(random, 800)).estimate(0.9);
    QuantileEstimate variant = Rows.of(slow).estimate(0.9);
    ArmPair pair = QuantileEstimate.pair(control, variant);
    assertThat(pair.controlDegrees()).isEqualTo(799);
    assertThat(pair.variantDegrees()).isEqualTo(599);
    EffectTest test =
        EffectTest.of(
            Hypothesis.superiority(Alternative.TWO_SIDED), 0.05, EffectTest.Distribution.T);
    Inference inference = test.test(pair);
    Inference.Lift lift = inference.relative().orElseThrow();
    assertThat(lift.low()).isBetween(0.0, 0.5);
    assertThat(lift.high()).isGreaterThan(0.5);
    assertThat(inference.absolute().effect()).isEqualTo(variant.value() - control.value());
    assertThat(inference.absolute().standardError())
        .isCloseTo(Math.hypot(control.standardError(), variant.standardError()), within(1e-15));
    // As moments of influences they are the same.
    ArmPair influences =
        Estimator.unadjusted(control.moments(), variant.moments(), Estimand.mean(0, List.of()));
    Inference same = test.test(influences);
    assertThat(same.statistic()).isCloseTo(inference.statistic(), within(1e-12));
    assertThat(same.degreesOfFreedom()).isCloseTo(inference.degreesOfFreedom(), within(1e-9));
  }

  @Test
  void aUnitMustBeOne() {
    QuantileState state = Rows.of(new double[] {1, 2});
    byte[] before = state.toBytes();
    int beyond = QuantileState.bin(Double.MAX_VALUE) + 1;
    refused(state, 0);
    refused(state, 2, 5, 1, 5, 1);
    refused(state, 2, 5, 1, 4, 1);
    refused(state, 2, 5, 1, 6, 0);
    refused(state, 1, beyond, 1);
    refused(state, 1, -beyond, 1);
    assertThat(state.toBytes()).isEqualTo(before);
  }

  private static void refused(QuantileState state, int length, int... binsAndCounts) {
    int[] bins = new int[length];
    long[] counts = new long[length];
    for (int i = 0; i < length; i++) {
      bins[i] = binsAndCounts[2 * i];
      counts[i] = binsAndCounts[2 * i + 1];
    }
    assertThatIllegalArgumentException().isThrownBy(() -> state.add(bins, counts, length));
  }

  @Test
  void sumsAreExactOrRefused() {
    QuantileState state = new QuantileState();
    long most = 2_147_483_647L;
    state.add(new int[] {3, 9}, new long[] {1, most - 1}, 2);
    state.add(new int[] {3}, new long[] {most}, 1);
    assertThat(state.squares()).isEqualTo(2 * most * most);
    byte[] before = state.toBytes();
    for (long rows : new long[] {most, 4_000_000_000L, Long.MAX_VALUE}) {
      assertThatExceptionOfType(ArithmeticException.class)
          .isThrownBy(() -> state.add(new int[] {4}, new long[] {rows}, 1));
    }
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> state.merge(QuantileState.read(before)));
    assertThat(state.toBytes()).isEqualTo(before);
  }

  @Test
  void bytesAreThoseThatWereWrittenBefore() {
    QuantileState state = Rows.of(new double[] {-1, 0, 0, 2.5}, new double[] {2.5, 300});
    assertThat(HexFormat.of().formatHex(state.toBytes())).isEqualTo(GOLDEN);
    QuantileState read = QuantileState.read(HexFormat.of().parseHex(GOLDEN));
    assertThat(read.toBytes()).isEqualTo(state.toBytes());
    assertThat(read.rows()).isEqualTo(6);
    assertThat(read.squares()).isEqualTo(20);
  }

  private static final String GOLDEN = "01480204e9d708010104b48e09020808ec8f09020806c007010302";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0148",
        "01480001",
        "01580000",
        "014801010100",
        "0148010100010101",
        "0148010105000000",
        "0148010105010102",
        "0148020105010101",
        "0148000105010101",
        "0148010185ffffff7f010101",
        "0148010205010101000101",
        "0148010105010101ff",
        "014801010581808080808080808001010102"
      })
  void otherBytesAreNone(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatExceptionOfType(TelltaleException.class).isThrownBy(() -> QuantileState.read(bytes));
  }
}
