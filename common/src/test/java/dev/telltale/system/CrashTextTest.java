package dev.telltale.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTextTest {
  private static final String JAVA =
      """
      java.lang.IllegalStateException: user %s has no %s
      \tat com.example.Score.of(Score.java:%d)
      \tat com.example.Batch$Run.lambda$0(Batch.java:71)
      Caused by: java.io.IOException: /data/%s/model.bin: %s
      \tat com.example.Files.read(Files.java:12)
      """;

  private static final String PYTHON =
      """
      Traceback (most recent call last):
        File "/home/%s/app/score.py", line %d, in score
          return model[key]
      KeyError: '%s'
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          took 17 ms of 20.5               | took # ms of #.#
          at 0x7fff5fbff8c0 in f           | at # in f
          hash deadbeef01 of row           | hash # of row
          the decade of a facade           | the decade of a facade
          id 123e4567-e89b-12d3-a456-426614174000 gone | id # gone
          mail to ann.b+c@mail.example.org failed      | mail to # failed
          open /var/lib/app-1/x.db: denied | open x.db: denied
          got b'ab' and u'c'               | got … and …
          either/or                        | either/or
          open C:\\Users\\ann\\x.db: denied   | open x.db: denied
          no key "a b" in 'c d' or `e`     | no key … in … or …
          can't open 'ann.csv'             | can't open …
          the model's file isn't there     | the model's file isn't there
          the users' names                 | the users' names
          a    b                           | a b
          """)
  void whatDiffersFromTimeToTimeIsMasked(String message, String plain) {
    assertThat(CrashText.ofMessage(message)).isEqualTo(plain);
  }

  @Test
  void stacksThatDifferInValuesOnlyAreTheSame() {
    String one = JAVA.formatted("ann", "phone at 3", 17, "a", "no such file");
    String other = JAVA.formatted("bob", "address", 1803, "b7/c", "Permission denied (13)");
    assertThat(CrashText.ofStack(one)).isEqualTo(CrashText.ofStack(other));
    assertThat(CrashText.ofStack(one))
        .isEqualTo(
            "java.lang.IllegalStateException at com.example.Score.of(Score.java:#) at"
                + " com.example.Batch$Run.lambda$#(Batch.java:#) Caused by: java.io.IOException at"
                + " com.example.Files.read(Files.java:#)");
    assertThat(CrashText.ofStack(PYTHON.formatted("ann", 3, "x")))
        .isEqualTo(CrashText.ofStack(PYTHON.formatted("bob", 44, "it is \"y\"")));
  }

  @Test
  void stacksOfDifferentPlacesOrKindsAreNot() {
    String one = JAVA.formatted("ann", "phone", 17, "a", "gone");
    assertThat(CrashText.ofStack(one.replace("Score.of", "Score.from")))
        .isNotEqualTo(CrashText.ofStack(one));
    assertThat(CrashText.ofStack(one.replace("IllegalState", "NullPointer")))
        .isNotEqualTo(CrashText.ofStack(one));
    assertThat(CrashText.ofStack(one.replace("Files.read(Files.java:12)", "Files.open(F.java:12)")))
        .isNotEqualTo(CrashText.ofStack(one));
    assertThat(CrashText.ofStack(PYTHON.formatted("ann", 3, "x")))
        .isNotEqualTo(CrashText.ofStack(PYTHON.formatted("ann", 3, "x").replace("KeyE", "ValueE")));
    // Of a message what follows the exception is all that there is.
    assertThat(CrashText.ofMessage("ValueError: no model"))
        .isNotEqualTo(CrashText.ofMessage("ValueError: no features"));
  }

  /** Values differ in length, and what is read of a long stack must not depend on it. */
  @Test
  void longStacksThatDifferInValuesOnlyAreTheSame() {
    String frames = "\tat com.example.Deep.call(Deep.java:99)\n".repeat(300);
    String one = "java.lang.IllegalStateException: no row 7\n" + frames;
    String other = "java.lang.IllegalStateException: no row 123456 of 'x'\n" + frames;
    assertThat(CrashText.ofStack(one)).isEqualTo(CrashText.ofStack(other));
    assertThat(CrashText.ofStack(one)).hasSizeLessThanOrEqualTo(4000);
    assertThat(CrashText.ofMessage("row 7: " + frames))
        .isEqualTo(CrashText.ofMessage("row 1234567: " + frames));
  }

  @Test
  void nothingIsNothing() {
    assertThat(CrashText.ofMessage(null)).isNull();
    assertThat(CrashText.ofStack(null)).isNull();
    assertThat(CrashText.title(null)).isNull();
    assertThat(CrashText.title(" \n \n")).isEmpty();
    assertThat(CrashText.ofStack("")).isEmpty();
  }

  @Test
  void titlesAreTheFirstLineWithoutValues() {
    assertThat(CrashText.title("\n  row 17 of \"a\" is broken\nmore"))
        .isEqualTo("row # of … is broken");
    assertThat(CrashText.title("word ".repeat(40).strip())).hasSize(199).endsWith("word");
    assertThat(CrashText.title("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(CrashText.title("x".repeat(201))).isEqualTo("x".repeat(199) + "…");
    assertThat(CrashText.title("x".repeat(100_000))).hasSize(200);
  }

  /** Each of these would take minutes if a pattern tried every way to read it. */
  @ParameterizedTest
  @ValueSource(strings = {"a.", "a", "/a", "a@", "'", "\"a", "0", "a-", "C:\\a\\", "Error", " '"})
  void noTextTakesLong(String part) {
    assertThatCode(() -> CrashText.ofStack(part.repeat(500_000))).doesNotThrowAnyException();
    assertThatCode(() -> CrashText.title(part.repeat(500_000))).doesNotThrowAnyException();
  }
}
