package dev.telltale.jobs.suggest;

import dev.telltale.config.Clocks;
import dev.telltale.error.Errors;
import dev.telltale.error.NearestName;
import dev.telltale.jobs.check.TableCheck;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Which column is what: as was said, else by name, type and values. */
final class Roles {
  private static final int MOST_VERSIONS = 1000;
  private static final int MOST_CANDIDATES = 8;
  private static final double NEARLY = 0.99;

  private final SuggestSpec spec;
  private final List<ColumnFacts> columns;
  private final Map<Role, String> chosen = new EnumMap<>(Role.class);
  private final Map<Role, String> why = new EnumMap<>(Role.class);
  private final List<String> notes = new ArrayList<>();

  private Roles(SuggestSpec spec, List<ColumnFacts> columns) {
    this.spec = spec;
    this.columns = columns;
  }

  /**
   * Guesses.
   *
   * @throws dev.telltale.error.TelltaleException if a required role is not told (exit 2)
   */
  static Roles of(SuggestSpec spec, Dataset<Row> data, List<ColumnFacts> columns) {
    Roles roles = new Roles(spec, columns);
    spec.columns().forEach(roles::said);
    roles.eventTime();
    roles.id(data);
    roles.guess(Role.PREDICTION, column -> isAnswer(column) && !roles.isScore(column));
    roles.require(
        Role.PREDICTION, "No column that is a text, a number or a yes or no is named like one.");
    roles.guess(Role.SCORE, roles::isScore);
    roles.guess(Role.LABEL, Roles::isAnswer);
    roles.guess(
        Role.MODEL_VERSION,
        column ->
            (column.isText() || column.isWhole())
                && column.tokens().contains("version")
                && column.distinct() <= MOST_VERSIONS);
    roles.guess(Role.MODEL, column -> column.isText() && column.distinct() <= MOST_VERSIONS);
    roles.guess(Role.WEIGHT, Roles::isWeight);
    roles.uploadTime(data);
    return roles;
  }

  /** What was not taken, and why. */
  List<String> notes() {
    return notes;
  }

  Optional<String> column(Role role) {
    return Optional.ofNullable(chosen.get(role));
  }

  /** Why a column was taken, with the others that could have been. */
  String why(Role role) {
    return why.getOrDefault(role, "");
  }

  boolean has(String column) {
    return chosen.containsValue(column);
  }

  private void said(Role role, String name) {
    List<String> names = columns.stream().map(ColumnFacts::name).toList();
    if (!names.contains(name)) {
      throw Errors.noSuchColumn(
          name, NearestName.hint(name, names), spec.data(), String.join(", ", names));
    }
    ColumnFacts column = columns.get(names.indexOf(name));
    String allowed =
        switch (role) {
          case EVENT_TIME, UPLOAD_TIME ->
              column.type() instanceof TimestampType ? "" : "a timestamp";
          case ID, MODEL_VERSION ->
              ColumnPlan.kindOf(column.type(), true) == ColumnKind.CATEGORICAL
                  ? ""
                  : "a string, a boolean, a whole number or a decimal";
          case SCORE, WEIGHT -> column.kind() == ColumnKind.NUMERIC ? "" : "a number";
          case PREDICTION, LABEL, MODEL ->
              column.kind() == ColumnKind.SKIPPED ? "a string, a number, a time or a boolean" : "";
        };
    if (!allowed.isEmpty()) {
      throw Errors.unfitColumn(
          name, role.words(), spec.data(), column.type().simpleString(), allowed, role.flag());
    }
    chosen.put(role, name);
    why.put(role, "as given by " + role.flag());
  }

  private void eventTime() {
    if (chosen.containsKey(Role.EVENT_TIME)) {
      return;
    }
    List<ColumnFacts> times =
        columns.stream()
            .filter(column -> column.type() instanceof TimestampType && column.values() > 0)
            .sorted(
                Comparator.comparingInt((ColumnFacts one) -> Role.EVENT_TIME.fit(one.tokens()))
                    .thenComparingDouble(ColumnFacts::values)
                    .thenComparingDouble(ColumnFacts::distinct)
                    .reversed())
            .toList();
    if (times.isEmpty()) {
      throw Errors.noEventTime(spec.data(), likeTimes());
    }
    take(Role.EVENT_TIME, times, "a timestamp" + filled(times.get(0)));
  }

  /** Columns that could be timestamps but are none, with their types. */
  private List<String> likeTimes() {
    return columns.stream()
        .filter(
            column ->
                column.type() instanceof TimestampNTZType
                    || column.type() instanceof DateType
                    || (column.kind() != ColumnKind.SKIPPED
                        && Role.EVENT_TIME.fit(column.tokens()) > 0))
        .map(column -> column.name() + " is " + column.type().simpleString())
        .toList();
  }

