package dev.telltale.jobs.suggest;

import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.IntegralType;

/** The model file: keys that differ from their defaults, each with a comment that says why. */
final class ModelYaml {
  private static final int FEWEST_SLICE_VALUES = 2;
  private static final int MOST_SLICE_VALUES = 20;
  private static final int MOST_SLICES = 3;
  private static final int MOST_CLASSES = 20;
  private static final int FEWEST_DIFFERENT = 1000;

  private final SuggestSpec spec;
  private final Source source;
  private final List<ColumnFacts> columns;
  private final Roles roles;
  private final Days days;
  private final List<String> lines = new ArrayList<>();

  ModelYaml(SuggestSpec spec, Source source, List<ColumnFacts> columns, Roles roles, Days days) {
    this.spec = spec;
    this.source = source;
    this.columns = columns;
    this.roles = roles;
    this.days = days;
  }

  long rows() {
    return columns.stream()
        .filter(column -> column.kind().summarised())
        .mapToLong(ColumnFacts::rows)
        .max()
        .orElse(0);
  }

  /** Whether the file has the column dropped, as it is about people. */
  boolean dropped(ColumnFacts column) {
    return column.kind().summarised()
        && !roles.has(column.name())
        && !column.namesPerson()
        && column.personal().isPresent();
  }

  /** What a column is for. */
  ColumnRules.Use use(ColumnFacts column) {
    if (is(column, Role.ID) || is(column, Role.EVENT_TIME)) {
      return ColumnRules.Use.KEY;
    }
    if (is(column, Role.PREDICTION)) {
      return ColumnRules.Use.ANSWER;
    }
    boolean isNoFeature =
        is(column, Role.MODEL_VERSION)
            || is(column, Role.MODEL)
            || is(column, Role.LABEL)
            || is(column, Role.UPLOAD_TIME)
            || is(column, Role.WEIGHT)
            || column.namesPerson()
            || isNearlyUnique(column);
    return isNoFeature ? ColumnRules.Use.OTHER : ColumnRules.Use.FEATURE;
  }

  private boolean is(ColumnFacts column, Role role) {
    return roles.column(role).equals(Optional.of(column.name()));
  }

  private static boolean isNearlyUnique(ColumnFacts column) {
    return column.isText()
        && column.distinct() >= FEWEST_DIFFERENT
        && 2 * column.distinct() > column.values();
  }

  String text(List<Suggested> expectations, List<String> leftOut) {
    lines.clear();
    lines.add("# yaml-language-server: $schema=../schema/model.schema.json");
    comment(
        "",
        "Suggested from %,d rows. Each line is a guess: what is measured is said beside it.",
        rows());
    lines.add("model: " + Yaml.of(model()));
    predictions();
    features();
    task();
    privacy();
    slices();
    checks(expectations);
    leftOut.forEach(why -> comment("", "Left out: %s.", Yaml.comment(why)));
    return String.join("\n", lines) + "\n";
  }

  private void comment(String indent, String text, Object... values) {
    lines.add(indent + "# " + String.format(Locale.ROOT, text, values));
  }

  private String model() {
    String named =
        spec.model()
            .or(
                () ->
                    columns.stream()
                        .filter(column -> is(column, Role.MODEL) && column.distinct() == 1)
                        .filter(ColumnFacts::isListable)
                        .map(column -> column.labels(1).labels().get(0))
                        .findFirst())
            .orElse(Source.stem(source.table()));
    String clean = named.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return clean.isEmpty() ? "model" : clean;
  }

  private void predictions() {
    lines.add("predictions:");
    if (source.version().isEmpty()) {
      comment(
          "  ",
          "Jobs read Delta tables, and %s is none: write it as one into the lake first,",
          Yaml.comment(spec.data()));
      comment(
          "  ", "as with spark.read…write.format(\"delta\").save(\"LAKE/%s\").", source.table());
    }
    lines.add("  table: " + Yaml.of(source.table()));
    role("id", Role.ID);
    role("event-time", Role.EVENT_TIME);
    role("model-version", Role.MODEL_VERSION);
    role("prediction", Role.PREDICTION);
    role("score", Role.SCORE);
    role("weight", Role.WEIGHT);
    role("upload-time", Role.UPLOAD_TIME);
    comment("", "The training data tells more: name its Delta table here. This is the log itself.");
    lines.add(
        "baseline: {table: "
            + Yaml.of(source.table())
            + source.version().map(version -> ", version: " + version).orElse("")
            + "}");
  }

  private void role(String key, Role role) {
    roles
        .column(role)
        .ifPresent(
            name -> {
              comment("  ", "%s", roles.why(role));
              lines.add("  " + key + ": " + Yaml.of(name));
            });
  }

  private void features() {
    List<String> exclude = new ArrayList<>();
    for (ColumnFacts column : columns) {
      boolean other =
          is(column, Role.LABEL)
              || is(column, Role.MODEL)
              || (column.kind() == ColumnKind.TIMESTAMP
                  && !is(column, Role.EVENT_TIME)
                  && !is(column, Role.UPLOAD_TIME))
              || (column.namesPerson() && !roles.has(column.name()))
              || (isNearlyUniqueFeature(column) && !dropped(column));
      if (other) {
        exclude.add(column.name());
      }
    }
    if (!exclude.isEmpty()) {
      comment(
          "",
          "No features: truth, names of models, times, and texts that differ in nearly every row.");
      lines.add("columns: {exclude: " + Yaml.of(exclude) + "}");
    }
    roles
        .column(Role.LABEL)
        .ifPresent(
            name -> {
              comment(
                  "",
                  "%s looks like the truth. To have quality measured, say when it came:",
                  Yaml.comment(name));
              comment("", "feedback:");
              comment(
                  "",
                  "  - {kind: outcome, table: LABELS, id: %s, value: %s, arrival-time: TIME}",
                  Yaml.of(roles.column(Role.ID).orElseThrow()),
                  Yaml.of(name));
            });
    List<String> nested =
        columns.stream()
            .filter(column -> column.kind() == ColumnKind.SKIPPED)
            .map(column -> Yaml.comment(column.name()))
            .toList();
    if (!nested.isEmpty()) {
      comment("", "Not looked at, as they have parts or are binary: %s", String.join(", ", nested));
    }
  }

