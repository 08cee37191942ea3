package dev.telltale.check;

import dev.telltale.config.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** That the columns are those of a reference: another table, or an earlier version of this one. */
final class SchemaExpectation implements ExpectationType {
  /** Changes of a schema, as the parameter {@code allow} names them. */
  enum Change {
    ADDED,
    REMOVED,
    RETYPED,
    REORDERED,
    NULLABLE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String name() {
    return "expect_table_schema_to_match_reference";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.optional("reference", Parameter.Kind.TEXT),
        Parameter.optional("version", Parameter.Kind.COUNT),
        Parameter.optional("allow", Parameter.Kind.CHANGES));
  }

  @Override
  public boolean takesRowCondition() {
    return false;
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    return expectation.parameters().containsKey("reference")
            || expectation.parameters().containsKey("version")
        ? Optional.empty()
        : Optional.of(
            "has neither a `reference` (a table) nor a `version` (of this table) to compare with");
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) {
    return new Measure.Structure();
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation, Columns columns, Observation observation, CheckContext context)
      throws CheckException {
    Columns reference =
        context.reference(
            expectation.text("reference"),
            Optional.ofNullable((Long) expectation.parameters().get("version")));
    Map<Change, List<String>> changes = changes(reference, columns);
    List<?> allowed =
        expectation.parameters().containsKey("allow")
            ? RowExpectations.values(expectation, "allow")
            : List.of();
    Map<String, Object> found = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    changes.forEach(
        (change, names) -> {
          found.put(change.label(), names);
          if (!allowed.contains(change.label())) {
            wrong.add(change.label() + ": " + String.join(", ", names));
          }
        });
    return CheckResult.observed(
        wrong.isEmpty(),
        found,
        wrong.isEmpty()
            ? found.isEmpty()
                ? "The columns are those of the reference."
                : "What differs from the reference is allowed."
            : "Of the reference's columns differ: " + String.join("; ", wrong) + ".");
  }

  private static Map<Change, List<String>> changes(Columns before, Columns now)
      throws CheckException {
    Map<Change, List<String>> changes = new LinkedHashMap<>();
    put(changes, Change.ADDED, now.names().stream().filter(name -> !before.has(name)).toList());
    put(changes, Change.REMOVED, before.names().stream().filter(name -> !now.has(name)).toList());
    List<String> kept = before.names().stream().filter(now::has).toList();
    List<String> retyped = new ArrayList<>();
    List<String> nullable = new ArrayList<>();
    for (String name : kept) {
      if (!before.type(name).equals(now.type(name))) {
        retyped.add(name + " (" + before.type(name) + " is now " + now.type(name) + ")");
      }
      if (before.isRequired(name) != now.isRequired(name)) {
        nullable.add(name + (now.isRequired(name) ? " (no longer nullable)" : " (now nullable)"));
      }
    }
    put(changes, Change.RETYPED, retyped);
    List<String> order = now.names().stream().filter(before::has).toList();
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      if (!order.get(i).equals(kept.get(i))) {
        moved.add(order.get(i));
      }
    }
    put(changes, Change.REORDERED, moved);
    put(changes, Change.NULLABLE, nullable);
    return changes;
  }

  private static void put(Map<Change, List<String>> changes, Change change, List<String> names) {
    if (!names.isEmpty()) {
      changes.put(change, names);
    }
  }
}
