package dev.telltale.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.RepeatedInterval;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequentialPValuesTest {
  /** z of a path with a drift, by look. */
  static double[] path(SplittableRandom random, double drift, double... information) {
    double[] z = new double[information.length];
    double walk = 0;
    double before = 0;
    for (int k = 0; k < z.length; k++) {
      double more = information[k] - before;
      walk += drift * more + Math.sqrt(more) * Units.normal(random);
      before = information[k];
      z[k] = walk / Math.sqrt(before);
    }
    return z;
  }

  @ParameterizedTest
  @CsvSource({"obf, TWO", "pocock, TWO", "power:2, TWO", "obf, ONE", "power:1, ONE"})
  void pValuesAreThoseOfTheRepeatedInterval(String name, Sides sides) {
    Spending spending = Spending.of(name);
    double[] information = {0.05, 0.11, 0.3, 0.34, 0.6, 0.75, 1};
    SplittableRandom random = new SplittableRandom(5);
    for (boolean isLast : new boolean[] {true, false}) {
      SequentialPValues values = SequentialPValues.start(sides, spending);
      GroupSequentialBounds bounds =
          GroupSequentialBounds.start(new SequentialDesign(0.05, sides, spending));
      double[] fractions = information.clone();
      fractions[6] = isLast ? 0.9 : 0.97;
      for (int k = 0; k < fractions.length; k++) {
        boolean isFinal = isLast && k == fractions.length - 1;
        values = isFinal ? values.last(fractions[k]) : values.next(fractions[k]);
        bounds = isFinal ? bounds.last(fractions[k]) : bounds.next(fractions[k]);
      }
      for (int trial = 0; trial < 40; trial++) {
        double[] z = path(random, trial % 8, fractions);
        double exact = RepeatedInterval.pValue(bounds, z);
        double found = values.pValue(z).value();
        assertThat(found).isCloseTo(exact, within(exact < 1e-10 ? exact : 1e-3 * exact));
        assertThat(values.isCrossed(0.05, z)).isEqualTo(exact <= 0.05);
      }
    }
  }

  @Test
  void theLookIsTheOneThatIsFarthestOut() {
    SequentialPValues two = SequentialPValues.start(Sides.TWO, Spending.of("pocock")).next(0.5);
    two = two.next(1);
    assertThat(two.pValue(3, 1).look()).isEqualTo(1);
    assertThat(two.pValue(1, -3).look()).isEqualTo(2);
    assertThat(two.looks()).isEqualTo(2);
  }

  /** Beyond every bound, and where nothing may be spent. */
  @Test
  void theEnds() {
    SequentialPValues one = SequentialPValues.start(Sides.TWO, Spending.of("obf")).next(1);
    assertThat(one.pValue(30).value()).isEqualTo(1e-13);
    assertThat(one.pValue(0).value()).isEqualTo(1);
    SequentialPValues early = SequentialPValues.start(Sides.TWO, Spending.of("obf")).next(1 / 28.0);
    double exact = RepeatedInterval.pValue(early.bounds(0.05), 20);
    assertThat(early.pValue(20).value()).isCloseTo(exact, within(1e-3 * exact)).isGreaterThan(0.1);
  }

  @Test
  void refusesWhatIsNoLook() {
    SequentialPValues none = SequentialPValues.start(Sides.TWO, Spending.of("obf"));
    assertThatIllegalArgumentException().isThrownBy(() -> none.pValue());
    assertThatIllegalArgumentException().isThrownBy(() -> none.next(0));
    assertThatIllegalArgumentException().isThrownBy(() -> none.next(1).pValue(Double.NaN));
    assertThatIllegalStateException().isThrownBy(() -> none.last(0.5).next(1));
    assertThat(none.next(0.5)).isSameAs(none.next(0.5));
  }

  /** Measured at 0.14 to 0.46 s; the limit leaves room for busy machines. */
  @Test
  void fiveHundredPValuesOfTheTwentyEighthNightTakeTwoSeconds() {
    SplittableRandom random = new SplittableRandom(7);
    double[] information = new double[28];
    long start = System.nanoTime();
    SequentialPValues values = SequentialPValues.start(Sides.TWO, Spending.of("obf"));
    for (int k = 0; k < 28; k++) {
      information[k] = (k + 1) / 28.0;
      values = values.next(information[k]);
    }
    double sum = 0;
    for (int i = 0; i < 500; i++) {
      sum += values.pValue(path(random, i % 5, information)).value();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(sum).isPositive();
    assertThat(seconds).isLessThan(10);
  }
}
