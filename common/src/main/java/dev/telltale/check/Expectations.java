package dev.telltale.check;

import dev.telltale.config.Check;
import dev.telltale.error.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every expectation there is. A new one is one more line here. */
public final class Expectations {
  private static final Map<String, ExpectationType> ALL =
      Stream.of(
              RowExpectations.all(),
              UniqueExpectation.all(),
              NumberExpectation.all(),
              List.<ExpectationType>of(new QuantileExpectation()),
              DistinctExpectation.all(),
              TableExpectation.all(),
              List.<ExpectationType>of(
                  new VolumeExpectation(), new SchemaExpectation(), new RateExpectation()),
              SequenceExpectations.all(),
              SourceExpectations.all(),
              GroupExpectations.all())
          .flatMap(List::stream)
          .collect(
              Collectors.toMap(
                  ExpectationType::name, type -> type, (one, other) -> one, LinkedHashMap::new));

  private Expectations() {}

  /** Names of all, by family. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** What an expectation takes besides mostly, row_condition and severity; none of an unknown. */
  public static List<Parameter> parameters(String name) {
    return Optional.ofNullable(ALL.get(name)).map(ExpectationType::parameters).orElse(List.of());
  }

  /** The column that an expectation is about; empty of several, and of a table. */
  public static Optional<String> column(Check.Expectation expectation) {
    return expectation.text("column");
  }

  /** A place in an expectation and what is wrong there. */
  public record Problem(String key, String text) {}

  /**
   * Everything that is wrong with an expectation, whatever the data.
   *
   * @param given names of all keys that were written, mostly and row_condition among them
   */
  public static List<Problem> problems(Check.Expectation expectation, List<String> given) {
    ExpectationType type = ALL.get(expectation.expectation());
    if (type == null) {
      return List.of(
          new Problem(
              "expectation",
              "there is no expectation `"
                  + expectation.expectation()
                  + "`"
                  + NearestName.hint(expectation.expectation(), ALL.keySet())));
    }
    List<Problem> problems = new ArrayList<>();
    List<String> known = new ArrayList<>(type.parameters().stream().map(Parameter::name).toList());
    if (type.takesMostly()) {
      known.add("mostly");
    }
    if (type.takesRowCondition()) {
      known.add("row_condition");
    }
    known.add("severity");
    for (String key : given) {
      if (!key.equals("expectation") && !known.contains(key)) {
        problems.add(
            new Problem(
                key,
                type.name()
                    + " has no `"
                    + key
                    + "`"
                    + hint(key, known)
                    + " It has: "
                    + known.stream()
                        .map(one -> "`" + one + "`")
                        .collect(Collectors.joining(", "))));
      }
    }
    for (Parameter parameter : type.parameters()) {
      Object value = expectation.parameters().get(parameter.name());
      if (value == null) {
        if (parameter.required()) {
          problems.add(new Problem("", type.name() + " needs `" + parameter.name() + "`"));
        }
        continue;
      }
      parameter
          .problem(value)
          .ifPresent(
              text ->
                  problems.add(
                      new Problem(parameter.name(), "`" + parameter.name() + "` " + text)));
    }
    if (problems.isEmpty()) {
      type.contradiction(expectation)
          .ifPresent(text -> problems.add(new Problem("", type.name() + " " + text)));
    }
    return problems;
  }

  private static String hint(String key, List<String> known) {
    String hint = NearestName.hint(key, known);
    return hint.isEmpty() ? "." : hint;
  }

  /**
   * What has to be measured for an expectation without problems.
   *
   * @throws CheckException if the table does not have what the expectation is about
   */
  public static Measure measure(Check.Expectation expectation, Columns columns)
      throws CheckException {
    return ALL.get(expectation.expectation()).measure(expectation, columns);
  }

  /**
   * What follows from what was measured.
   *
   * @param observation of the kind that {@link #measure} asked for
   * @param context what is known beside the rows
   */
  public static CheckResult judge(
      Check.Expectation expectation, Columns columns, Observation observation, CheckContext context)
      throws CheckException {
    return ALL.get(expectation.expectation()).judge(expectation, columns, observation, context);
  }
}