  /** A time that most event times are believed by; see {@link Clocks}. */
  private void uploadTime(Dataset<Row> data) {
    guess(
        Role.UPLOAD_TIME, column -> column.type() instanceof TimestampType && column.values() > 0);
    if (!chosen.containsKey(Role.UPLOAD_TIME) || spec.columns().containsKey(Role.UPLOAD_TIME)) {
      return;
    }
    Clocks clocks = Clocks.defaults();
    String upload = OutcomeColumns.quoted(chosen.get(Role.UPLOAD_TIME));
    String event = OutcomeColumns.quoted(chosen.get(Role.EVENT_TIME));
    Row counts =
        data.selectExpr(
                "count(%s)".formatted(upload),
                "count_if(%s > %s + make_dt_interval(0, 0, 0, %d))"
                    .formatted(event, upload, clocks.skew().toSeconds()),
                "count_if(%s < %s - make_dt_interval(0, 0, 0, %d))"
                    .formatted(event, upload, clocks.allowedLateness().toSeconds()))
            .head();
    long wrong = counts.getLong(1) + counts.getLong(2);
    String measured =
        String.format(
            Locale.ROOT, "by it the clocks of %,d of %,d rows are wrong", wrong, counts.getLong(0));
    if (wrong > (1 - NEARLY) * counts.getLong(0)) {
      notes.add(Yaml.comment(chosen.remove(Role.UPLOAD_TIME)) + " as upload time: " + measured);
      why.remove(Role.UPLOAD_TIME);
    } else {
      why.merge(Role.UPLOAD_TIME, measured, (reason, more) -> reason + "; " + more);
    }
  }

  private static String filled(ColumnFacts column) {
    return column.values() == column.rows()
        ? " in every row"
        : String.format(Locale.ROOT, ", missing in %,d rows", column.rows() - column.values());
  }

  private void id(Dataset<Row> data) {
    if (chosen.containsKey(Role.ID)) {
      return;
    }
    List<ColumnFacts> candidates =
        columns.stream()
            .filter(column -> !chosen.containsValue(column.name()))
            .filter(column -> column.isText() || column.isWhole())
            .filter(column -> column.values() == column.rows())
            .filter(column -> column.distinct() >= Math.min(NEARLY - 0.1, 1) * column.rows())
            .filter(column -> column.isText() || Role.ID.fit(column.tokens()) > 0)
            .sorted(
                Comparator.comparingInt((ColumnFacts one) -> Role.ID.fit(one.tokens())).reversed())
            .limit(MOST_CANDIDATES)
            .toList();
    List<TableCheck.Outcome> outcomes =
        candidates.isEmpty()
            ? List.of()
            : TableCheck.ofRows(data)
                .run(
                    candidates.stream()
                        .map(
                            column ->
                                Suggested.of(
                                        "expect_column_values_to_be_unique",
                                        Map.of("column", column.name()),
                                        1,
                                        "")
                                    .expectation())
                        .toList());
    List<ColumnFacts> unique = new ArrayList<>();
    List<ColumnFacts> nearly = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      ColumnFacts column = candidates.get(i);
      long repeated = outcomes.get(i).result().unexpectedCount().orElse(column.rows());
      if (repeated == 0) {
        unique.add(column);
      } else if (repeated <= (1 - NEARLY) * column.rows() && Role.ID.fit(column.tokens()) > 0) {
        nearly.add(column);
      }
    }
    if (!unique.isEmpty()) {
      take(Role.ID, unique, "different in every row");
    } else if (!nearly.isEmpty()) {
      take(Role.ID, nearly, "different in nearly every row, but some repeat: please check");
    }
    require(Role.ID, "No column of texts or whole numbers is different in every row.");
  }

  private void guess(Role role, Predicate<ColumnFacts> fits) {
    if (chosen.containsKey(role)) {
      return;
    }
    List<ColumnFacts> candidates =
        columns.stream()
            .filter(column -> !chosen.containsValue(column.name()))
            .filter(column -> column.kind() != ColumnKind.SKIPPED && column.values() > 0)
            .filter(column -> role.fit(column.tokens()) > 0)
            .filter(fits)
            .sorted(
                Comparator.comparingInt((ColumnFacts one) -> role.fit(one.tokens()))
                    .reversed()
                    .thenComparingInt(one -> one.tokens().size()))
            .toList();
    if (!candidates.isEmpty()) {
      take(role, candidates, "by its name");
    }
  }

  private void take(Role role, List<ColumnFacts> candidates, String reason) {
    chosen.put(role, candidates.get(0).name());
    String others =
        candidates.stream()
            .skip(1)
            .limit(3)
            .map(column -> Yaml.comment(column.name()))
            .reduce((one, other) -> one + ", " + other)
            .map(names -> "; it could be " + names + ", too: " + role.flag() + " says which")
            .orElse("");
    String doubt =
        role.fit(candidates.get(0).tokens()) > 0 ? "" : "; its name does not say so, please check";
    String person =
        candidates.get(0).personal().isPresent() || candidates.get(0).namesPerson()
            ? "; it tells of a person, and is stored as it is: let clients log another"
            : "";
    why.put(role, reason + others + doubt + person);
  }

  private void require(Role role, String reason) {
    if (!chosen.containsKey(role)) {
      throw Errors.roleNotTold(
          role.words(),
          role.flag(),
          spec.data(),
          reason,
          String.join(", ", columns.stream().map(ColumnFacts::name).limit(40).toList()));
    }
  }

  private static boolean isAnswer(ColumnFacts column) {
    return column.kind() == ColumnKind.CATEGORICAL
        || column.kind() == ColumnKind.NUMERIC
        || column.type() instanceof BooleanType;
  }

  private boolean isScore(ColumnFacts column) {
    return column.kind() == ColumnKind.NUMERIC
        && !column.isWhole()
        && Role.SCORE.fit(column.tokens()) > 0
        && column.values() > 0
        && column.number().min() >= 0
        && column.number().max() <= 1;
  }

  /** A body's or a parcel's weight is none: the name has to say more. */
  private static boolean isWeight(ColumnFacts column) {
    return column.kind() == ColumnKind.NUMERIC
        && column.tokens().contains("weight")
        && Role.WEIGHT.fit(column.tokens()) > 1
        && column.number().min() > 0;
  }
}
