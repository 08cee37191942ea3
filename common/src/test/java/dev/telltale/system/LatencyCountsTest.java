package dev.telltale.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatencyCountsTest {
  /** One percent, and the rounding of a logarithm. */
  private static final double ERROR = LatencyCounts.RELATIVE_ERROR * (1 + 1e-9);

  private enum Latencies {
    LOGNORMAL {
      @Override
      double draw(Random random) {
        return Math.exp(4 + random.nextGaussian());
      }
    },
    WITH_ZEROS {
      @Override
      double draw(Random random) {
        return random.nextInt(3) == 0 ? 0 : Math.exp(2 * random.nextGaussian());
      }
    },
    ONE_VALUE {
      @Override
      double draw(Random random) {
        return 123.456;
      }
    },
    /** A Pareto distribution without a mean: the largest of 20,000 are beyond 1e8. */
    HEAVY_TAIL {
      @Override
      double draw(Random random) {
        return Math.pow(1 - random.nextDouble(), -2);
      }
    },
    WHOLE_MILLISECONDS {
      @Override
      double draw(Random random) {
        return 1 + random.nextInt(40);
      }
    };

    abstract double draw(Random random);

    double[] sample() {
      Random random = new Random(name().length());
      return DoubleStream.generate(() -> draw(random)).limit(20_000).toArray();
    }
  }

  private static LatencyCounts of(double... values) {
    LatencyCounts counts = new LatencyCounts();
    for (double value : values) {
      counts.add(value, 1);
    }
    return counts;
  }

  @ParameterizedTest
  @EnumSource(Latencies.class)
  void everyQuantileIsWithinOnePercentOfTheExact(Latencies latencies) {
    double[] values = latencies.sample();
    LatencyCounts counts = of(values);
    Arrays.sort(values);
    assertThat(counts.total()).isEqualTo(values.length);
    for (int rank = 1; rank <= values.length; rank += 7) {
      double exact = values[rank - 1];
      assertThat(counts.atRank(rank)).as("rank %d", rank).isCloseTo(exact, within(exact * ERROR));
    }
    double largest = values[values.length - 1];
    assertThat(counts.atRank(values.length)).isCloseTo(largest, within(largest * ERROR));
  }

  @ParameterizedTest
  @EnumSource(Latencies.class)
  void aboveCountsNothingThatIsNotAboveAndMissesOnlyWhatIsWithinTwoPercent(Latencies latencies) {
    double[] values = latencies.sample();
    LatencyCounts counts = of(values);
    Random random = new Random(9);
    for (int i = 0; i < 500; i++) {
      double seen = values[random.nextInt(values.length)];
      for (double value : new double[] {seen, Math.nextDown(seen), seen * 1.005, seen / 3}) {
        long above = Arrays.stream(values).filter(one -> one > value).count();
        long wellAbove =
            Arrays.stream(values).filter(one -> one > Math.max(2e-6, value * 1.021)).count();
        assertThat(counts.above(value)).as("above %s", value).isBetween(wellAbove, above);
      }
    }
    assertThat(counts.above(0)).isEqualTo(Arrays.stream(values).filter(value -> value > 0).count());
    assertThat(counts.above(Double.MAX_VALUE)).isZero();
  }

  @Test
  void ranksBeyondTheEndsAreTheEnds() {
    LatencyCounts counts = of(10, 20, 30);
    assertThat(counts.atRank(0)).isCloseTo(10, within(10 * ERROR));
    assertThat(counts.atRank(4)).isCloseTo(30, within(30 * ERROR));
    assertThat(new LatencyCounts().atRank(1)).isZero();
    assertThat(of(0, 0, 5).atRank(2)).isZero();
    assertThat(of(0, 0, 5).atRank(2.1)).isCloseTo(5, within(5 * ERROR));
  }

  @Test
  void aWeightCountsAsSoManyLatencies() throws IOException {
    LatencyCounts weighted = new LatencyCounts();
    weighted.add(7, 3);
    weighted.add(0, 2);
    weighted.add(90, 1);
    assertThat(bytes(weighted)).isEqualTo(bytes(of(7, 0, 7, 90, 0, 7)));
    assertThat(weighted.total()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource(Latencies.class)
  void mergingInAnyOrderGivesTheSameBytes(Latencies latencies) throws IOException {
    double[] values = latencies.sample();
    byte[] whole = bytes(of(values));
    List<LatencyCounts> parts = new ArrayList<>();
    for (int from = 0; from < values.length; ) {
      int to = Math.min(values.length, from + 1 + (from * 7 + 331) % 2000);
      parts.add(of(Arrays.copyOfRange(values, from, to)));
      from = to;
    }
    parts.add(new LatencyCounts());
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(parts, new Random(seed));
      LatencyCounts merged = new LatencyCounts();
      parts.forEach(merged::merge);
      assertThat(bytes(merged)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @EnumSource(Latencies.class)
  void bytesAreReadAsTheyWereWritten(Latencies latencies) throws IOException {
    LatencyCounts counts = of(latencies.sample());
    LatencyCounts read = read(bytes(counts));
    assertThat(bytes(read)).isEqualTo(bytes(counts));
    for (int rank = 1; rank <= counts.total(); rank += 501) {
      assertThat(read.atRank(rank)).isEqualTo(counts.atRank(rank));
    }
  }

  /** A nanosecond is told from none, and anything that a double holds from what is longer. */
  @Test
  void theShortestAndTheLongestSurvive() throws IOException {
    double[] values = {
      0, Double.MIN_VALUE, 1e-9, 1e-6, 1.0000001e-6, 1.01e-6, 1.02e-6, 1, 1e300, Double.MAX_VALUE
    };
    for (double value : values) {
      LatencyCounts counts = of(value);
      assertThat(bytes(read(bytes(counts)))).as("%s", value).isEqualTo(bytes(counts));
      assertThat(counts.total()).isEqualTo(1);
      if (value > 1.001e-6) {
        assertThat(counts.atRank(1)).isCloseTo(value, Percentage.withPercentage(1.001));
      } else {
        assertThat(counts.atRank(1)).isBetween(0.0, 1.03e-6);
      }
    }
    LatencyCounts all = of(values);
    assertThat(bytes(read(bytes(all)))).isEqualTo(bytes(all));
    assertThat(all.total()).isEqualTo(values.length);
  }

  private static byte[] bytes(LatencyCounts counts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    counts.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static LatencyCounts read(byte[] bytes) throws IOException {
    LatencyCounts counts = new LatencyCounts();
    counts.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    return counts;
  }
}
