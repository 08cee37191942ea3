package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page does, in a real Chromium without a network. */
class ReportPageTest extends SparkTest {
  private TestReport report;
  private Tab tab;

  @BeforeEach
  void open() {
    report = TestReport.synthetic(spark);
    tab = Browser.open(report.html(), Screen.DESK, ColorScheme.LIGHT);
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void asksForNothingAndComplainsAboutNothing() {
    tab.run(Probes.UNFOLD);
    tab.run(Probes.SCROLL_THROUGH);

    assertThat(tab.requests()).containsExactly(report.html().toUri().toString());
    assertThat(tab.problems()).isEmpty();
  }

  @Test
  void forbidsWhateverIsNotItsOwn() {
    tab.run(
        """
        () => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'owned'";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "http://example.org/pixel.png";
          document.body.append(image);
          return fetch("http://example.org/").catch(() => null);
        }
        """);

    assertThat(tab.page().title()).contains(SyntheticLake.MODEL);
    assertThat(String.join("\n", tab.problems()))
        .contains("policy violated: script-src", "policy violated: img-src")
        .contains("policy violated: connect-src");
  }

  @Test
  void drawsEveryChart() {
    tab.run(Probes.UNFOLD);
    tab.run(Probes.SCROLL_THROUGH);

    assertThat(strings(tab.run(Probes.BLANK_CHARTS))).isEmpty();
    assertThat(tab.page().locator("canvas").count()).isGreaterThan(40);
    assertThat(text("figure:has([data-chart=rows]) .read")).isEqualTo("30 Mar 2001: 2,099");
    assertThat(text("figure:has([data-chart=findings]) .legend"))
        .matches("30 Mar 2001\\s*3 critical\\s*5 warning\\s*1 hints");
  }

  @Test
  void saysWhatAWindowHoldsUnderTheCursor() {
    tab.run(Probes.SCROLL_THROUGH);
    Locator chart = tab.page().locator("[data-chart=rows] .u-over");
    chart.hover(
        new Locator.HoverOptions()
            .setPosition(chart.boundingBox().width * 12.5 / SyntheticLake.NIGHTS, 40));

    assertThat(text("figure:has([data-chart=rows]) .read")).isEqualTo("13 Mar 2001: 700");
  }

  @Test
  void putsWhatIsUrgentFirstAndFoldsHints() {
    assertThat(tab.page().locator("#attention > .concern h3").allInnerTexts())
        .map(title -> title.substring(0, Math.min(title.length(), 45)))
        .containsExactly(
            "distance_miles has drifted from the baseline",
            "origin has categories that the baseline does ",
            "score has drifted from the baseline",
            "</script><script>document.title='owned'</scri",
            "a_very_long_column_name_a_very_long_column_na");
    assertThat(text(".verdict"))
        .isEqualTo(
            "Three alerts are open, about two things; first of all, distance_miles has drifted"
                + " from the baseline, first seen on 19 Mar 2001. Besides, one alert is open about"
                + " windows of 1 week.");
    assertThat(tab.page().locator("#hints .concern").count()).isEqualTo(1);
    assertThat(tab.page().locator("#hints .concern").isVisible()).isFalse();
    assertThat(text("#concern-1 .chips")).contains("critical", "2 alerts open");
    assertThat(text("#concern-2 .chips")).contains("acknowledged by ana@example.org");
    assertThat(text("#concern-1 .numbers")).contains("0.31", "19 Mar 2001");
    assertThat(tab.page().locator("#concern-1 .plot svg path").count()).isEqualTo(2);
    assertThat(tab.page().locator("#concern-2 .bars li").count()).isGreaterThan(10);
  }

  @Test
  void leadsFromAConcernToItsColumn() {
    Locator section = tab.page().locator("details[id='column-distance_miles']");
    assertThat(section.getAttribute("open")).isNull();

    tab.page().locator("#concern-1 h3 a").click();

    assertThat(section.getAttribute("open")).isNotNull();
    assertThat(section.boundingBox().y)
        .as("scrolled to, below the sections")
        .isBetween(30.0, 100.0);
    assertThat(section.locator(".plot").isVisible()).isTrue();

    // A second click on the same link opens it again.
    section.locator("summary").click();
    assertThat(section.getAttribute("open")).isNull();
    tab.page().locator("#concern-1 h3 a").click();
    assertThat(section.getAttribute("open")).isNotNull();
  }

  @Test
  void opensWhatALinkFromOutsideNames() {
    String hint = tab.page().locator("#hints .concern").getAttribute("id");
    tab.page().navigate(report.html().toUri() + "#" + hint);
    tab.page().reload();

    assertThat(tab.page().locator("#" + hint).isVisible()).isTrue();
  }

  @Test
  void hasNoBrokenLinkAndNoIdTwice() {
    assertThat(strings(tab.run(Probes.BROKEN_LINKS))).isEmpty();
  }

  /** A link that is not broken may still lead to the wrong place. */
  @Test
  @SuppressWarnings("unchecked")
  void everyLinkToAColumnLeadsToThatColumn() {
    List<List<String>> pairs = (List<List<String>>) tab.run(Probes.COLUMN_LINKS);

    assertThat(pairs).hasSizeGreaterThan(30);
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.get(0)).startsWith(pair.get(1)));
  }

  @Test
  void isReadWithTheKeyboardAlone() {
    List<String> met = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tab.page().keyboard().press("Tab");
      met.add((String) tab.run("() => document.activeElement.getAttribute('href') || ''"));
      assertThat(tab.run("() => getComputedStyle(document.activeElement).outlineStyle"))
          .as("a ring around what has the focus")
          .isEqualTo("solid");
    }
    assertThat(met.get(0)).isEqualTo("#attention");
    assertThat(met).contains("#trends", "#columns", "#slices", "#runs", "#column-distance_miles");

    tab.page().locator("#concern-1 h3 a").focus();
    tab.page().keyboard().press("Enter");

    assertThat(tab.page().locator("details[id='column-distance_miles'] .plot").isVisible())
        .isTrue();
  }

  @Test
  void isSmallEnoughToMail() throws IOException {
    assertThat(Files.size(report.html())).isLessThan(3_000_000);
  }

  @Test
  void findsColumns() {
    Locator rows = tab.page().locator("table.columns tbody tr:visible");
    Locator sections = tab.page().locator("details.column:visible");
    int all = rows.count();

    tab.page().locator("#find").fill(" SENSOR_");
    assertThat(rows.count()).isEqualTo(8);
    assertThat(sections.count()).isEqualTo(8);
    assertThat(rows.allInnerTexts()).allMatch(row -> row.startsWith("sensor_"));

    tab.page().locator("#find").fill("</script>");
    assertThat(rows.count()).isEqualTo(1);

    tab.page().locator("#find").fill("no column has this");
    assertThat(rows.count()).isZero();
    assertThat(tab.page().locator("#none-found").isVisible()).isTrue();

    tab.page().locator("#find").fill("");
    assertThat(rows.count()).isEqualTo(all);
    assertThat(tab.page().locator("#none-found").isVisible()).isFalse();
  }

  @Test
  void tellsChanceFromDriftAndOtherChecksFromBoth() {
    assertThat(row("chance")).contains("ok", "over the threshold, may be chance");
    assertThat(row("carrier")).contains("insufficient data");
    assertThat(row("distance_miles")).contains("drift");
    assertThat(
            tab.page().locator("tr[data-for='column-distance_miles'] path.OTHER").getAttribute("d"))
        .as("jumps before the drift")
        .isNotEmpty();
    assertThat(tab.page().locator("tr[data-for='column-chance'] path.DRIFT").getAttribute("d"))
        .isEmpty();
    assertThat(text("#not-known")).contains("carrier: 1 check", "raw_payload");
    assertThat(text("#runs")).contains("night-2001-03-30", "predictions@31", "1.2 MB");
  }

  @Test
  void saysThatThereIsNoData() {
    TestReport nothing =
        TestReport.draw(spark, report.lake(), SyntheticLake.MODEL, ResultRows.day(400), 30);
    try (Tab empty = Browser.open(nothing.html(), Screen.PHONE, ColorScheme.LIGHT)) {
      assertThat(empty.page().locator("h2").first().innerText()).isEqualTo("No data");
      assertThat(empty.page().locator(".verdict").innerText()).contains("nothing to say");
      assertThat(empty.page().locator("nav, .concern, canvas").count()).isZero();
      assertThat(empty.problems()).isEmpty();
    }
  }

  @Test
  void isReadWithoutItsScript() {
    try (Tab plain = Browser.openWithoutScripts(report.html())) {
      assertThat(plain.page().locator("#concern-1 .plot svg").isVisible()).isTrue();
      assertThat(plain.page().locator("noscript .note").isVisible()).isTrue();
      assertThat(plain.page().locator(".chart:visible").count()).as("empty frames").isZero();
      assertThat(plain.page().locator("#rows").innerText()).contains("30 Mar 2001: 2,099");
      assertThat(plain.page().locator("table.columns .sparkline").first().isVisible()).isTrue();
      plain.page().locator("details[id='column-distance_miles'] summary").click();
      assertThat(plain.page().locator("details[id='column-distance_miles'] .metrics").isVisible())
          .isTrue();
      assertThat(plain.page().locator("#find").isVisible())
          .as("a field that does nothing")
          .isFalse();
    }
  }

  @Test
  void aMachineWithoutChromiumFailsAndSaysWhatToInstall(
      @org.junit.jupiter.api.io.TempDir Path empty) {
    assertThatThrownBy(() -> Browser.find(empty.toString()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(".ci/install chromium");
  }

  private String row(String column) {
    return text("tr[data-for='" + Links.column(column) + "']").toLowerCase(Locale.ROOT);
  }

  private String text(String selector) {
    return tab.page().locator(selector).innerText();
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(Object value) {
    return (List<String>) value;
  }
}
