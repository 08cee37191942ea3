package dev.telltale.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LotTest {
  /**
   * Reference: Python 3.11, {@code int(hashlib.sha1(("telltale-sample:" +
   * id).encode()).hexdigest()[:13], 16) / 2**52}.
   */
  @Test
  void aClientInAnotherLanguageDecidesAlike() {
    assertThat(Lot.of("1")).isEqualTo(0.8643360619228042);
    assertThat(Lot.of("prediction-42")).isEqualTo(0.45245777318351155);
    assertThat(Lot.of("Zürich ✈")).isEqualTo(0.08150966660935799);
  }

  @Test
  void lotsAreUniform() {
    int below = 0;
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      double lot = Lot.of("id-" + i);
      assertThat(lot).isGreaterThanOrEqualTo(0).isLessThan(1);
      below += lot < 0.01 ? 1 : 0;
      sum += lot;
    }
    // Four standard deviations of a binomial count and of a mean of uniform numbers.
    assertThat(below).isBetween(1000 - 126, 1000 + 126);
    assertThat(sum / 100_000).isCloseTo(0.5, within(0.0037));
  }
}
