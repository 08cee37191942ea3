package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draws items again and again: whether the errors of kappa are those it has. */
class KappaErrorTest {
  private static final int SIMULATIONS = 4000;

  @ParameterizedTest
  @CsvSource({"0.6, 0.7", "0.8, 0.8", "0.95, 0.8"})
  void theIntervalOfTwoAnnotatorsCovers(double first, double second) {
    SplittableRandom random = new SplittableRandom(1);
    double truth = Raters.kappa(first, second);
    int covered = 0;
    for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
      long[][] table = new long[Raters.CLASSES][Raters.CLASSES];
      for (int item = 0; item < 200; item++) {
        int rated = Raters.truth(random);
        table[Raters.rating(random, rated, first)][Raters.rating(random, rated, second)]++;
      }
      Kappa kappa = CohenKappa.of(table).orElseThrow();
      covered += kappa.low() <= truth && truth <= kappa.high() ? 1 : 0;
    }
    assertCovered(covered);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.6, 0.8, 0.9})
  void theIntervalOfTwoToFiveAnnotatorsCovers(double accuracy) {
    SplittableRandom random = new SplittableRandom(3);
    double truth = Raters.kappa(accuracy, accuracy);
    int covered = 0;
    for (int simulation = 0; simulation < SIMULATIONS; simulation++) {
      Kappa kappa = FleissKappaTest.of(drawn(random, 100, accuracy)).kappa().orElseThrow();
      covered += kappa.low() <= truth && truth <= kappa.high() ? 1 : 0;
    }
    assertCovered(covered);
  }

  private static void assertCovered(int covered) {
    // The share of 4000 simulations has a standard error of 0.34 %.
    assertThat((double) covered / SIMULATIONS).isBetween(0.93, 0.97);
  }

  @Test
  void theErrorIsCloseToThatOfTheJackknife() {
    List<int[]> items = drawn(new SplittableRandom(2), 200, 0.8);
    double[] without = new double[items.size()];
    for (int left = 0; left < without.length; left++) {
      List<int[]> others = new ArrayList<>(items);
      others.remove(left);
      without[left] = FleissKappaTest.of(others).kappa().orElseThrow().value();
    }
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = Arrays.stream(without).map(x -> (x - mean) * (x - mean)).sum();
    double jackknife = Math.sqrt(squares * (without.length - 1) / without.length);

    // They differ by the order of 1 / n.
    assertThat(FleissKappaTest.of(items).kappa().orElseThrow().standardError())
        .isCloseTo(jackknife, within(0.01 * jackknife));
  }

  /** Items with two to five ratings each. */
  private static List<int[]> drawn(SplittableRandom random, int size, double accuracy) {
    List<int[]> items = new ArrayList<>();
    for (int item = 0; item < size; item++) {
      int[] votes = new int[Raters.CLASSES];
      int truth = Raters.truth(random);
      for (int raters = random.nextInt(2, 6); raters > 0; raters--) {
        votes[Raters.rating(random, truth, accuracy)]++;
      }
      items.add(votes);
    }
    return items;
  }
}
