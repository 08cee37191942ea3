package dev.telltale.jobs.check;

import static dev.telltale.jobs.check.CheckJobTest.expect;
import static dev.telltale.jobs.check.CheckJobTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.check.CheckResult;
import dev.telltale.config.Check;
import dev.telltale.jobs.SparkTest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Invariants: what holds of rows beside others, whatever the ground truth. */
class InvariantTest extends SparkTest {
  private static final Instant END = Instant.parse("2001-03-02T00:00:00Z");

  private static Dataset<Row> rows(String columns, String values) {
    return spark.sql("SELECT * FROM VALUES " + values + " AS rows(" + columns + ")");
  }

  private static CheckResult one(TestRows rows, Check.Expectation expectation) {
    CheckResult result = rows.check(List.of("id"), expectation).get(0).result();
    assertThat(result.exception()).isEmpty();
    return result;
  }

  /** Car a runs well; car b jumps, goes back and is set to nothing. */
  private static TestRows trips() {
    return new TestRows(
        rows(
            "id, car, t, km, gear, lat, lon",
            """
            ('a1', 'a', timestamp '2001-03-01 10:00:00', 100D, 'D', 33.64D, -84.43D),
            ('b1', 'b', timestamp '2001-03-01 10:00:00', 500D, 'D', 33.64D, -84.43D),
            ('a2', 'a', timestamp '2001-03-01 11:00:00', 180D, 'D', 33.65D, -84.43D),
            ('b2', 'b', timestamp '2001-03-01 10:00:10', 900D, 'R', 42.36D, -71.01D),
            ('a3', 'a', timestamp '2001-03-01 12:00:00', double('NaN'), NULL, NULL, -84.43D),
            ('b3', 'b', timestamp '2001-03-01 10:00:20', 899D, 'D', 42.36D, -71.01D),
            ('a4', 'a', timestamp '2001-03-01 13:00:00', 260D, 'D', 33.66D, -84.43D),
            ('b4', 'b', timestamp '2001-03-01 10:00:30', 0D, 'R', 42.36D, -71.01D),
            ('x1', NULL, timestamp '2001-03-01 10:00:30', -5D, 'R', 0D, 0D),
            ('x2', 'a', NULL, -5D, 'R', 0D, 0D)\
            """),
        END);
  }

  /** An expectation of a column along the way of each car. */
  private static Check.Expectation ofCars(String name, String column, Object... more) {
    return expect(
        name,
        Stream.concat(
                Stream.of("column", column, "time", "t", "entity", "car"), Arrays.stream(more))
            .toArray());
  }

  @Test
  void aCounterGoesUpUnlessItIsReset() {
    CheckResult result = one(trips(), ofCars("expect_column_values_to_be_increasing", "km"));
    // Rows without a car or a time are left out, firsts and a3 have nothing to compare.
    assertThat(result.elementCount()).hasValue(8);
    assertThat(result.missingCount()).hasValue(3);
    assertThat(result.unexpectedCount()).hasValue(2);
    assertThat(result.partialUnexpectedIds()).containsExactlyInAnyOrder("b3", "b4");
    assertThat(result.partialUnexpectedList()).contains(Map.of("km", 899.0, "previous_km", 900.0));
    CheckResult reset =
        one(trips(), ofCars("expect_column_values_to_be_increasing", "km", "reset_value", 0L));
    assertThat(reset.partialUnexpectedIds()).containsExactly("b3");
    assertThat(
            one(trips(), ofCars("expect_column_values_to_be_decreasing", "km"))
                .partialUnexpectedIds())
        .containsExactlyInAnyOrder("a2", "a4", "b2");
  }

  @Test
  void nothingMovesFasterThanItCan() {
    List<TableCheck.Outcome> outcomes =
        trips()
            .check(
                List.of("id"),
                ofCars(
                    "expect_column_change_rate_to_be_between",
                    "km",
                    "per",
                    "1 hour",
                    "min_value",
                    0L,
                    "max_value",
                    80L),
                expect(
                    "expect_movement_to_be_within",
                    "latitude",
                    "lat",
                    "longitude",
                    "lon",
                    "time",
                    "t",
                    "entity",
                    "car",
                    "max_speed_kmh",
                    1000L));
    // a4: 80 km in the two hours since a2, where a3 has none.
    assertThat(outcomes.get(0).result().partialUnexpectedIds())
        .containsExactlyInAnyOrder("b2", "b3", "b4");
    CheckResult moved = outcomes.get(1).result();
    assertThat(moved.partialUnexpectedIds()).containsExactly("b2");
    // From Atlanta to Boston, as geopy 2.5.0's great_circle has it, with a radius of 6371.009 km.
    assertThat((Double) ((Map<?, ?>) moved.partialUnexpectedList().get(0)).get("distance_km"))
        .isCloseTo(1520.833072647129, org.assertj.core.data.Offset.offset(1e-3));
    assertThat(moved.missingCount()).hasValue(3);
  }

