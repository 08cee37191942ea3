package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page and the JSON say of the answers, from tables as the jobs write them. */
class AnswersPageTest extends SparkTest {
  private static final int NEWEST = SyntheticLake.NIGHTS - 1;

  private TestReport report;
  private JsonNode answers;
  private Tab tab;

  @BeforeEach
  void open() throws IOException {
    report = TestReport.synthetic(spark);
    answers = json(report).get("answers");
    tab = Browser.open(report.html(), Screen.DESK, ColorScheme.LIGHT);
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void everyNightHasTheNumbersOfAllRowsAndVersions() {
    assertThat(answers.get("source").asText()).isEqualTo("outcome");
    assertThat(answers.get("metrics"))
        .map(JsonNode::asText)
        .containsExactly("accuracy", "f1", "roc_auc", "brier");
    assertThat(answers.get("nights").size()).isEqualTo(SyntheticLake.NIGHTS - 1);
    for (JsonNode night : answers.get("nights")) {
      int index = night(night);
      assertThat(index).isNotEqualTo(SyntheticAnswers.GAP);
      assertThat(night.get("label_coverage").asDouble())
          .isEqualTo(SyntheticAnswers.coverage(index));
      assertThat(night.get("mature").asBoolean()).isEqualTo(index < SyntheticAnswers.AWAITED_FROM);
      assertThat(night.has("awaited_until")).isEqualTo(!night.get("mature").asBoolean());
      for (JsonNode value : night.get("values")) {
        assertThat(value.has("value")).isEqualTo(index < SyntheticAnswers.UNLABELLED_FROM);
        if (value.has("value")) {
          assertThat(value.get("value").asDouble())
              .isCloseTo(
                  SyntheticAnswers.value(value.get("metric").asText(), index), within(1e-12));
          assertThat(value.get("ci_low").asDouble()).isLessThan(value.get("value").asDouble());
        }
      }
    }
    assertThat(answers.findValuesAsText("value")).doesNotContain("0.3137");
    assertThat(answers.findValuesAsText("training")).isNotEmpty().doesNotContain("0.3137");
  }

  @Test
  void theTableShowsTwoWeeksTheNewestFirst() {
    assertThat(lines("table.answers", "tbody")).hasSize(14);
    assertThat(header())
        .containsExactly(
            "Window",
            "Labels known",
            "accuracy training 0.840",
            "F1 training 0.610",
            "ROC AUC training 0.900",
            "Brier score training 0.120");
    assertThat(row(NEWEST))
        .startsWith("30 Mar 2001 0 % of 2,000, awaited until 5 Apr – – – – estimated 0.7")
        .doesNotContain("degraded");
    assertThat(row(SyntheticAnswers.AWAITED_FROM))
        .startsWith(
            "26 Mar 2001 90 % of 2,000, awaited until 1 Apr 0.763 0.745 to 0.781 degraded so far");
    assertThat(row(SyntheticAnswers.WORSE_FROM))
        .startsWith("19 Mar 2001 97 % of 2,000 0.")
        .contains("degraded")
        .doesNotContain("so far", "awaited");
    assertThat(row(SyntheticAnswers.WORSE_FROM - 1)).doesNotContain("degraded");
    assertThat(row(SyntheticAnswers.FEW_LABELS))
        .contains("of 2,000, too few")
        .doesNotContain("degr");
    assertThat(row(SyntheticAnswers.WITHHELD)).contains("estimated withheld");
    assertThat(row(SyntheticAnswers.MISSED)).contains("missed");
    assertThat(row(SyntheticAnswers.MISSED + 1)).doesNotContain("missed");
    assertThat(text("#answers"))
        .contains("15 earlier windows are in the charts and in report.json");
  }

  @Test
  void chartsHaveValuesEstimatesAndTraining() {
    tab.run(Probes.SCROLL_THROUGH);
    assertThat(tab.page().locator("[data-chart=answer] canvas").count()).isEqualTo(4);
    assertThat(text("figure:has([data-metric='0']) .read"))
        .matches("30 Mar 2001: labels awaited, estimated 0\\.7\\d+, training 0\\.84");

    Locator chart = tab.page().locator("[data-metric='0'] .u-over");
    chart.hover(
        new Locator.HoverOptions()
            .setPosition(chart.boundingBox().width * 10.5 / SyntheticLake.NIGHTS, 40));
    assertThat(text("figure:has([data-metric='0']) .read"))
        .matches(
            "11 Mar 2001: 0\\.8\\d+ \\(0\\.8\\d* to 0\\.8\\d+\\), estimated 0\\.8\\d+, training 0\\.84");

    Object drawn =
        tab.run(
            "() => JSON.parse(document.getElementById('charts').textContent).answers[1].estimate");
    assertThat(drawn).as("nothing is estimated of F1").isNull();
  }

  @Test
  void saysWhereTheAnswersAreWrong() {
    assertThat(answers.get("search").get("period_end").asText()).isEqualTo("2001-03-26T00:00:00Z");
    assertThat(answers.get("search").get("slices"))
        .map(slice -> slice.get("rank").asInt())
        .containsExactly(1, 2, 3);
    assertThat(text("#answers"))
        .contains("searched from 12 Mar 2001 to 26 Mar 2001")
        .doesNotContain("an older search", "by chance");
    List<String> wrong = lines("table.wrong >> nth=0", "tbody tr");
    assertThat(wrong).hasSize(3);
    assertThat(wrong.get(0))
        .isEqualTo("distance_miles ≥ 1,200 and origin = ORD 31 % 15.2 % 900 142 rows");
    assertThat(wrong.get(2)).startsWith("</script><script>");
  }

  @Test
  void saysWhichSlicesDiffer() {
    assertThat(answers.get("segments").get("window_start").asText())
        .isEqualTo("2001-03-25T00:00:00Z");
    assertThat(text(".keys"))
        .contains("origin", "error rate", "differs between the slices of origin");
    assertThat(lines("table.wrong >> nth=1", "tbody tr"))
        .containsExactly(
            "origin = ORD error rate 31 % (27 % to 35 %) 18 % 410",
            "origin = <i>SFO</i> error rate 26.2 % (22.2 % to 30.2 %) 18 % 410",
            "origin = ORD selection rate statistical parity 44 % (40 % to 48 %) 18 % 410");
  }

  @Test
  void isReadWithoutItsScript() {
    try (Tab plain = Browser.openWithoutScripts(report.html())) {
      assertThat(plain.page().locator("#answers figure:visible, #answers .legend:visible").count())
          .isZero();
      assertThat(plain.page().locator("table.answers").isVisible()).isTrue();
    }
  }

  @Test
  void oneNightWithoutComparisonsIsShownAsItIs() throws IOException {
    Lake lake = EmptyLake.at(spark, TestReport.temporary().resolve("lake").toString());
    ResultRows rows = new ResultRows(lake, "young");
    profiled(rows);
    for (String metric : List.of("label_coverage", "mae", "rmse", "bias")) {
      rows.row(Tables.QUALITY_METRICS, ResultRows.day(0), null)
          .set("source", "outcome")
          .set("kind", "REALIZED")
          .set("metric", metric)
          .set("value", metric.equals("label_coverage") ? 0.5 : 12.25)
          .set("n", 100L)
          .set("label_coverage", 0.5)
          .set("mature", false)
          .set("status", "IMMATURE")
          .add();
    }
    rows.row(Tables.ALERTS, ResultRows.day(0), Subject.TABLE, null)
        .set("alert_id", "worse")
        .set("finding_key", "worse")
        .set("kind", "QUALITY")
        .set("drift_type", "TRAINING")
        .set("metric", "mae")
        .set("severity", "WARNING")
        .set("status", "OPEN")
        .set("first_seen", ResultRows.day(0))
        .set("last_seen", ResultRows.day(0))
        .set("because", "mae is worse.")
        .add();
    rows.flush();

    TestReport young = TestReport.draw(spark, lake, "young", ResultRows.day(1), 30);

    assertThat(json(young).get("answers").get("metrics"))
        .map(JsonNode::asText)
        .containsExactly("mae", "rmse");
    try (Tab one = Browser.open(young.html(), Screen.PHONE, ColorScheme.DARK)) {
      one.run(Probes.SCROLL_THROUGH);
      assertThat(one.problems()).isEmpty();
      assertThat(one.run(Probes.TOO_WIDE)).isEqualTo(0);
      assertThat(one.page().locator("table.answers").innerText())
          .contains("MAE", "no training value", "12.25", "awaited until 7 Mar");
      assertThat(one.page().locator("#answers-wrong").count()).isZero();
      assertThat(one.page().locator("#concern-1 h3 a").getAttribute("href")).isEqualTo("#answers");
      assertThat((List<?>) one.run(Probes.BROKEN_LINKS)).isEmpty();
    }
  }

  @Test
  void withoutTheTruthThePageSaysSo() throws IOException {
    Lake lake = EmptyLake.at(spark, TestReport.temporary().resolve("lake").toString());
    ResultRows rows = new ResultRows(lake, "unlabelled");
    profiled(rows);
    rows.flush();

    TestReport nothing = TestReport.draw(spark, lake, "unlabelled", ResultRows.day(1), 30);

    assertThat(json(nothing).has("answers")).isFalse();
    try (Tab plain = Browser.open(nothing.html(), Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(plain.page().locator("#answers, a[href='#answers']").count()).isZero();
      assertThat(plain.page().locator("#not-known").innerText())
          .contains("no prediction is joined with the feedback outcome");
    }
  }

  private static void profiled(ResultRows rows) {
    rows.row(Tables.PROFILE_METRICS, ResultRows.day(0), Subject.TABLE, null)
        .set("column_kind", "TABLE")
        .set("baseline_id", ResultRows.BASELINE_ID)
        .set("count", 100L)
        .add();
  }

  private static JsonNode json(TestReport report) throws IOException {
    return new ObjectMapper().readTree(report.json().toFile());
  }

  private static int night(JsonNode night) {
    java.time.Instant start = java.time.Instant.parse(night.get("window_start").asText());
    return (int) java.time.Duration.between(ResultRows.FIRST, start).toDays();
  }

  private List<String> header() {
    return tab.page().locator("table.answers thead th").allInnerTexts().stream()
        .map(text -> text.replaceAll("\\s+", " "))
        .toList();
  }

  /** The line of a night; the gap is in none of the lines that are shown. */
  private String row(int night) {
    return lines("table.answers", "tbody").get(NEWEST - night);
  }

  private List<String> lines(String table, String part) {
    List<String> lines = new ArrayList<>();
    tab.page()
        .locator(table)
        .locator(part)
        .allInnerTexts()
        .forEach(line -> lines.add(line.replaceAll("\\s+", " ").strip()));
    return lines;
  }

  private String text(String selector) {
    return tab.page().locator(selector).first().innerText();
  }
}
