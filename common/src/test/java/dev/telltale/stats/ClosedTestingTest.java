package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class ClosedTestingTest {
  /** A test of the intersection of the hypotheses whose bit is set. */
  private interface Local {
    double pValue(int hypotheses);
  }

  /** By definition: the largest p-value of all intersections with the hypothesis. */
  private static double[] closed(int size, Local local) {
    double[] adjusted = new double[size];
    for (int set = 1; set < 1 << size; set++) {
      double p = Math.min(1, local.pValue(set));
      for (int i = 0; i < size; i++) {
        if ((set >> i & 1) == 1) {
          adjusted[i] = Math.max(adjusted[i], p);
        }
      }
    }
    return adjusted;
  }

  /**
   * Weights of an intersection not by removing one after the other but at once: a share walks along
   * the edges through the hypotheses that are not in the set until it enters the set.
   */
  private static double weighted(double[] shares, double[][] passed, double[] p, int set) {
    int[] in = members(shares.length, set);
    int[] out = members(shares.length, ~set);
    double[] weights = new double[in.length];
    for (int k = 0; k < in.length; k++) {
      weights[k] = shares[in[k]];
    }
    if (out.length > 0) {
      RealMatrix between = MatrixUtils.createRealIdentityMatrix(out.length);
      for (int a = 0; a < out.length; a++) {
        for (int b = 0; b < out.length; b++) {
          between.addToEntry(a, b, -passed[out[a]][out[b]]);
        }
      }
      RealMatrix start = MatrixUtils.createRealMatrix(1, out.length);
      for (int a = 0; a < out.length; a++) {
        start.setEntry(0, a, shares[out[a]]);
      }
      RealMatrix visits = start.multiply(new LUDecomposition(between).getSolver().getInverse());
      for (int k = 0; k < in.length; k++) {
        for (int a = 0; a < out.length; a++) {
          weights[k] += visits.getEntry(0, a) * passed[out[a]][in[k]];
        }
      }
    }
    return IntStream.range(0, in.length)
        .filter(k -> weights[k] > 0)
        .mapToDouble(k -> p[in[k]] / weights[k])
        .min()
        .orElse(1);
  }

  private static int[] members(int size, int set) {
    return IntStream.range(0, size).filter(i -> (set >> i & 1) == 1).toArray();
  }

  private static double[] pValues(SplittableRandom random, int size) {
    return random.doubles(size).map(x -> x * x * x).toArray();
  }

  @Test
  void aGraphIsTheClosedTestOfItsWeights() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 300; run++) {
      int size = 1 + random.nextInt(6);
      double[] shares = row(random, size, -1);
      double[][] passed = new double[size][];
      for (int i = 0; i < size; i++) {
        passed[i] = row(random, size, i);
      }
      double[] p = pValues(random, size);
      assertThat(ClosedTesting.graph(shares, passed).adjust(p))
          .containsExactly(closed(size, set -> weighted(shares, passed, p, set)), within(1e-12));
    }
  }

  /** Some edges are missing, and some of the share is lost, so that no walk is endless. */
  private static double[] row(SplittableRandom random, int size, int zero) {
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      row[i] = i == zero || random.nextInt(3) == 0 ? 0 : random.nextDouble();
    }
    double scale = (0.3 + 0.69 * random.nextDouble()) / Math.max(1e-9, Arrays.stream(row).sum());
    return Arrays.stream(row).map(x -> x * scale).toArray();
  }

  @Test
  void oneFamilyIsHolm() {
    SplittableRandom random = new SplittableRandom(2);
    for (int size = 1; size < 8; size++) {
      double[] p = pValues(random, size);
      assertThat(ClosedTesting.families(0.5, size).adjust(p))
          .containsExactly(MultipleTesting.HOLM.adjust(p), within(1e-12));
    }
  }

  /** Families of 2 and 1, all handed on: Bonferroni, and the last one with what is rejected. */
  @Test
  void rejectionsOpenTheNextFamily() {
    ClosedTesting families = ClosedTesting.families(1, 2, 1);
    assertThat(families.adjust(new double[] {0.01, 0.2, 0.015}))
        .containsExactly(new double[] {0.02, 0.4, 0.03}, within(1e-15));
    assertThat(families.adjust(new double[] {0.03, 0.2, 0.015}))
        .containsExactly(new double[] {0.06, 0.4, 0.06}, within(1e-15));
    assertThat(families.adjust(new double[] {0.01, 0.02, 0.03}))
        .containsExactly(new double[] {0.02, 0.04, 0.04}, within(1e-15));
  }

  @Test
  void halfHandedOnOpensTheNextFamilyHalfAsMuch() {
    double[] adjusted =
        ClosedTesting.families(0.5, 2, 2, 1).adjust(new double[] {0.01, 0.9, 0.012, 0.9, 0.9});
    // Half of the half that the first one had, in two: an eighth.
    assertThat(adjusted[2]).isCloseTo(0.096, within(1e-15));
    assertThat(adjusted[0]).isCloseTo(0.02, within(1e-15));
  }

  @Test
  void serialFamiliesAreTheClosedTestOfTheFirstFamilyPresent() {
    SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 200; run++) {
      double[] first = pValues(random, 3);
      double[] second = pValues(random, 2);
      double[] third = pValues(random, 1);
      double[] p = {first[0], first[1], first[2], second[0], second[1], third[0]};
      Local bonferroni =
          set -> {
            int family = (set & 7) != 0 ? set & 7 : (set & 24) != 0 ? set & 24 : set;
            return Arrays.stream(members(6, family)).mapToDouble(i -> p[i]).min().orElse(1)
                * Integer.bitCount(family);
          };
      double[] adjusted =
          Arrays.stream(ClosedTesting.serial(MultipleTesting.HOLM, first, second, third))
              .flatMapToDouble(Arrays::stream)
              .toArray();
      assertThat(adjusted).containsExactly(closed(6, bonferroni), within(1e-12));
    }
  }

  /** Hochberg's local test: the j-th largest p-value times j, the smallest of these. */
  @Test
  void serialHochbergIsTheClosedTestToo() {
    SplittableRandom random = new SplittableRandom(4);
    for (int run = 0; run < 200; run++) {
      double[] first = pValues(random, 3);
      double[] second = pValues(random, 3);
      double[] p = {first[0], first[1], first[2], second[0], second[1], second[2]};
      Local local =
          set -> {
            int family = (set & 7) != 0 ? set & 7 : set;
            double[] sorted =
                Arrays.stream(members(6, family)).mapToDouble(i -> p[i]).sorted().toArray();
            return IntStream.range(0, sorted.length)
                .mapToDouble(k -> sorted[k] * (sorted.length - k))
                .min()
                .orElse(1);
          };
      double[][] adjusted = ClosedTesting.serial(MultipleTesting.HOCHBERG, first, second);
      assertThat(new double[] {adjusted[0][0], adjusted[0][1], adjusted[0][2]})
          .containsExactly(MultipleTesting.HOCHBERG.adjust(first));
      double[] all = Arrays.stream(adjusted).flatMapToDouble(Arrays::stream).toArray();
      assertThat(all).containsExactly(closed(6, local), within(1e-12));
    }
  }

  @Test
  void falseAlarmsAreAsRareAsPromised() {
    SplittableRandom random = new SplittableRandom(5);
    ClosedTesting families = ClosedTesting.families(0.5, 2, 3);
    int alarms = 0;
    int runs = 20_000;
    for (int run = 0; run < runs; run++) {
      double[] p = random.doubles(5).toArray();
      p[0] = p[0] * 1e-6; // the only effect
      double[] adjusted = families.adjust(p);
      alarms += Arrays.stream(adjusted).skip(1).anyMatch(x -> x < 0.05) ? 1 : 0;
    }
    // Four standard errors; it is not far below either.
    assertThat(alarms / (double) runs).isBetween(0.03, 0.05 + 4 * Math.sqrt(0.05 / runs));
  }

  @Test
  void nothingAndNothingPassedOn() {
    assertThat(ClosedTesting.families(1).adjust(new double[0])).isEmpty();
    assertThat(ClosedTesting.serial(MultipleTesting.HOLM)).isEmpty();
    double[][] adjusted =
        ClosedTesting.serial(MultipleTesting.BONFERRONI, new double[0], new double[] {0.04});
    assertThat(adjusted[1]).containsExactly(0.04);
    double[][] none = {{0, 0}, {0, 0}};
    assertThat(ClosedTesting.graph(new double[] {1, 0}, none).adjust(new double[] {0.01, 1e-9}))
        .containsExactly(0.01, 1);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.graph(new double[] {0.7, 0.4}, new double[2][2]))
        .withMessage("Shares above 1: [0.7, 0.4]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.graph(new double[] {1}, new double[][] {{0.5}}))
        .withMessage("Row 0: [0.5]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.graph(new double[] {1}, new double[0][0]))
        .withMessage("0 rows for 1 hypotheses");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.families(0, 1, 2))
        .withMessage("0.0 onwards, sizes [1, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.families(1, 2).adjust(new double[] {0.1}))
        .withMessage("1 p-values for 2 hypotheses");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.families(1, 1).adjust(new double[] {Double.NaN}))
        .withMessage("Not a p-value: NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClosedTesting.serial(MultipleTesting.BENJAMINI_HOCHBERG))
        .withMessage("BENJAMINI_HOCHBERG of a family passes no alpha on");
  }

  /** Holm: alpha / m, then alpha / (m - 1), and what is left for those that are not rejected. */
  @Test
  void levelsAreThoseAtWhichEachIsTested() {
    ClosedTesting holm =
        ClosedTesting.graph(new double[] {0.5, 0.5}, new double[][] {{0, 1}, {1, 0}});
    assertThat(holm.levels(new double[] {0.03, 0.03}, 0.05)).containsExactly(0.025, 0.025);
    assertThat(holm.levels(new double[] {0.03, 0.02}, 0.05)).containsExactly(0.05, 0.025);
    assertThat(holm.levels(new double[] {0.06, 0.025}, 0.05)).containsExactly(0.05, 0.025);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> holm.levels(new double[] {0.03, 0.03}, 1));
  }

  /** At most the level is the same as an adjusted p-value of at most alpha. */
  @Test
  void levelsRejectWhatAdjustedPValuesReject() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 500; trial++) {
      ClosedTesting graph = ClosedTesting.families(random.nextDouble(0.05, 1), 3, 2, 2);
      double[] p = random.doubles(7).map(one -> one * one * 0.2).toArray();
      double[] adjusted = graph.adjust(p);
      double[] levels = graph.levels(p, 0.05);
      for (int i = 0; i < p.length; i++) {
        assertThat(levels[i] > 0 && p[i] <= levels[i]).isEqualTo(adjusted[i] <= 0.05);
      }
    }
  }
}