  @Test
  void aValueThatTogglesTooOftenFlickers() {
    CheckResult result =
        one(
            trips(),
            ofCars(
                "expect_column_values_to_not_flicker",
                "gear",
                "max_changes",
                1L,
                "within",
                "15 seconds"));
    assertThat(result.partialUnexpectedIds()).containsExactlyInAnyOrder("b3", "b4");
    assertThat(
            one(
                    trips(),
                    ofCars(
                        "expect_column_values_to_not_flicker",
                        "gear",
                        "max_changes",
                        3L,
                        "within",
                        "1 minute"))
                .success())
        .isTrue();
  }

  @Test
  void eventsComeInGroups() {
    TestRows strikes =
        new TestRows(
            rows(
                "id, t, x, y, kind",
                """
                (1, timestamp '2001-03-01 10:00:00', 0D, 0D, 'p'),
                (2, timestamp '2001-03-01 10:00:30', 0.9D, 0D, 'p'),
                (3, timestamp '2001-03-01 10:00:30', 1.95D, 0.1D, 'p'),
                (4, timestamp '2001-03-01 10:00:30', 0D, 2.2D, 'p'),
                (5, timestamp '2001-03-01 10:05:00', 0D, 0D, 'p'),
                (6, timestamp '2001-03-01 10:00:00', 0.1D, 0D, 'q'),
                (7, timestamp '2001-03-01 10:00:00', -0.1D, -0.1D, 'p'),
                (8, timestamp '2001-03-01 10:00:00', NULL, -0.1D, 'p')\
                """),
            END);
    Check.Expectation near =
        expect(
            "expect_events_to_have_neighbors",
            "position",
            List.of("x", "y"),
            "radius",
            1.1,
            "time",
            "t",
            "within",
            "1 minute",
            "group",
            "kind");
    CheckResult result = one(strikes, near);
    assertThat(result.elementCount()).hasValue(7);
    assertThat(result.partialUnexpectedIds()).containsExactlyInAnyOrder("4", "5", "6");
    CheckResult two =
        one(
            strikes,
            expect(
                "expect_events_to_have_neighbors",
                "position",
                List.of("x", "y"),
                "radius",
                1.1,
                "time",
                "t",
                "within",
                "1 minute",
                "min_neighbors",
                3L));
    // 1 has 2, 6 and 7; 2 has 1, 3, 6 and 7; 6 has 1, 2 and 7; 7 has 1, 2 and 6.
    assertThat(two.partialUnexpectedIds()).containsExactlyInAnyOrder("3", "4", "5");
  }

  @Test
  void sourcesAgree() {
    Dataset<Row> there =
        rows("key, value, at", "('a', 1.0D, 'x'), ('b', 5D, 'x'), ('b', 2D, 'x'), ('d', 7D, 'y')");
    TestRows here =
        new TestRows(
                rows(
                    "id, value, at",
                    "('a', 1.05D, 'x'), ('b', 2D, 'x'), ('c', 3D, 'y'), (NULL, 4D, 'z')"),
                END)
            .with("there", there);
    Map<String, Object> on = Map.of("id", "key");
    CheckResult match =
        one(here, expect("expect_rows_to_have_match_in", "other", "there", "on", on));
    assertThat(match.elementCount()).hasValue(4);
    assertThat(match.missingCount()).hasValue(1);
    assertThat(match.partialUnexpectedIds()).containsExactly("c");
    CheckResult agree =
        one(
            here,
            expect(
                "expect_column_values_to_agree_with",
                "column",
                "value",
                "other",
                "there",
                "on",
                on,
                "tolerance",
                0.1));
    assertThat(agree.partialUnexpectedIds()).containsExactly("b");
    assertThat(agree.missingCount()).hasValue(2);
    CheckResult totals =
        one(
            here,
            expect(
                "expect_totals_to_reconcile_with",
                "other",
                "there",
                "column",
                "value",
                "by",
                List.of("at"),
                "relative_tolerance",
                0.7));
    // x: 3.05 and 8; y: 3 and 7; z: 4 and none.
    assertThat(totals.elementCount()).hasValue(3);
    assertThat(totals.partialUnexpectedIds()).containsExactly("z");
    CheckResult counts = one(here, expect("expect_totals_to_reconcile_with", "other", "there"));
    assertThat(counts.success()).isTrue();
    assertThat(counts.elementCount()).hasValue(1);
  }

