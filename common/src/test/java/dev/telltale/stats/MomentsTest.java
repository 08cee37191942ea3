package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  /** What merging states may cost: the promise of the states, kept for every order of merging. */
  private static final double MERGED = 1e-12;

  @ParameterizedTest
  @CsvFileSource(
      resources = "moments.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 100_000)
  void areThoseOfExactArithmetic(
      String name,
      String values,
      double mean,
      double variance,
      double skewness,
      double excessKurtosis) {
    double[] sample = Numbers.doubles(values);
    for (Moments moments : new Moments[] {block(sample), oneByOne(sample), inParts(sample, 7)}) {
      assertThat(moments.count()).as(name).isEqualTo(sample.length);
      assertThat(moments.mean()).isCloseTo(mean, relative(mean));
      assertThat(moments.populationVariance()).isCloseTo(variance, relative(variance));
      if (Double.isNaN(skewness)) {
        assertThat(moments.skewness()).isNaN();
        assertThat(moments.excessKurtosis()).isNaN();
      } else {
        // Sums of third powers cancel; of fourth powers three is taken.
        assertThat(moments.skewness()).isCloseTo(skewness, within(1e-11));
        assertThat(moments.excessKurtosis()).isCloseTo(excessKurtosis, within(1e-11));
      }
    }
  }

  private static Offset<Double> relative(double expected) {
    return within(Math.max(MERGED * Math.abs(expected), Double.MIN_VALUE));
  }

  private static Moments block(double... values) {
    Moments moments = new Moments();
    moments.add(values, 0, values.length);
    return moments;
  }

  private static Moments oneByOne(double... values) {
    Moments moments = new Moments();
    for (double value : values) {
      moments.add(value);
    }
    return moments;
  }

  private static Moments inParts(double[] values, int size) {
    Moments moments = new Moments();
    for (int from = 0; from < values.length; from += size) {
      moments.merge(block(Arrays.copyOfRange(values, from, Math.min(values.length, from + size))));
    }
    return moments;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 17, 512, 4096})
  void mergedPartsEqualOnePassAtAMeanOfABillion(int size) {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[100_000];
    Arrays.setAll(values, i -> 1e9 + 5 * random.nextGaussian());

    assertSame(inParts(values, size), block(values));
  }

  @Test
  void theOrderOfMergingDoesNotCount() {
    SplittableRandom random = new SplittableRandom(2);
    Moments[] parts = new Moments[24];
    for (int hour = 0; hour < parts.length; hour++) {
      double[] values = new double[100 + 400 * hour];
      Arrays.setAll(values, i -> 1e9 + 5 * random.nextGaussian());
      parts[hour] = block(values);
    }
    Moments forwards = new Moments();
    Moments backwards = new Moments();
    Moments tree = pairwise(parts, 0, parts.length);
    for (int hour = 0; hour < parts.length; hour++) {
      forwards.merge(parts[hour]);
      backwards.merge(parts[parts.length - 1 - hour]);
    }

    assertSame(backwards, forwards);
    assertSame(tree, forwards);
  }

  private static Moments pairwise(Moments[] parts, int from, int to) {
    Moments merged = new Moments();
    if (to - from == 1) {
      merged.merge(parts[from]);
    } else {
      int middle = (from + to) / 2;
      merged.merge(pairwise(parts, from, middle));
      merged.merge(pairwise(parts, middle, to));
    }
    return merged;
  }

  private static void assertSame(Moments actual, Moments expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.mean()).isCloseTo(expected.mean(), relative(expected.mean()));
    assertThat(actual.m2()).isCloseTo(expected.m2(), relative(expected.m2()));
    assertThat(actual.m4()).isCloseTo(expected.m4(), relative(expected.m4()));
    // The third powers cancel to about nothing; what they are measured by is their size.
    double size = Math.pow(expected.populationVariance(), 1.5) * expected.count();
    assertThat(actual.m3()).isCloseTo(expected.m3(), within(MERGED * size));
  }

  @Test
  void valuesAtTheEndOfTheRangeSaturateAndAreNeverNaN() {
    double huge = 1e308;
    double most = Double.MAX_VALUE;
    for (double[] values :
        new double[][] {
          {huge, huge, huge},
          {huge, -huge},
          {most, -most, most},
          {-most, -most},
          {huge, 1, -huge, 0},
          {most, most, most, most, most, 1},
        }) {
      for (Moments moments :
          new Moments[] {
            block(values), oneByOne(values), inParts(values, 2), twice(values), thrice(values)
          }) {
        assertThat(moments.mean()).as(Arrays.toString(values)).isFinite();
        assertThat(Math.abs(moments.mean())).isLessThanOrEqualTo(most);
        assertThat(moments.meanLow()).isFinite();
        assertThat(moments.m2()).isNotNaN().isNotNegative();
        assertThat(moments.m3()).isNotNaN();
        assertThat(moments.m4()).isNotNaN().isNotNegative();
        assertThat(moments.populationVariance()).isNotNaN();
        assertThat(moments.populationStandardDeviation()).isNotNaN();
      }
    }
    assertThat(block(huge, huge, huge).mean()).isEqualTo(huge);
    assertThat(block(huge, huge, huge).m2()).isZero();
    assertThat(block(huge, -huge).mean()).isZero();
    assertThat(block(huge, -huge).m2()).isInfinite();
  }

  private static Moments twice(double[] values) {
    Moments moments = block(values);
    moments.merge(block(values));
    return moments;
  }

  private static Moments thrice(double[] values) {
    Moments moments = oneByOne(values);
    moments.merge(twice(values));
    return moments;
  }

  @Property
  void finiteValuesNeverGiveNaN(
      @ForAll @Size(min = 1, max = 20) double[] values,
      @ForAll @IntRange(min = 1, max = 5) int size) {
    double[] finite = Arrays.stream(values).map(v -> Double.isFinite(v) ? v : 0).toArray();
    for (Moments moments :
        new Moments[] {block(finite), oneByOne(finite), inParts(finite, size), twice(finite)}) {
      assertThat(moments.mean()).isFinite();
      assertThat(moments.m2()).isNotNaN().isNotNegative();
      assertThat(moments.m3()).isNotNaN();
      assertThat(moments.m4()).isNotNaN().isNotNegative();
    }
  }

  @Test
  void valuesWhosePowersVanishHaveNoShape() {
    Moments moments = block(1e-150, 2e-150, 4e-150);
    assertThat(moments.populationVariance()).isPositive();
    assertThat(moments.skewness()).isNaN();
    assertThat(moments.excessKurtosis()).isNaN();
  }

  @Test
  void constantValuesHaveNoVarianceHoweverTheyAreMerged() {
    double[] values = new double[1000];
    Arrays.fill(values, 0.1);
    for (Moments moments : new Moments[] {block(values), oneByOne(values), inParts(values, 3)}) {
      assertThat(moments.mean()).isEqualTo(0.1);
      assertThat(moments.m2()).isZero();
      assertThat(moments.skewness()).isNaN();
    }
  }

  @Test
  void withoutValuesNothingIsKnown() {
    Moments empty = new Moments();
    empty.add(new double[] {1, 2}, 1, 1);
    empty.merge(new Moments());
    assertThat(empty.count()).isZero();
    assertThat(empty.mean()).isNaN();
    assertThat(empty.populationVariance()).isNaN();
    assertThat(empty.sampleVariance()).isNaN();
    assertThat(empty.skewness()).isNaN();
    assertThat(empty.excessKurtosis()).isNaN();
    assertThat(empty.m2()).isZero();

    Moments one = block(7);
    one.merge(empty);
    assertThat(one.mean()).isEqualTo(7);
    assertThat(one.populationVariance()).isZero();
    assertThat(one.sampleVariance()).isNaN();
  }

  @Test
  void theSampleVarianceDividesByOneLess() {
    Moments moments = block(1, 2, 3, 6);
    assertThat(moments.populationVariance()).isEqualTo(3.5);
    assertThat(moments.sampleVariance()).isEqualTo(14.0 / 3);
    assertThat(moments.populationStandardDeviation()).isEqualTo(Math.sqrt(3.5));
    assertThat(moments.sampleStandardDeviation()).isEqualTo(Math.sqrt(14.0 / 3));
  }

  @Test
  void storedMomentsAreTheSameMoments() {
    Moments moments = inParts(new double[] {1e9, 1e9 + 3, 1e9 - 1, 1e9 + 7}, 1);
    Moments stored =
        new Moments(
            moments.count(),
            moments.mean(),
            moments.meanLow(),
            moments.m2(),
            moments.m3(),
            moments.m4());
    assertThat(stored.meanLow()).isEqualTo(moments.meanLow());
    assertSame(stored, moments);
    assertThat(new Moments(0, 5, 5, 5, 5, 5).mean()).isNaN();
    assertThatThrownBy(() -> new Moments(-1, 0, 0, 0, 0, 0)).hasMessage("Count is negative: -1");
  }
}
