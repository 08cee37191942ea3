package dev.telltale.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Privacy;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PseudonymTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-01-01");
  private static final LocalDate SECOND = LocalDate.parse("2026-07-01");

  private static Privacy.Key key(LocalDate from, String secret) {
    return new Privacy.Key(from, "VARIABLE", Optional.of(secret));
  }

  /** RFC 4231, test case 2; the key there is shorter than ours may be. */
  @Test
  void theCodeIsHmacSha256() {
    Pseudonym pseudonym = new Pseudonym(List.of(key(FIRST, "Jefe")));
    assertThat(pseudonym.of("what do ya want for nothing?", 0))
        .isEqualTo("5bdcc146bf60754e6a042426089575c7");
  }

  @Test
  void theDayOfThePredictionTellsTheKey() {
    Pseudonym pseudonym = new Pseudonym(List.of(key(FIRST, "first"), key(SECOND, "second")));
    List<String> all = pseudonym.all("ann");
    assertThat(all).doesNotHaveDuplicates().hasSize(2);
    assertThat(pseudonym.of("ann", FIRST.toEpochDay())).isEqualTo(all.get(0));
    assertThat(pseudonym.of("ann", SECOND.toEpochDay() - 1)).isEqualTo(all.get(0));
    assertThat(pseudonym.of("ann", SECOND.toEpochDay())).isEqualTo(all.get(1));
    assertThat(pseudonym.of("ann", FIRST.toEpochDay() - 1)).isEqualTo(all.get(0));
  }

  @Test
  void aKeyDoesNotTellItsSecret() {
    assertThat(key(FIRST, "a secret")).asString().doesNotContain("a secret");
  }
}
