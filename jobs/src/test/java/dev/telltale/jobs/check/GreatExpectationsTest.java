package dev.telltale.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.check.CheckResult;
import dev.telltale.check.Columns;
import dev.telltale.check.Expectations;
import dev.telltale.config.Check;
import dev.telltale.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Great Expectations itself says of the same rows; see reference_check.py. */
class GreatExpectationsTest extends SparkTest {
  private static final Path FILES = Path.of("src/test/resources/dev/telltale/jobs/check");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names that Great Expectations has on pandas neither, or with other parameters. */
  private static final Set<String> NOT_ON_PANDAS =
      Set.of(
          "expect_column_values_to_match_like_pattern",
          "expect_column_values_to_not_match_like_pattern",
          "expect_column_values_to_match_like_pattern_list",
          "expect_column_values_to_not_match_like_pattern_list",
          "expect_column_values_to_be_of_type",
          "expect_column_values_to_be_in_type_list",
          "expect_table_to_be_fresh");

  /**
   * Invariants are Telltale's own, or, of sequences, know entities and times; see InvariantTest.
   */
  private static final Set<String> INVARIANTS =
      Set.of(
          "expect_column_pair_values_to_agree",
          "expect_rows_to_satisfy",
          "expect_events_to_be_rare",
          "expect_table_row_count_to_be_seasonal",
          "expect_table_schema_to_match_reference",
          "expect_column_values_to_be_increasing",
          "expect_column_values_to_be_decreasing",
          "expect_column_change_rate_to_be_between",
          "expect_movement_to_be_within",
          "expect_column_values_to_not_flicker",
          "expect_rows_to_have_match_in",
          "expect_column_values_to_agree_with",
          "expect_totals_to_reconcile_with",
          "expect_column_values_to_be_stable_within_group",
          "expect_events_to_have_neighbors");

  private static List<JsonNode> expected;
  private static List<TableCheck.Outcome> outcomes;

