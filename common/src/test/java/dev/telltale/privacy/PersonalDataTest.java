package dev.telltale.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PersonalDataTest {
  private static List<String> values(IntFunction<String> value) {
    return IntStream.range(0, 200).mapToObj(value).distinct().toList();
  }

  @Test
  void whatIsAboutPeopleIsTold() {
    assertThat(PersonalData.of(values(i -> "ann." + i + "@mail.example.org")))
        .contains(PersonalData.EMAIL);
    assertThat(PersonalData.of(values(i -> "+49 30 12 34 5" + (100 + i))))
        .contains(PersonalData.PHONE);
    assertThat(PersonalData.of(values(i -> String.format(Locale.ROOT, "(212) 555-0%03d", i))))
        .contains(PersonalData.PHONE);
    assertThat(PersonalData.of(values(PersonalDataTest::card))).contains(PersonalData.CARD);
    assertThat(PersonalData.of(values(i -> card(i).replaceAll("(....)", "$1 "))))
        .contains(PersonalData.CARD);
    assertThat(PersonalData.of(values(i -> "My parcel " + i + " came late, and nobody answered.")))
        .contains(PersonalData.FREE_TEXT);
    // Some are always written otherwise.
    List<String> mixed = new ArrayList<>(values(i -> "ann" + i + "@example.org"));
    mixed.addAll(values(i -> "unknown " + i).subList(0, 100));
    assertThat(PersonalData.of(mixed)).contains(PersonalData.EMAIL);
  }

  @Test
  void whatIsNotIsLeftAlone() {
    SplittableRandom random = new SplittableRandom(1);
    List<IntFunction<String>> harmless =
        List.of(
            i -> "category " + i,
            i -> Integer.toString(i),
            i -> Long.toString(random.nextLong(1_000_000_000_000_000L, 9_999_999_999_999_999L)),
            i -> "2001-03-" + (10 + i % 20) + " 10:" + (10 + i % 50),
            i -> (10 + i % 20) + "/03/" + (1900 + i),
            i -> "N" + (1000 + i) + "AA",
            i -> "10.0.0." + i,
            i -> Double.toString(random.nextDouble()),
            i -> new java.util.UUID(random.nextLong(), random.nextLong()).toString(),
            i -> Double.toString(-1000 - i),
            i -> "");
    for (IntFunction<String> value : harmless) {
      assertThat(PersonalData.of(values(value))).as(value.apply(7)).isEmpty();
    }
    assertThat(PersonalData.of(List.of("a@b.org", "c@d.org"))).isEmpty();
  }

  /** 16 digits with the check digit that makes Luhn's sum a multiple of ten. */
  private static String card(int i) {
    String digits = String.format(Locale.ROOT, "4000%011d", 7919L * i);
    int sum = 0;
    for (int k = 0; k < digits.length(); k++) {
      int digit = digits.charAt(digits.length() - 1 - k) - '0';
      int counted = k % 2 == 0 ? 2 * digit : digit;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return digits + (10 - sum % 10) % 10;
  }
}
