package dev.telltale.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SubjectTest {
  @Provide
  Arbitrary<Subject> subjects() {
    Arbitrary<String> part = Arbitraries.strings().withChars("a/*%\u0000~").ofMaxLength(3);
    Arbitrary<Optional<String>> maybe = part.optional(0.7);
    return Combinators.combine(part, maybe, maybe, part, part, maybe)
        .as(
            (model, version, slice, value, column, type) ->
                new Subject(
                    model,
                    version,
                    slice,
                    slice.map(key -> value),
                    column,
                    Kind.DRIFT,
                    type,
                    "psi"));
  }

  @Property
  void theKeyTellsSubjectsApart(@ForAll("subjects") Subject one, @ForAll("subjects") Subject two) {
    assertThat(one.key().equals(two.key())).isEqualTo(one.equals(two));
  }

  @Test
  void theKeyIsReadableAndPartOfTheStoredFormat() {
    Subject subject =
        new Subject(
            "flights-delay",
            Optional.of("v1"),
            Optional.of("carrier,origin"),
            Optional.of("AA,O/R"),
            "dep_delay",
            Kind.DRIFT,
            Optional.of("BASELINE"),
            "js_distance");
    assertThat(subject.key())
        .isEqualTo("flights-delay/v1/carrier,origin/AA,O%2FR/dep_delay/DRIFT/BASELINE/js_distance");
    assertThat(subject.describe())
        .isEqualTo(
            "DRIFT of dep_delay where carrier,origin = AA,O/R in model version v1"
                + " against the baseline");
    assertThat(Story.SUBJECT.key())
        .isEqualTo("flights-delay/*/*/*/dep_delay/DRIFT/BASELINE/js_distance");
    // GNU coreutils 9: printf '1 day\0flights-delay/*/*/*/dep_delay/DRIFT/BASELINE/js_distance'
    // and printf '\0002001-03-01T00:00:00Z\0', together through sha256sum | cut -c1-16
    assertThat(Story.finding(Story.SUBJECT, 0, 'W').id()).isEqualTo("f4d6766164aa6e22");
  }

  @Test
  void aHugeValueGivesAShortKeyOfItsOwn() {
    String text = "x".repeat(1_000_000);
    String one = Story.subject(text + "1").key();
    String two = Story.subject(text + "2").key();
    assertThat(one).hasSizeLessThan(250).isNotEqualTo(two);
    assertThat(Story.subject("\ud83d\ude00".repeat(200)).key()).doesNotContain("?");
  }

  @Test
  void rulesThatCannotWorkAreTheUsersToMend() {
    assertThatThrownBy(() -> AlertPolicy.of(new ModelConfig.Alerts(2, 3, 2, 1)))
        .isInstanceOfSatisfying(
            TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("required=3, windows=2");
  }
}
