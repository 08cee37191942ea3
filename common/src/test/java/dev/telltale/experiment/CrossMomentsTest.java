package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.error.TelltaleException;
import dev.telltale.stats.Numbers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossMomentsTest {
  @ParameterizedTest(name = "{0}")
  @CsvFileSource(
      resources = "cross-moments.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void numbersAreThoseOfNumPy(
      String name, int columns, String values, String means, String covariances) {
    double[] all = Numbers.doubles(values);
    double[] expectedMeans = Numbers.doubles(means);
    double[] expected = Numbers.doubles(covariances);
    CrossMoments moments = Samples.moments(columns, all);
    assertThat(moments.n()).isEqualTo(all.length / columns);
    for (int i = 0; i < columns; i++) {
      double deviation = Math.sqrt(expected[i * columns + i]);
      assertThat(moments.mean(i))
          .as(name)
          .isCloseTo(expectedMeans[i], within(1e-12 * (Math.abs(expectedMeans[i]) + deviation)));
      for (int j = 0; j < columns; j++) {
        double scale = deviation * Math.sqrt(expected[j * columns + j]);
        // NumPy leaves the rounding of its mean in a constant.
        assertThat(moments.covariance(i, j))
            .as("%s %d %d", name, i, j)
            .isCloseTo(expected[i * columns + j], within(1e-12 * scale + 1e-30));
      }
    }
  }

  @Property(tries = 100)
  void withoutARowTheOthersAreLeft(@ForAll long seed, @ForAll @IntRange(min = 1, max = 130) int n) {
    SplittableRandom random = new SplittableRandom(seed);
    double level = random.nextBoolean() ? 1e6 : 0;
    double[] rows = values(random, n, level);
    double[] others = Arrays.copyOf(rows, rows.length - 2);
    CrossMoments all = Samples.moments(2, rows);
    byte[] before = all.toBytes();
    CrossMoments left = all.without(Arrays.copyOfRange(rows, rows.length - 2, rows.length));
    CrossMoments expected = Samples.moments(2, others);
    assertThat(all.toBytes()).isEqualTo(before);
    assertThat(left.n()).isEqualTo(n - 1);
    for (int i = 0; i < 2 && n > 1; i++) {
      assertThat(left.mean(i)).isCloseTo(expected.mean(i), within(1e-9));
      assertThat(n == 2 ? 0 : left.covariance(i, 1))
          .isCloseTo(n == 2 ? 0 : expected.covariance(i, 1), within(1e-8));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> left.without(new double[3]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CrossMoments(2).without(new double[2]));
  }

  @Property(tries = 100)
  void mergingTakesNoNoticeOfOrderAndGroups(
      @ForAll long seed,
      @ForAll @IntRange(max = 200) int first,
      @ForAll @IntRange(max = 70) int second,
      @ForAll @IntRange(min = 2, max = 130) int third) {
    SplittableRandom random = new SplittableRandom(seed);
    double level = random.nextBoolean() ? 1e6 : 0;
    double[] a = values(random, first, level);
    double[] b = values(random, second, level);
    double[] c = values(random, third, level);
    CrossMoments left = Samples.moments(2, a);
    left.merge(Samples.moments(2, b));
    left.merge(Samples.moments(2, c));
    CrossMoments right = Samples.moments(2, c);
    right.merge(Samples.moments(2, b));
    CrossMoments rest = Samples.moments(2, a);
    rest.merge(right);
    CrossMoments reversed = Samples.moments(2, c);
    CrossMoments inner = Samples.moments(2, b);
    inner.merge(Samples.moments(2, a));
    reversed.merge(inner);
    CrossMoments whole = Samples.moments(2, a);
    for (double[] more : new double[][] {b, c}) {
      for (int at = 0; at < more.length; at += 2) {
        whole.add(new double[] {more[at], more[at + 1]});
      }
    }
    assertSame(rest, left);
    assertSame(reversed, left);
    assertSame(whole, left);
  }

  private static double[] values(SplittableRandom random, int rows, double level) {
    return random.doubles(2L * rows).map(value -> level + value).toArray();
  }

  private static void assertSame(CrossMoments one, CrossMoments other) {
    assertThat(one.n()).isEqualTo(other.n());
    for (int i = 0; i < 2; i++) {
      assertThat(one.mean(i)).isCloseTo(other.mean(i), within(1e-14 * Math.abs(other.mean(i))));
      for (int j = 0; j < 2; j++) {
        double scale = Math.sqrt(other.variance(i) * other.variance(j));
        assertThat(one.covariance(i, j)).isCloseTo(other.covariance(i, j), within(1e-10 * scale));
      }
    }
  }

  @Test
  void mergedMomentsKeepTheirValue() {
    CrossMoments one = Samples.moments(1, 1, 2, 4);
    CrossMoments other = Samples.moments(1, 5, 9);
    one.merge(other);
    assertThat(other.n()).isEqualTo(2);
    assertThat(other.variance(0)).isEqualTo(8);
    one.merge(new CrossMoments(1));
    assertThat(one.n()).isEqualTo(5);
    assertThatIllegalArgumentException().isThrownBy(() -> one.merge(new CrossMoments(2)));
    assertThatIllegalArgumentException().isThrownBy(() -> one.add(new double[2]));
  }

  /** Thousandths are multiples of 2^-10, so that the shift by itself rounds nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1000})
  void theVarianceDoesNotDependOnTheLevel(int parts) {
    SplittableRandom random = new SplittableRandom(5);
    CrossMoments far = new CrossMoments(1);
    CrossMoments near = new CrossMoments(1);
    for (int part = 0; part < parts; part++) {
      CrossMoments farPart = new CrossMoments(1);
      CrossMoments nearPart = new CrossMoments(1);
      for (int row = 0; row < 100_000 / parts; row++) {
        double value = Math.rint(1024 * 5 * Samples.normal(random)) / 1024;
        farPart.add(new double[] {1e9 + value});
        nearPart.add(new double[] {value});
      }
      far.merge(farPart);
      near.merge(nearPart);
    }
    assertThat(near.variance(0)).isCloseTo(25, within(0.5));
    assertThat(far.variance(0)).isCloseTo(near.variance(0), within(1e-9 * near.variance(0)));
  }

  @Test
  void noRowsAndOneHaveNoVariance() {
    CrossMoments none = new CrossMoments(1);
    assertThat(none.mean(0)).isNaN();
    assertThat(none.variance(0)).isNaN();
    assertThat(none.isBinary(0)).isFalse();
    CrossMoments one = Samples.moments(1, 3);
    assertThat(one.mean(0)).isEqualTo(3);
    assertThat(one.variance(0)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0 1 1, true",
    "0 0 0, true",
    "1 1, true",
    "1, true",
    "0 2 0, false",
    "0.5 0.5, false",
    "-1 0 1, false",
    "0 1 0.999, false",
    "1e6 1e6, false"
  })
  void zerosAndOnesAreRecognised(String values, boolean expected) {
    assertThat(Samples.moments(1, Numbers.doubles(values)).isBinary(0)).isEqualTo(expected);
  }

  @Test
  void manyZerosAndOnesAreRecognised() {
    SplittableRandom random = new SplittableRandom(1);
    CrossMoments rare = new CrossMoments(1);
    for (int row = 0; row < 1_000_000; row++) {
      rare.add(new double[] {random.nextDouble() < 1e-5 ? 1 : 0});
    }
    assertThat(rare.isBinary(0)).isTrue();
    rare.add(new double[] {0.5});
    assertThat(rare.isBinary(0)).isFalse();
  }

  @Test
  void momentsOfSomebodyElseAreTakenAsTheyAre() {
    CrossMoments moments =
        CrossMoments.of(10, new double[] {1, -2}, new double[][] {{4, -3}, {-3, 9}});
    assertThat(moments.n()).isEqualTo(10);
    assertThat(moments.mean(1)).isEqualTo(-2);
    assertThat(moments.covariance(1, 0)).isEqualTo(-3);
    assertThat(moments.variance(0)).isEqualTo(4);
    assertThat(moments.variance(1)).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, 0, n is 0",
    "-1, 1, 1, 1, 0, n is -1",
    "5, NaN, 1, 1, 0, mean is NaN",
    "5, Infinity, 1, 1, 0, mean is Infinity",
    "5, 1, -1, 1, 0, variance is negative: -1.0",
    "5, 1, NaN, 1, 0, variance is NaN",
    "5, 1, 1, 4, 2.1, covariance 2.1 is beyond 2.0",
    "5, 1, 1, 4, -2.1, covariance -2.1 is beyond 2.0",
    "5, 1, 0, 4, 0.1, covariance 0.1 is beyond 0.0",
    "5, 1, 1, 4, NaN, covariance is NaN"
  })
  void whatNoRowsCanHaveIsRefused(
      long n, double mean, double first, double second, double covariance, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CrossMoments.of(
                    n,
                    new double[] {mean, 0},
                    new double[][] {{first, covariance}, {covariance, second}}))
        .withMessageContaining(why);
  }

  /** As version 1 wrote it: states are in files and between tasks, what is written stays so. */
  @Test
  void bytesAreThoseThatWereWrittenBefore() {
    CrossMoments moments = Samples.moments(2, 1, 2, 3, 2, 8, -1);
    assertThat(HexFormat.of().formatHex(moments.toBytes())).isEqualTo(GOLDEN);
    assertThat(HexFormat.of().formatHex(new CrossMoments(2).toBytes())).isEqualTo("01580200");
    CrossMoments read = CrossMoments.read(HexFormat.of().parseHex(GOLDEN));
    assertThat(read.n()).isEqualTo(3);
    assertThat(read.mean(0)).isEqualTo(4);
    assertThat(read.covariance(0, 1)).isCloseTo(-6, within(1e-14));
  }

  private static final String GOLDEN =
      "01580203401000000000000000000000000000003ff00000000000000000000000000000403a000000000000c0280000"
          + "000000004018000000000000";

  @Property(tries = 50)
  void bytesHoldEverything(@ForAll long seed, @ForAll @IntRange(max = 150) int rows) {
    CrossMoments moments = Samples.moments(2, values(new SplittableRandom(seed), rows, 1e9));
    CrossMoments read = CrossMoments.read(moments.toBytes());
    assertThat(read.toBytes()).isEqualTo(moments.toBytes());
    CrossMoments more = Samples.moments(2, 4, 7, 2, 1);
    moments.merge(more);
    read.merge(more);
    assertThat(read.toBytes()).isEqualTo(moments.toBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "01", "0258", "0145", "01580103", "0158ffff010000", "0158020000"})
  void otherBytesAreNone(String hex) {
    assertThatExceptionOfType(TelltaleException.class)
        .isThrownBy(() -> CrossMoments.read(HexFormat.of().parseHex(hex)));
  }
}