  private boolean isNearlyUniqueFeature(ColumnFacts column) {
    return column.kind().summarised() && !roles.has(column.name()) && isNearlyUnique(column);
  }

  private void task() {
    ColumnFacts answer =
        columns.stream().filter(column -> is(column, Role.PREDICTION)).findFirst().orElseThrow();
    if (answer.type() instanceof BooleanType) {
      return;
    }
    boolean numeric = answer.kind() == ColumnKind.NUMERIC && answer.values() > 0;
    if (answer.distinct() <= 2
        && numeric
        && answer.number().min() >= 0
        && answer.number().max() <= 1
        && answer.number().min() == Math.rint(answer.number().min())
        && answer.number().max() == Math.rint(answer.number().max())) {
      comment("", "%s is 0 or 1 in all rows.", Yaml.comment(answer.name()));
      lines.add("quality: {task: binary}");
    } else if (answer.type() instanceof IntegralType) {
      boolean classes = answer.distinct() <= MOST_CLASSES;
      comment(
          "",
          "%s has %s different whole numbers: %s",
          Yaml.comment(answer.name()),
          answer.distinct() <= ColumnFacts.EXACT
              ? String.format(Locale.ROOT, "%.0f", answer.distinct())
              : "more than " + ColumnFacts.EXACT,
          classes ? "classes; regression, if they are quantities." : "quantities.");
      lines.add("quality: {task: " + (classes ? "multiclass" : "regression") + "}");
    } else if (answer.isText() && answer.distinct() == 2) {
      comment(
          "",
          "%s has two values: for a yes or no model say which means yes, {positive: …}.",
          Yaml.comment(answer.name()));
    }
  }

  private void privacy() {
    List<ColumnFacts> drop = columns.stream().filter(this::dropped).toList();
    if (!drop.isEmpty()) {
      lines.add("privacy:");
      drop.forEach(
          column ->
              comment("  ", "%s: %s", Yaml.comment(column.name()), column.personal().orElse("")));
      lines.add("  drop: " + Yaml.of(drop.stream().map(ColumnFacts::name).toList()));
    }
    List<String> persons =
        columns.stream()
            .filter(column -> column.namesPerson() && !roles.has(column.name()))
            .map(ColumnFacts::name)
            .toList();
    if (!persons.isEmpty()) {
      comment(
          "", "Who it is about need not be stored: under privacy, with a key in the environment,");
      comment("", "  pseudonym: %s", Yaml.of(persons));
      comment("", "  keys: [{from: 2026-01-01, variable: TELLTALE_PSEUDONYM_KEY}]");
    }
  }

  private void slices() {
    List<ColumnFacts> fit =
        columns.stream()
            .filter(column -> column.kind() == ColumnKind.CATEGORICAL)
            .filter(column -> !roles.has(column.name()) && column.isListable())
            .filter(
                column ->
                    column.distinct() >= FEWEST_SLICE_VALUES
                        && column.distinct() <= MOST_SLICE_VALUES
                        && MOST_SLICE_VALUES * column.distinct() <= column.rows())
            .toList();
    if (fit.isEmpty()) {
      return;
    }
    List<String> names = fit.stream().limit(MOST_SLICES).map(ColumnFacts::name).toList();
    comment(
        "",
        "Few values, so that each has rows enough: %s",
        String.join(
            ", ",
            fit.stream()
                .map(
                    column ->
                        String.format(
                            Locale.ROOT, "%s %.0f", Yaml.comment(column.name()), column.distinct()))
                .toList()));
    lines.add("slices: " + Yaml.of(names.stream().map(List::of).toList()));
  }

  private void checks(List<Suggested> expectations) {
    if (expectations.isEmpty()) {
      return;
    }
    if (days.byTime()) {
      comment(
          "",
          "From %d days, %s to %s; held against the %d after them, on each of which all hold.",
          days.fitted().size(),
          days.fitted().get(0).toString().substring(0, 10),
          days.fitted().get(days.fitted().size() - 1).toString().substring(0, 10),
          days.heldOut().size());
      if (days.rowsLeftOut() > 0) {
        comment(
            "",
            "%,d rows are of older days, or of days with hardly any rows, and are not in it.",
            days.rowsLeftOut());
      }
    } else {
      comment(
          "",
          "From four rows in five and held against the rest: with fewer than %d days nothing",
          Days.FEWEST);
      comment("", "is known of how days differ. Suggest again when there are two weeks.");
    }
    comment(
        "",
        "A next day of the same kind fails each with a probability of %s at most.",
        Double.toString(Suggestions.RISK));
    lines.add("checks:");
    lines.add("  - expectations:");
    boolean typed = false;
    for (Suggested one : expectations) {
      if (!one.because().isEmpty()) {
        comment("      ", "%s", one.because());
      } else if (!typed) {
        comment("      ", "types as they are");
        typed = true;
      }
      lines.add("      - " + Yaml.of(one.expectation()));
    }
  }
}
