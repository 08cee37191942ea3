package dev.telltale.jobs.suggest;

import dev.telltale.privacy.PersonalData;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/** What one scan of all rows says of a column. */
final class ColumnFacts {
  /** So many different values are told apart exactly. */
  static final int EXACT = 1000;

  private static final Set<String> PERSONAL =
      Set.of(
          "email",
          "mail",
          "phone",
          "mobile",
          "ssn",
          "passport",
          "iban",
          "firstname",
          "lastname",
          "surname",
          "fullname",
          "username",
          "birth",
          "birthday",
          "dob",
          "address",
          "street",
          "ip");
  private static final Set<String> PERSONS =
      Set.of(
          "user",
          "customer",
          "person",
          "patient",
          "client",
          "member",
          "account",
          "first",
          "last",
          "full",
          "passenger",
          "employee");
  private static final Set<String> NAMES = Set.of("name", "names");
  private static final int EXAMPLES = 500;

  private final String name;
  private final DataType type;
  private final ColumnKind kind;
  private final ColumnState state;
  private final Set<String> tokens;

  /** A column and its state over learning anchors; null of a kind that has none. */
  ColumnFacts(String name, DataType type, ColumnKind kind, ColumnState state) {
    this.name = name;
    this.type = type;
    this.kind = kind;
    this.state = state;
    this.tokens = new LinkedHashSet<>();
    String words = name.replaceAll("(?<=[\\p{Ll}\\d])(?=\\p{Lu})", " ").toLowerCase(Locale.ROOT);
    tokens.addAll(Arrays.asList(words.strip().split("[^\\p{L}\\d]+", -1)));
    tokens.remove("");
  }

  String name() {
    return name;
  }

  /** The name in a comment. */
  String shown() {
    return Yaml.comment(name);
  }

  DataType type() {
    return type;
  }

  ColumnKind kind() {
    return kind;
  }

  Set<String> tokens() {
    return tokens;
  }

  boolean isText() {
    return type instanceof StringType;
  }

  boolean isWhole() {
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType;
  }

  /** Rows with a value; NaN is none. */
  long values() {
    return state.rows()
        - state.nulls()
        - (state instanceof NumericState numeric ? numeric.nans() : 0);
  }

  long rows() {
    return state.rows();
  }

  /** Different values: exact up to {@value #EXACT}, of more texts an estimate, else unknown. */
  double distinct() {
    if (state instanceof CategoryState category) {
      return category.distinct();
    }
    return state.learnedAll() ? state.learned().cutCount() : Double.POSITIVE_INFINITY;
  }

  /** The values, where a text column has few. */
  Anchors labels(int most) {
    return state instanceof CategoryState && state.learnedAll() && distinct() <= most
        ? state.learned()
        : Anchors.NONE;
  }

  NumericState number() {
    return (NumericState) state;
  }

  /** What the values look like, where they look personal; of whole numbers, too. */
  Optional<PersonalData> looks() {
    if (state instanceof CategoryState) {
      return PersonalData.of(state.examples(EXAMPLES));
    }
    if (!isWhole()) {
      return Optional.empty();
    }
    List<String> texts =
        Arrays.stream(state.learned().cuts())
            .mapToObj(value -> Long.toString((long) value))
            .toList();
    return PersonalData.of(texts);
  }

  /** Why a column is dropped that is about a person; empty of others. */
  Optional<String> personal() {
    Optional<String> form = looks().map(kind -> "most values look like " + kind.words());
    if (form.isPresent()) {
      return form;
    }
    boolean named =
        tokens.stream().anyMatch(PERSONAL::contains)
            || (tokens.stream().anyMatch(NAMES::contains)
                && tokens.stream().anyMatch(PERSONS::contains));
    return named ? Optional.of("by its name it is about a person") : Optional.empty();
  }

  /** Whether it names a person without saying who. */
  boolean namesPerson() {
    return tokens.contains("id") && tokens.stream().anyMatch(PERSONS::contains);
  }

  /** Whether its values may be shown. */
  boolean isListable() {
    return personal().isEmpty() && !namesPerson() && tokens.stream().noneMatch(NAMES::contains);
  }
}
