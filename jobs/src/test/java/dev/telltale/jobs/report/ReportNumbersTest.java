package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page says what the JSON says, and the JSON what the result tables say in plain SQL. */
class ReportNumbersTest extends SparkTest {
  private static final String NEWEST = "window_start = '2001-03-30'";
  private static final String ALL_ROWS = "slice_key IS NULL AND model_version IS NULL";

  private TestReport report;
  private JsonNode json;
  private Tab tab;

  @BeforeEach
  void open() throws IOException {
    report = TestReport.synthetic(spark);
    json = new ObjectMapper().readTree(report.json().toFile());
    tab = Browser.open(report.html(), Screen.DESK, ColorScheme.LIGHT);
    tab.run(Probes.UNFOLD);
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void countsAlertsAndFindings() {
    long open =
        count(
            table(Tables.ALERTS)
                .where("granularity = '1 day'")
                .groupBy("alert_id")
                .agg(org.apache.spark.sql.functions.expr("max_by(status, window_start) AS status"))
                .where("status IN ('OPEN', 'ACKNOWLEDGED')"));
    long critical = count(firing().where(NEWEST + " AND severity = 'CRITICAL'"));
    long warning = count(firing().where(NEWEST + " AND severity = 'WARNING'"));
    long info = count(firing().where(NEWEST + " AND severity = 'INFO'"));

    JsonNode totals = json.get("totals");
    assertThat(totals.get("alerts_open").asLong()).isEqualTo(open).isEqualTo(3);
    assertThat(totals.get("findings").get("critical").asLong()).isEqualTo(critical).isEqualTo(3);
    assertThat(totals.get("findings").get("warning").asLong()).isEqualTo(warning);
    assertThat(totals.get("findings").get("info").asLong()).isEqualTo(info);
    assertThat(tiles())
        .containsExactly(
            open + " open alerts about windows of 1 day; 1 about 1 week",
            totals.get("columns_firing").asLong()
                + " of "
                + totals.get("columns_judged").asLong()
                + " judged columns with a finding in all rows",
            "%d findings, slices included: %d critical, %d warning, %d hint"
                .formatted(critical + warning + info, critical, warning, info),
            totals.get("checks_without_data").asLong() + " check with too little data");
    assertThat(text("nav a[href='#attention'] b"))
        .isEqualTo(String.valueOf(count("#attention > .concern")));
  }

  /** Every alert and every finding of the newest window is behind exactly one card. */
  @Test
  void cardsAddUpToAlertsAndFindings() {
    long alerts = 0;
    long facts = 0;
    for (JsonNode concern : json.get("attention")) {
      alerts += concern.get("alerts_open").asLong();
      facts += 1 + concern.get("elsewhere").size();
    }

    assertThat(alerts).isEqualTo(json.get("totals").get("alerts_open").asLong());
    assertThat(facts).isEqualTo(count(firing().where(NEWEST)));
    assertThat(json.get("attention").size()).isEqualTo((int) count(".concern"));
    assertThat(
            count("#slices .slice li") + count(firing().where(NEWEST + " AND slice_key IS NULL")))
        .as("findings of slices, and of all rows")
        .isEqualTo(count(firing().where(NEWEST)));
  }

  @Test
  void everyCardHasTheNumbersOfItsFinding() {
    for (JsonNode concern : json.get("attention")) {
      Row row =
          firing()
              .where(NEWEST)
              .where(equal("column_name", concern.get("column").asText()))
              .where(equal("kind", concern.get("kind").asText()))
              .where(equal("drift_type", concern.get("drift_type").asText()))
              .where(concern.has("part") ? "slice_key IS NOT NULL" : "slice_key IS NULL")
              .where(equal("because", concern.get("because").asText()))
              .head();
      assertThat(concern.get("value").asDouble()).isEqualTo(row.<Double>getAs("value"));
      assertThat(concern.get("threshold").asDouble()).isEqualTo(row.<Double>getAs("threshold"));

      String card = text("#" + concern.get("id").asText());
      assertThat(card)
          .contains(row.<String>getAs("because").substring(0, 11))
          .contains(
              Formats.number(row.<Double>getAs("value"))
                  + " / "
                  + Formats.number(row.<Double>getAs("threshold")));
    }
  }

  @Test
  void everyWindowHasItsRowsAndFindings() {
    List<Row> rows =
        table(Tables.PROFILE_METRICS)
            .where("column_name = ':table' AND granularity = '1 day'")
            .orderBy("window_start")
            .collectAsList();
    assertThat(rows).hasSize(SyntheticLake.NIGHTS);
    Object drawn = tab.run("() => JSON.parse(document.getElementById('charts').textContent).rows");
    for (int i = 0; i < rows.size(); i++) {
      long expected = rows.get(i).<Long>getAs("count");
      assertThat(json.get("row_counts").get(i).asLong()).isEqualTo(expected);
      assertThat(((Number) ((List<?>) drawn).get(i)).longValue()).isEqualTo(expected);
      String window = "window_start = '" + ResultRows.day(i) + "'";
      JsonNode counts = json.get("finding_counts").get(i);
      assertThat(
              counts.get("critical").asLong()
                  + counts.get("warning").asLong()
                  + counts.get("info").asLong())
          .isEqualTo(count(firing().where(window)));
    }
  }

  @Test
  void everyColumnHasTheEffectOfTheTable() {
    List<Row> rows =
        table(Tables.DRIFT_METRICS)
            .where(NEWEST + " AND " + ALL_ROWS)
            .where("metric = 'js_distance' AND drift_type = 'BASELINE'")
            .collectAsList();
    assertThat(rows).hasSizeGreaterThan(15);
    for (Row row : rows) {
      String name = row.getAs("column_name");
      JsonNode column = column(name);
      double effect = row.<Double>getAs("value");
      assertThat(column.get("effect").asDouble()).isEqualTo(effect);
      assertThat(column.get("trend").get("effect").get(SyntheticLake.NIGHTS - 1).asDouble())
          .isEqualTo(effect);
      assertThat(text("tr[data-for='" + Links.column(name) + "'] td.num"))
          .as(name)
          .isEqualTo(Formats.number(effect) + " / 0.1");
      assertThat(text("details[id='" + Links.column(name) + "'] .because"))
          .isEqualTo(
              "Against the baseline: " + Formats.sentence(row.getAs("because")).replace('\n', ' '));
    }
  }

  @Test
  void aColumnThatIsFineInAllRowsSaysWhereItIsNot() {
    long slices =
        count(
            firing()
                .where(NEWEST + " AND column_name = 'score' AND slice_key IS NOT NULL")
                .where("severity <> 'INFO'"));

    assertThat(column("score").get("slices_firing").asLong()).isEqualTo(slices).isEqualTo(2);
    assertThat(text("tr[data-for='column-score']")).contains("fires in 2 slices");
    assertThat(text("tr[data-for='column-hour_of_day']")).doesNotContain("fires in");
  }

  @Test
  void bothSidesOfADistributionAddUp() {
    int distributions = 0;
    for (JsonNode bins : json.findValues("bins")) {
      double reference = 0;
      double current = 0;
      for (JsonNode bin : bins) {
        reference += bin.get("reference").asDouble();
        current += bin.get("current").asDouble();
      }
      assertThat(reference).isCloseTo(1, within(1e-9));
      assertThat(current).isCloseTo(1, within(1e-9));
      distributions++;
    }
    assertThat(distributions).isGreaterThan(20);
  }

  private Dataset<Row> table(Tables table) {
    return spark.read().format("delta").load(report.lake().path(table));
  }

  private Dataset<Row> firing() {
    return table(Tables.FINDINGS).where("status = 'FIRING' AND granularity = '1 day'");
  }

  private static org.apache.spark.sql.Column equal(String column, String value) {
    return org.apache.spark.sql.functions.col(column).equalTo(value);
  }

  private static long count(Dataset<Row> rows) {
    return rows.count();
  }

  private long count(String selector) {
    return tab.page().locator(selector).count();
  }

  private List<String> tiles() {
    List<String> tiles = new ArrayList<>();
    tab.page()
        .locator(".tiles li")
        .allInnerTexts()
        .forEach(tile -> tiles.add(tile.replaceAll("\\s+", " ")));
    return tiles;
  }

  private JsonNode column(String name) {
    for (JsonNode column : json.get("columns")) {
      if (column.get("column").asText().equals(name)) {
        return column;
      }
    }
    throw new AssertionError("The JSON has no column " + name);
  }

  private String text(String selector) {
    return tab.page().locator(selector).first().innerText();
  }
}
