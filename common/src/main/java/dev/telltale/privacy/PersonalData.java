package dev.telltale.privacy;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a column's values look like, where they look like something about a person. A guess from
 * their form, made to be right about columns and not about values: at least {@value #FEWEST}
 * different values are looked at, and most of them have to have the form.
 */
public enum PersonalData {
  /** An address such as {@code ann@example.org}. */
  EMAIL("e-mail addresses", PersonalData::isEmail),
  /** Digits with a country code or separated as people write them, and no date. */
  PHONE("phone numbers", PersonalData::isPhone),
  /** 13 to 19 digits with a check digit (ISO/IEC 7812-1); one number in ten has it by chance. */
  CARD("card numbers", PersonalData::isCard),
  /** Five words or more: what people wrote may hold anything. */
  FREE_TEXT("free text", PersonalData::isText);

  /** Fewer different values are a list of choices and not of people. */
  static final int FEWEST = 20;

  private static final double MOST = 0.5;

  private static final Pattern EMAIL_FORM =
      Pattern.compile("[^\\s@]+@[^\\s@]+\\.[\\p{L}]{2,}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern PHONE_FORM =
      Pattern.compile("(?=.*[+() /-])[+(0-9][0-9() ./-]*[0-9]");
  private static final Pattern DATE_FORM =
      Pattern.compile(
          "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}.*");
  private static final Pattern CARD_FORM = Pattern.compile("[0-9]([ -]?[0-9]){12,18}");
  private static final Pattern WORD =
      Pattern.compile("\\p{Punct}?[\\p{L}'’-]{2,40}\\p{Punct}{0,3}");
  private static final int WORDS = 5;
  private static final int MOST_TOKENS = 50;

  private final String words;
  private final Predicate<String> form;

  PersonalData(String words, Predicate<String> form) {
    this.words = words;
    this.form = form;
  }

  /** For a sentence. */
  public String words() {
    return words;
  }

  /**
   * What most of the values look like.
   *
   * @param values different ones
   * @return empty if there are few, or most look like nothing of these
   */
  public static Optional<PersonalData> of(Collection<String> values) {
    if (values.size() < FEWEST) {
      return Optional.empty();
    }
    for (PersonalData kind : values()) {
      double matching = values.stream().map(String::strip).filter(kind.form).count();
      if (matching >= MOST * values.size()) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static boolean isEmail(String value) {
    return EMAIL_FORM.matcher(value).matches();
  }

  private static boolean isPhone(String value) {
    long digits = value.chars().filter(Character::isDigit).count();
    return digits >= 7
        && digits <= 15
        && PHONE_FORM.matcher(value).matches()
        && !DATE_FORM.matcher(value).matches();
  }

  private static boolean isCard(String value) {
    if (!CARD_FORM.matcher(value).matches()) {
      return false;
    }
    String digits = value.replaceAll("[^0-9]", "");
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int counted = i % 2 == 1 ? 2 * digit : digit;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return sum % 10 == 0;
  }

  private static boolean isText(String value) {
    return Stream.of(value.split("\\s+", MOST_TOKENS)).filter(WORD.asMatchPredicate()).count()
        >= WORDS;
  }
}
