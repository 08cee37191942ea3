package dev.telltale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  /** BigDecimal adds exactly, and slowly. */
  @Property(tries = 300)
  void isTheSumOfBigDecimals(@ForAll List<Double> terms) {
    ExactSum sum = new ExactSum();
    BigDecimal exact = BigDecimal.ZERO;
    for (double term : terms) {
      sum.add(term);
      exact = exact.add(new BigDecimal(term));
    }
    assertThat(sum.exact()).isEqualByComparingTo(exact);
    assertThat(sum.value()).isEqualTo(exact.doubleValue());
  }

  @Property(tries = 200)
  void orderAndMergingDoNotMatter(@ForAll Random random) {
    List<Double> terms = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      terms.add(random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
    }
    ExactSum one = new ExactSum();
    terms.forEach(one::add);
    Collections.shuffle(terms, random);
    ExactSum merged = new ExactSum();
    for (int from = 0; from < terms.size(); from += 700) {
      ExactSum part = new ExactSum();
      terms.subList(from, Math.min(terms.size(), from + 700)).forEach(part::add);
      merged.add(new ExactSum(part.first(), part.digits()));
    }
    assertThat(merged.first()).isEqualTo(one.first());
    assertThat(merged.digits()).isEqualTo(one.digits());
    merged.subtract(one);
    assertThat(merged.value()).isZero();
    assertThat(merged.digits()).isEmpty();
  }

  @Test
  void squaresAreNotRounded() {
    ExactSum sum = new ExactSum();
    sum.addSquare(1e9 + 5);
    assertThat(sum.exact()).isEqualByComparingTo("1000000010000000025");
  }

  @Test
  void theEndsOfTheRangeAreRight() {
    ExactSum sum = new ExactSum();
    sum.add(Double.MAX_VALUE);
    sum.add(Double.MAX_VALUE);
    sum.add(Double.MIN_VALUE);
    assertThat(sum.value()).isEqualTo(Double.POSITIVE_INFINITY);
    sum.add(-Double.MAX_VALUE);
    sum.add(-Double.MAX_VALUE);
    assertThat(sum.value()).isEqualTo(Double.MIN_VALUE);
    assertThatThrownBy(() -> sum.add(Double.NaN)).hasMessage("Not finite: NaN");
  }
}