  @Test
  void nearDuplicatesAreAnsweredAlike() {
    TestRows answers =
        new TestRows(
            rows(
                "id, pair, score",
                "(1, 'p', 0.5D), (2, 'p', 0.52D), (3, 'q', 0.1D), (4, 'q', 0.9D), (5, 'r', 1D),"
                    + " (6, NULL, 0D), (7, NULL, 1D)"),
            END);
    CheckResult result =
        one(
            answers,
            expect(
                "expect_column_values_to_be_stable_within_group",
                "column",
                "score",
                "group",
                "pair",
                "tolerance",
                0.05));
    assertThat(result.elementCount()).hasValue(3);
    assertThat(result.missingCount()).hasValue(1);
    assertThat(result.partialUnexpectedIds()).containsExactly("q");
    assertThat(
            one(
                    answers,
                    with(
                        "expect_column_values_to_be_stable_within_group",
                        0.5,
                        null,
                        "WARNING",
                        "column",
                        "score",
                        "group",
                        "pair",
                        "tolerance",
                        0.05))
                .success())
        .isTrue();
  }

  @Test
  void oneEventAmongMillionIsNoAlarm() {
    TestRows many = new TestRows(spark.range(0, 1_000_000, 1, 2).toDF("id"), END);
    List<TableCheck.Outcome> outcomes =
        many.check(
            List.of("id"),
            expect("expect_events_to_be_rare", "condition", "id = 7", "max_rate", 1e-6),
            expect("expect_events_to_be_rare", "condition", "id < 7", "max_rate", 1e-6),
            expect("expect_events_to_be_rare", "condition", "id < 4", "max_events", 1L),
            expect("expect_events_to_be_rare", "condition", "id < 6", "max_events", 1L),
            expect("expect_rows_to_satisfy", "condition", "id >= 2 OR id IS NULL"));
    assertThat(outcomes)
        .extracting(one -> one.result().success())
        .containsExactly(true, false, true, false, false);
    assertThat(outcomes.get(1).result().partialUnexpectedIds()).hasSize(7);
    assertThat(outcomes.get(4).result().partialUnexpectedList()).containsExactly(0L, 1L);
    assertThat(outcomes.get(1).result().because())
        .isEqualTo(
            "7 of 1,000,000 rows are such events, where 1.000 (a rate of 1.0E-6) are expected at"
                + " most; that many come by chance with p = 8.3e-05, and below 0.001 it is an"
                + " alarm.");
  }

  @Test
  void twoSensorsAgreeWithinTheirError() {
    TestRows sensors =
        new TestRows(
            rows(
                "id, one, other", "(1, 10D, 10.4D), (2, 10D, 11D), (3, NULL, 5D), (4, NULL, NULL)"),
            END);
    CheckResult result =
        one(
            sensors,
            expect(
                "expect_column_pair_values_to_agree",
                "column_A",
                "one",
                "column_B",
                "other",
                "tolerance",
                0.5,
                "ignore_row_if",
                "either_value_is_missing"));
    assertThat(result.partialUnexpectedIds()).containsExactly("2");
    assertThat(result.missingCount()).hasValue(2);
  }

  @Test
  void aSchemaThatChangedIsToldInItsParts() {
    TestRows now =
        new TestRows(rows("b, a, c, e", "(1, 2, 'x', 1D)"), END)
            .with("before", rows("a, b, c, d", "(2, 1, 3, 4D)"));
    CheckResult result =
        now.check(
                List.of(), expect("expect_table_schema_to_match_reference", "reference", "before"))
            .get(0)
            .result();
    assertThat(result.success()).isFalse();
    assertThat(result.because())
        .isEqualTo(
            "Of the reference's columns differ: added: e; removed: d; retyped: c (int is now"
                + " string); reordered: b, a.");
    assertThat(
            now.check(
                    List.of(),
                    expect(
                        "expect_table_schema_to_match_reference",
                        "reference",
                        "before",
                        "allow",
                        List.of("added", "removed", "retyped", "reordered")))
                .get(0)
                .result()
                .success())
        .isTrue();
  }

  @Test
  void oneInvariantThatCannotBeJudgedLeavesTheOthers() {
    List<TableCheck.Outcome> outcomes =
        trips()
            .with("there", rows("key", "('a')"))
            .check(
                List.of("id"),
                expect("expect_rows_to_have_match_in", "other", "there", "on", List.of("id")),
                expect("expect_column_values_to_be_increasing", "column", "gear", "time", "t"),
                expect("expect_rows_to_satisfy", "condition", "nosuch > 1"),
                expect("expect_rows_to_satisfy", "condition", "km > 'x' + 1"),
                expect("expect_column_values_to_not_be_null", "column", "id"));
    assertThat(outcomes.get(0).result().exception().orElseThrow()).contains("`id`", "key");
    assertThat(outcomes.get(1).result().exception().orElseThrow()).contains("gear", "string");
    assertThat(outcomes.get(2).result().exception().orElseThrow()).contains("nosuch");
    assertThat(outcomes.get(4).result().success()).isTrue();
  }
}
