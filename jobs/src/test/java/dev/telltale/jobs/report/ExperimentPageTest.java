package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the report says of experiments, in the file and in a real Chromium. */
class ExperimentPageTest extends SparkTest {
  private static final String DECIDED = "#experiment-ranker-2";

  private static TestReport report;
  private static JsonNode json;

  @BeforeAll
  static void draw() throws IOException {
    Lake lake = EmptyLake.at(spark, TestReport.temporary().resolve("lake").toString());
    new SyntheticTrials(lake).write();
    report = TestReport.draw(spark, lake, SyntheticTrials.MODEL, SyntheticTrials.END, 60);
    json = read(report);
  }

  @Test
  void runningExperimentsComeFirst() {
    assertThat(json.get("experiments").findValuesAsText("experiment"))
        .containsExactly(SyntheticTrials.HARMS, SyntheticTrials.DECIDED, SyntheticTrials.FORGOTTEN);
    assertThat(json.get("experiments").findValuesAsText("running"))
        .containsExactly("true", "false", "false");
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(tab.page().locator(".trial h3").allInnerTexts())
          .containsExactly(
              SyntheticTrials.HARMS + " running look 12, after 12 Mar 2001",
              "ranker-2 finished look 12, after 12 Mar 2001",
              "abandoned not looked at any more look 2, after 2 Mar 2001");
    }
  }

  @Test
  void aDecisionHasTheReasonOfTheLookThatDecided() {
    JsonNode variant = trial(SyntheticTrials.DECIDED).get("variants").get(0);
    assertThat(variant.get("decision").asText()).isEqualTo("SHIP");
    assertThat(variant.get("decided_on").asText()).isEqualTo("2001-03-09T00:00:00Z");
    assertThat(variant.get("because").asText())
        .isEqualTo("revenue is shown better in b (z 2.9, bound 2.7).");
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(text(tab, DECIDED + " .decisions"))
          .contains("b ship decided after 9 Mar 2001")
          .contains("revenue is shown better in b (z 2.9, bound 2.7).");
      assertThat(tab.page().locator(DECIDED + " .decisions .status.OK").count()).isEqualTo(1);
      assertThat(tab.page().locator(".trial .decisions .status").allInnerTexts())
          .containsExactly("stop: harm", "invalid", "ship", "keep running");
    }
  }

  @Test
  void unitsAreCountedAndWhatIsSetAsideSaysWhy() {
    JsonNode trial = trial(SyntheticTrials.DECIDED);
    assertThat(trial.get("control").asText()).isEqualTo("a-control");
    assertThat(trial.get("control_units").asLong()).isEqualTo(12_000);
    assertThat(trial.get("set_aside").get("excluded").asLong()).isEqualTo(25);
    assertThat(trial.get("set_aside").get("late").asLong()).isZero();
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(tab.page().locator(DECIDED + " > .note").first().innerText())
          .isEqualTo(
              "Units: 12,000 in a-control, 12,120 in b. Set aside and not counted: 3 seen in"
                  + " several variants, 25 excluded by the declaration.");
    }
  }

  @Test
  void primaryMetricsComeBeforeGuardrailsAndThoseBeforeOthers() {
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      List<String> lines =
          tab.page().locator(DECIDED + " table").first().locator("tbody tr").allInnerTexts();
      assertThat(lines)
          .map(line -> line.replaceAll("\\s+", " "))
          .containsExactly(
              "revenue primary 33.25 38.75 +15 % +5 % to +25 % 0.012 higher",
              "a_guard guardrail 33.25 38.75 -0.5 at least -1.25 – within the margin",
              "a_second secondary 33.25 38.75 – – insufficient data");
      assertThat(tab.page().locator(DECIDED + " tbody tr").first().getAttribute("title"))
          .isEqualTo("revenue of b after night 11.");
    }
  }

  @Test
  void aCourseHasTheLooksAtThePresentDeclaration() {
    JsonNode course = trial(SyntheticTrials.DECIDED).get("courses").get(0);
    assertThat(course.get("share").asBoolean()).isTrue();
    assertThat(course.get("looks").findValuesAsText("look"))
        .containsExactly("3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
    JsonNode early = course.get("looks").get(1);
    assertThat(early.has("low") || early.has("high")).as("an interval without an end").isFalse();
    assertThat(early.get("value").asDouble()).isEqualTo(0.15);
    JsonNode bounded = course.get("looks").get(2);
    assertThat(bounded.get("low").asDouble()).isCloseTo(0.15 - 0.24, within(1e-12));
  }

  @Test
  void aFewWindowsShowAllLooks() throws IOException {
    TestReport few =
        TestReport.draw(spark, report.lake(), SyntheticTrials.MODEL, SyntheticTrials.END, 1);
    JsonNode experiments = read(few).get("experiments");
    assertThat(experiments.findValuesAsText("experiment"))
        .as("what was looked at in the window")
        .containsExactly(SyntheticTrials.HARMS, SyntheticTrials.DECIDED);
    assertThat(experiments.get(1).get("courses").get(0).get("looks").size()).isEqualTo(10);
  }

  @Test
  @SuppressWarnings("unchecked")
  void theChartDrawsIntervalsWhereThereAreAnyAndTheLookThatDecided() {
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      tab.page().locator(DECIDED + " .chart").scrollIntoViewIfNeeded();
      tab.run(Probes.SCROLL_THROUGH);
      assertThat(text(tab, DECIDED + " figure .read"))
          .isEqualTo("12 Mar 2001: look 12, +15 % (+5 % to +25 %)");
      Map<String, List<Integer>> columns =
          (Map<String, List<Integer>>) tab.run(DRAWN_BY_LOOK.replace("CHART", DECIDED));
      // Looks 3 and 4 have a hollow point alone, look 9 has decided.
      assertThat(columns.get("blue").subList(0, 2)).allMatch(height -> height < 12);
      assertThat(columns.get("blue").subList(2, 10)).allMatch(height -> height > 14);
      assertThat(columns.get("blue").get(2)).isGreaterThan(2 * columns.get("blue").get(9));
      for (int look = 0; look < 10; look++) {
        assertThat(columns.get("brown").get(look) > 20)
            .as("look %d decided", look + 3)
            .isEqualTo(look == 6);
      }
    }
  }

  /** Pixels of two colours in the column of each of ten looks. */
  private static final String DRAWN_BY_LOOK =
      """
      () => {
        const chart = document.querySelector("CHART .chart");
        const canvas = chart.querySelector("canvas");
        const over = chart.querySelector(".u-over").getBoundingClientRect();
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / box.width;
        const context = canvas.getContext("2d");
        const heights = (hex) => {
          const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
          return [...Array(10).keys()].map((look) => {
            const x = Math.round((over.left - box.left + ((look + 0.5) / 10) * over.width) * scale);
            const { data } = context.getImageData(x - 1, 0, 3, canvas.height);
            let rows = 0;
            for (let y = 0; y < canvas.height; y++) {
              if ([0, 1, 2].some((at) => {
                const i = 4 * (3 * y + at);
                return data[i + 3] > 100 && wanted.every((part, channel) => Math.abs(data[i + channel] - part) < 24);
              })) rows++;
            }
            return rows;
          });
        };
        const style = getComputedStyle(document.documentElement);
        return { blue: heights(style.getPropertyValue("--current").trim()), brown: heights(style.getPropertyValue("--limit").trim()) };
      }
      """;

  @Test
  void segmentsSayWhetherTheyDiffer() {
    JsonNode segments = trial(SyntheticTrials.DECIDED).get("segments").get(0);
    assertThat(segments.get("because").asText())
        .isEqualTo("No difference between values of platform is shown.");
    assertThat(segments.get("parts").get(0).get("value").asText()).isEqualTo("ios");
    assertThat(segments.get("parts").get(0).get("lift").get("low").asDouble()).isEqualTo(0.1);
    assertThat(segments.get("parts").get(1).has("value")).isFalse();
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(text(tab, DECIDED)).contains("No difference between values of platform is shown.");
      assertThat(tab.page().locator(DECIDED + " .parts tbody tr").allInnerTexts())
          .map(line -> line.replaceAll("\\s+", " ").strip())
          .containsExactly(
              "ios 900 and 910 +30 % +10 % to +50 % not shown",
              "not known 900 and 910 +10 % -5 % to +25 % not shown");
      // From -5 % to +50 %, so that zero is one eleventh of the way.
      assertThat(tab.page().locator(DECIDED + " .zero").first().getAttribute("x1"))
          .isEqualTo("11.55");
      assertThat(tab.page().locator(DECIDED + " .reach").first().getAttribute("x2"))
          .isEqualTo("97.00");
    }
  }

  @Test
  void doubtsAreNamedAndTheRestIsCounted() {
    JsonNode trial = trial(SyntheticTrials.HARMS);
    assertThat(trial.get("checks").asInt()).isEqualTo(4);
    assertThat(trial.get("doubts").findValuesAsText("status"))
        .containsExactly("INVALID", "WARNING", "INSUFFICIENT_DATA");
    assertThat(trial(SyntheticTrials.DECIDED).get("doubts")).isEmpty();
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(text(tab, DECIDED)).contains("All 2 checks are quiet.");
      assertThat(text(tab, ".trial:first-of-type"))
          .contains("not to be believed sample ratio")
          .contains("look into it outliers clicks")
          .contains("One unit is <em>most</em> of clicks.")
          .contains("1 other check is quiet.")
          .containsPattern("1 check\\s+with too little data");
    }
  }

  @Test
  void findingsLeadToTheirExperiment() {
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(tab.page().locator("#attention .concern h3").allInnerTexts())
          .containsExactly(
              "The experiment " + SyntheticTrials.HARMS + " harms",
              "The experiment " + SyntheticTrials.HARMS + " cannot be believed",
              "The experiment " + SyntheticTrials.HARMS + " should be looked into");
      assertThat(text(tab, "#concern-3")).contains("The same check of 1 more");
      tab.run(Probes.UNFOLD);
      assertThat(text(tab, "#concern-3 .elsewhere")).contains("revenue b");
      assertThat(tab.page().locator(".verdict").innerText())
          .isEqualTo(
              "No alert is open, but three things need a look; first of all, the experiment "
                  + SyntheticTrials.HARMS
                  + " harms, first seen on 6 Mar 2001.");
      assertThat(strings(tab.run(Probes.BROKEN_LINKS))).isEmpty();
      String link = tab.page().locator("#concern-1 h3 a").getAttribute("href");
      assertThat(tab.page().locator(link + " h3").innerText()).startsWith(SyntheticTrials.HARMS);
      assertThat(tab.page().locator("#slices a").getAttribute("href")).isEqualTo(link);
    }
  }

  @ParameterizedTest
  @CsvSource({"DESK, LIGHT", "DESK, DARK", "PHONE, LIGHT", "PHONE, DARK"})
  @SuppressWarnings("unchecked")
  void looksLikeTheRestOfThePage(Screen screen, ColorScheme colours) {
    try (Tab tab = open(screen, colours)) {
      tab.run(Probes.UNFOLD);
      tab.run(Probes.SCROLL_THROUGH);
      assertThat(strings(tab.run(Probes.BLANK_CHARTS))).isEmpty();
      assertThat(tab.run(Probes.TOO_WIDE)).isEqualTo(0);
      assertThat(strings(tab.run(Probes.STICKS_OUT))).isEmpty();
      assertThat(strings(tab.run(Probes.SMALL_TARGETS))).isEmpty();
      Map<String, Object> contrast = (Map<String, Object>) tab.run(Probes.CONTRAST);
      assertThat((List<String>) contrast.get("low")).isEmpty();
      assertThat(tab.requests()).containsExactly(report.html().toUri().toString());
      assertThat(tab.problems()).isEmpty();
      assertThat(tab.run("() => document.querySelectorAll('script').length")).isEqualTo(3);
    }
  }

  @Test
  void withoutExperimentsThereIsNoSection() throws IOException {
    TestReport none = TestReport.synthetic(spark);
    assertThat(read(none).has("experiments")).isFalse();
    try (Tab tab = Browser.open(none.html(), Screen.DESK, ColorScheme.LIGHT)) {
      assertThat(tab.page().locator("#experiments, a[href='#experiments']").count()).isZero();
    }
  }

  private static Tab open(Screen screen, ColorScheme colours) {
    return Browser.open(report.html(), screen, colours);
  }

  private static String text(Tab tab, String selector) {
    return tab.page().locator(selector).first().innerText();
  }

  private static JsonNode trial(String experiment) {
    for (JsonNode trial : json.get("experiments")) {
      if (trial.get("experiment").asText().equals(experiment)) {
        return trial;
      }
    }
    throw new AssertionError("The JSON has no experiment " + experiment);
  }

  private static JsonNode read(TestReport drawn) throws IOException {
    return new ObjectMapper().readTree(drawn.json().toFile());
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(Object value) {
    return (List<String>) value;
  }
}
