package dev.telltale.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.experiment.ArmState;
import dev.telltale.trust.TrustCheck.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often sound experiments are doubted, and how soon bad ones are. Seeded. */
class TrustSimulationTest {
  private static final int DAYS = 28;

  /** Binomial counts of 3000 at 0.05, 99 %: SciPy 1.17.1, stats.binom.interval(.99, 3000, .05). */
  private static final int FEWEST = 120;

  private static final int MOST = 182;

  /**
   * 28 daily looks at 5,000 experiments without a mismatch. The sequential check may err in 50 by
   * its level, and errs in 8, 5 and 9; a p-value below .001 at any look is in 45, 50 and 57 of
   * them, one below 1e-6 in none.
   */
  @ParameterizedTest
  @CsvSource({"0.5, 200", "0.9, 200", "0.99, 600"})
  void soundExperimentsStayWithinTheLevel(double share, int daily) {
    SplittableRandom random = new SplittableRandom(41);
    int sequential = 0;
    int gross = 0;
    int warned = 0;
    for (int i = 0; i < 5_000; i++) {
      double largest = 0;
      boolean isGross = false;
      boolean isWarned = false;
      for (UnitCounts look : looks(random, share, share, daily, DAYS)) {
        largest =
            Math.max(largest, SequentialSampleRatioCheck.logEvidence(look.units(), look.shares()));
        isGross |= look.isEnough() && look.test().pValue() < SampleRatioCheck.GROSS;
        isWarned |= look.isEnough() && look.test().isMismatch();
      }
      sequential += Math.exp(-largest) < SequentialSampleRatioCheck.LEVEL ? 1 : 0;
      gross += isGross ? 1 : 0;
      warned += isWarned ? 1 : 0;
    }
    assertThat(sequential).isLessThanOrEqualTo(25);
    assertThat(gross).isLessThanOrEqualTo(5);
    assertThat(warned).isBetween(25, 110);
  }

  /** 51 to 49 instead of halves, 1,000 units a day: half are found by day 34, 90 % by day 61. */
  @Test
  void aMismatchIsFound() {
    SplittableRandom random = new SplittableRandom(42);
    int[] days = new int[200];
    for (int i = 0; i < days.length; i++) {
      days[i] = 201;
      int day = 0;
      for (UnitCounts look : looks(random, 0.5, 0.51, 1_000, 200)) {
        day++;
        double evidence = SequentialSampleRatioCheck.logEvidence(look.units(), look.shares());
        if (Math.exp(-evidence) < SequentialSampleRatioCheck.LEVEL) {
          days[i] = day;
          break;
        }
      }
    }
    Arrays.sort(days);
    assertThat(days[100]).isBetween(30, 40);
    assertThat(days[180]).isLessThan(70);
  }

  private static List<UnitCounts> looks(
      SplittableRandom random, double plan, double real, int daily, int days) {
    Map<String, Double> shares = Map.of("A", plan, "B", 1 - plan);
    List<UnitCounts> looks = new ArrayList<>();
    long a = 0;
    long b = 0;
    for (int day = 0; day < days; day++) {
      long[] drawn = Looks.draw(random, daily, real, 1 - real);
      a += drawn[0];
      b += drawn[1];
      looks.add(UnitCounts.of(shares, Map.of("A", a, "B", b)));
    }
    return looks;
  }

  /** Skewed values whose later half is like the first: 99 % of 3000 at .05. */
  @ParameterizedTest
  @CsvSource({"150, 150", "120, 600"})
  void likeArmsAreDoubtedAsOftenAsTheLevelSays(int units, int others) {
    SplittableRandom random = new SplittableRandom(43);
    int before = 0;
    int change = 0;
    int warnings = 0;
    for (int i = 0; i < 3_000; i++) {
      ArmState a = arm(random, units);
      ArmState b = arm(random, others);
      TrustCheck bias =
          new Looks().preDays(7).arm("A", a).arm("B", b).one(new PreExposureBiasCheck());
      TrustCheck novelty =
          new Looks()
              .halves(new TrustData.Halves("revenue", "B", a.moments(0), b.moments(0)))
              .one(new NoveltyCheck());
      before += bias.pValue().orElseThrow() < 0.05 ? 1 : 0;
      change += novelty.pValue().orElseThrow() < 0.05 ? 1 : 0;
      warnings += bias.status() == Status.WARNING ? 1 : 0;
      warnings += novelty.status() == Status.WARNING ? 1 : 0;
    }
    assertThat(before).isBetween(FEWEST, MOST);
    assertThat(change).isBetween(FEWEST, MOST);
    // At .001 and .01: 33 of both together.
    assertThat(warnings).isBetween(15, 60);
  }

  /** Rates of the halves of a unit's days, which are alike for a unit, exponential. */
  private static ArmState arm(SplittableRandom random, int units) {
    ArmState arm = new ArmState(2);
    for (int i = 0; i < units; i++) {
      double level = -Math.log(1 - random.nextDouble());
      arm.add(
          0,
          new double[] {
            level - Math.log(1 - random.nextDouble()), level - Math.log(1 - random.nextDouble())
          },
          -1);
    }
    return arm;
  }

  /** Exponential values: warnings of 1,000 are 1, 23 and 0. */
  @ParameterizedTest
  @CsvSource({"200, 200, 10", "200, 2000, 45", "2000, 2000, 0"})
  void skewedArmsAreSeldomSaidToHaveOutliers(int units, int others, int most) {
    SplittableRandom random = new SplittableRandom(44);
    int warnings = 0;
    for (int i = 0; i < 1_000; i++) {
      Looks look = new Looks();
      look.arm("A", exponential(random, others)).arm("B", exponential(random, units));
      warnings += look.one(new OutliersCheck()).status() == Status.WARNING ? 1 : 0;
    }
    assertThat(warnings).isLessThanOrEqualTo(most);
  }

  private static ArmState exponential(SplittableRandom random, int units) {
    ArmState arm = new ArmState(1);
    for (int i = 0; i < units; i++) {
      arm.add(0, new double[] {-Math.log(1 - random.nextDouble())}, -1);
    }
    return arm;
  }
}