  @BeforeAll
  static void check() throws IOException {
    List<String> lines = Files.readAllLines(FILES.resolve("great-expectations.json"));
    expected = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      expected.add(JSON.readTree(line));
    }
    Dataset<Row> rows = rows();
    TestRows alone = new TestRows(rows, Instant.parse("2001-03-02T00:00:00Z"));
    TableCheck check =
        new TableCheck(rows, columns(rows), List.of("id"), alone, one -> Optional.empty());
    outcomes = check.run(expected.stream().map(GreatExpectationsTest::expectation).toList());
  }

  static Dataset<Row> rows() {
    return spark
        .read()
        .option("header", true)
        .option("escape", "\"")
        .schema(
            "id STRING, number BIGINT, leg BIGINT, delay DOUBLE, taxi DOUBLE, wheels DOUBLE,"
                + " origin STRING, dest STRING, left TIMESTAMP, late BOOLEAN, nothing DOUBLE,"
                + " whole BIGINT")
        .csv(FILES.resolve("rows.csv").toString());
  }

  static Columns columns(Dataset<Row> rows) {
    Map<String, String> types = new LinkedHashMap<>();
    for (var field : rows.schema().fields()) {
      types.put(field.name(), field.dataType().simpleString());
    }
    return new Columns(types);
  }

  private static Check.Expectation expectation(JsonNode reference) {
    Map<String, Object> parameters =
        JSON.convertValue(
            reference.get("kwargs"),
            new com.fasterxml.jackson.core.type.TypeReference<LinkedHashMap<String, Object>>() {});
    parameters.replaceAll(
        (name, value) -> value instanceof Integer i ? (Object) i.longValue() : value);
    Object mostly = parameters.remove("mostly");
    Object condition = parameters.remove("row_condition");
    return new Check.Expectation(
        reference.get("expectation").asText(),
        parameters,
        mostly == null ? 1 : ((Number) mostly).doubleValue(),
        Optional.ofNullable((String) condition),
        "WARNING");
  }

  @Test
  void everyExpectationThatBothHaveIsCompared() {
    Set<String> compared = new LinkedHashSet<>();
    expected.forEach(one -> compared.add(one.get("expectation").asText()));
    Set<String> all = new LinkedHashSet<>(Expectations.names());
    all.removeAll(NOT_ON_PANDAS);
    all.removeAll(INVARIANTS);
    assertThat(compared).containsExactlyInAnyOrderElementsOf(all).hasSizeGreaterThan(35);
  }

  @Test
  void theResultsAreTheSame() {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      compare(expected.get(i), outcomes.get(i).result(), differences);
    }
    assertThat(differences).isEmpty();
    assertThat(expected).hasSizeGreaterThan(100);
  }

  private static void compare(JsonNode reference, CheckResult found, List<String> differences) {
    String what = reference.get("expectation").asText() + reference.get("kwargs");
    JsonNode result = reference.get("result");
    same(what, "success", reference.get("success"), found.success(), differences);
    same(what, "exception", reference.get("exception"), found.exception().isPresent(), differences);
    if (found.exception().isPresent()) {
      return;
    }
    same(what, "element_count", result.path("element_count"), found.elementCount(), differences);
    same(what, "missing_count", result.path("missing_count"), found.missingCount(), differences);
    same(
        what,
        "unexpected_count",
        result.path("unexpected_count"),
        found.unexpectedCount(),
        differences);
    same(
        what,
        "unexpected_percent",
        result.path("unexpected_percent"),
        found.unexpectedPercent(),
        differences);
    same(
        what,
        "unexpected_percent_total",
        result.path("unexpected_percent_total"),
        found.unexpectedPercentTotal(),
        differences);
    same(
        what,
        "missing_percent",
        result.path("missing_percent"),
        found.missingPercent(),
        differences);
    same(what, "observed_value", result.path("observed_value"), found.observedValue(), differences);
    if (result.path("unexpected_count").asLong() <= CheckResult.PARTIAL) {
      same(
          what,
          "partial_unexpected_list",
          sorted(result.path("partial_unexpected_list")),
          sorted(JSON.valueToTree(found.partialUnexpectedList())),
          differences);
    } else {
      same(
          what,
          "sample",
          JSON.valueToTree(CheckResult.PARTIAL),
          found.partialUnexpectedList().size(),
          differences);
    }
    same(
        what,
        "partial_missing_list",
        sorted(result.path("partial_missing_list")),
        sorted(JSON.valueToTree(found.details().getOrDefault("partial_missing_list", List.of()))),
        differences);
    same(
        what,
        "success_details",
        result.path("details").path("success_details"),
        found.details().get("success_details"),
        differences);
  }

  private static List<String> sorted(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(
        one -> texts.add(one.isNumber() ? String.valueOf(one.doubleValue()) : one.toString()));
    return texts.stream().sorted().toList();
  }

  private static void same(
      String what, String field, Object reference, Object found, List<String> differences) {
    JsonNode one = JSON.valueToTree(reference);
    JsonNode other = JSON.valueToTree(plain(found));
    if (!isSame(one, other)) {
      differences.add(what + " " + field + ": Great Expectations " + one + ", Telltale " + other);
    }
  }

  private static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.orElse(null);
    }
    if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? optional.getAsLong() : null;
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? optional.getAsDouble() : null;
    }
    return value;
  }

  /** Sums of doubles depend on their order in the last digits. */
  private static boolean isSame(JsonNode one, JsonNode other) {
    if (one.isMissingNode() || one.isNull()) {
      return other.isNull() || other.isMissingNode();
    }
    if (one.isNumber() && other.isNumber()) {
      double scale = Math.max(1, Math.abs(one.doubleValue()));
      return Math.abs(one.doubleValue() - other.doubleValue()) <= 1e-12 * scale;
    }
    if (one.isContainerNode() && other.isContainerNode()) {
      if (one.size() != other.size()) {
        return false;
      }
      boolean same = true;
      for (int i = 0; i < one.size() && one.isArray(); i++) {
        same &= isSame(one.get(i), other.path(i));
      }
      for (var entry : one.properties()) {
        same &= isSame(entry.getValue(), other.path(entry.getKey()));
      }
      return same;
    }
    return one.equals(other);
  }
}
