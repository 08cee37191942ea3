package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.stats.Alternative;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Quantiles of two arms without a difference, of clustered rows. */
class QuantileSimulationTest {
  private static final int PAIRS = 2_000;
  private static final int UNITS = 1_000;
  private static final double[] QUANTILES = {0.5, 0.9, 0.95};

  /** Of the normal distribution, whose exponentials the rows are. */
  private static final double[] Z = {0, 1.2815515655446004, 1.6448536269514722};

  /** Of 2,000 at 5 %, the binomial 99 % band. */
  private static final int FEWEST = 75;

  private static final int MOST = 125;

  /** Pairs whose rows are taken for units as well, and far more of them than may err. */
  private static final int WITHOUT = 200;

  private static final int FAR_MORE = 40;

  private static final EffectTest TEST =
      EffectTest.of(Hypothesis.superiority(Alternative.TWO_SIDED), 0.05, EffectTest.Distribution.T);

  /** Of each quantile: intervals that lack the truth, and tests that find a difference. */
  private static final class Errors {
    private final int[] missed = new int[QUANTILES.length];
    private final int[] found = new int[QUANTILES.length];

    void count(QuantileState control, QuantileState variant) {
      for (int i = 0; i < QUANTILES.length; i++) {
        QuantileEstimate one = control.estimate(QUANTILES[i]);
        QuantileEstimate other = variant.estimate(QUANTILES[i]);
        double truth = Math.exp(Z[i]);
        missed[i] += one.low() <= truth && truth <= one.high() ? 0 : 1;
        ArmPair pair = QuantileEstimate.pair(one, other);
        found[i] += TEST.test(pair).absolute().pValue() < 0.05 ? 1 : 0;
      }
    }
  }

  @Test
  void intervalsCoverAndTestsErrAsOftenAsPromisedAndNotWithoutClusters() {
    SplittableRandom random = new SplittableRandom(20);
    Errors errors = new Errors();
    Errors withoutClusters = new Errors();
    for (int pair = 0; pair < PAIRS; pair++) {
      double[][] control = Rows.clustered(random, UNITS);
      double[][] variant = Rows.clustered(random, UNITS);
      errors.count(Rows.of(control), Rows.of(variant));
      if (pair < WITHOUT) {
        withoutClusters.count(eachRow(control), eachRow(variant));
      }
    }
    for (int i = 0; i < QUANTILES.length; i++) {
      assertThat(errors.missed[i]).as("missed %s", QUANTILES[i]).isBetween(FEWEST, MOST);
      assertThat(errors.found[i]).as("found %s", QUANTILES[i]).isBetween(FEWEST, MOST);
      assertThat(withoutClusters.missed[i]).isGreaterThan(FAR_MORE);
      assertThat(withoutClusters.found[i]).isGreaterThan(FAR_MORE);
    }
  }

  /** As if every row were a unit. */
  private static QuantileState eachRow(double[][] units) {
    QuantileState state = new QuantileState();
    for (double[] unit : units) {
      for (double row : unit) {
        Rows.add(state, row);
      }
    }
    return state;
  }

  /** Whole numbers: of the median little is left to test, and what is tested errs no more. */
  @Test
  void coarseValuesAreRefusedWhereTheyWouldBeFoundToDiffer() {
    SplittableRandom random = new SplittableRandom(21);
    int tested = 0;
    int found = 0;
    for (int pair = 0; pair < 500; pair++) {
      QuantileEstimate[] arms = new QuantileEstimate[2];
      for (int arm = 0; arm < 2; arm++) {
        double[][] units = Rows.clustered(random, 400);
        for (double[] unit : units) {
          for (int row = 0; row < unit.length; row++) {
            unit[row] = Math.rint(10 * unit[row]);
          }
        }
        arms[arm] = Rows.of(units).estimate(0.9);
        if (arms[arm].insufficient().isPresent()) {
          continue;
        }
        assertThat(Rows.of(units).estimate(0.5).insufficient()).isPresent();
      }
      if (arms[0].insufficient().isEmpty() && arms[1].insufficient().isEmpty()) {
        tested++;
        ArmPair both = QuantileEstimate.pair(arms[0], arms[1]);
        found += TEST.test(both).absolute().pValue() < 0.05 ? 1 : 0;
      }
    }
    assertThat(tested).isGreaterThan(450);
    // The binomial 99 % band of 500.
    assertThat(found).isBetween(13, 38);
  }
}
