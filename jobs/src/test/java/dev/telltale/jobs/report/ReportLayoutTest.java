package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the page looks: on a desk and on a phone, light and dark, with names nobody would choose. */
class ReportLayoutTest extends SparkTest {
  @ParameterizedTest
  @EnumSource(Screen.class)
  void nothingSticksOut(Screen screen) {
    try (Tab tab = open(screen, ColorScheme.LIGHT)) {
      tab.run(Probes.UNFOLD);
      tab.run(Probes.SCROLL_THROUGH);

      assertThat(tab.run(Probes.TOO_WIDE)).isEqualTo(0);
      assertThat(strings(tab.run(Probes.STICKS_OUT))).isEmpty();
    }
  }

  @Test
  void aFingerHitsEveryTarget() {
    try (Tab tab = open(Screen.PHONE, ColorScheme.LIGHT)) {
      tab.run(Probes.UNFOLD);

      assertThat(strings(tab.run(Probes.SMALL_TARGETS))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"DESK, LIGHT", "DESK, DARK", "PHONE, LIGHT", "PHONE, DARK"})
  @SuppressWarnings("unchecked")
  void everyTextAndLineCanBeTold(Screen screen, ColorScheme colours) {
    try (Tab tab = open(screen, colours)) {
      tab.run(Probes.UNFOLD);
      Map<String, Object> found = (Map<String, Object>) tab.run(Probes.CONTRAST);

      assertThat((List<String>) found.get("low")).isEmpty();
      assertThat(((Map<String, Integer>) found.get("seen")).values()).allMatch(count -> count > 3);
    }
  }

  @Test
  void switchesColoursWithTheSystem() {
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      tab.page().locator("[data-chart=rows]").scrollIntoViewIfNeeded();
      tab.run(Probes.SCROLL_THROUGH);
      String light = (String) tab.run("() => getComputedStyle(document.body).backgroundColor");
      assertThat(strings(tab.run(Probes.BLANK_CHARTS))).isEmpty();

      tab.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      tab.page().waitForTimeout(300);

      assertThat(light).isEqualTo("rgb(246, 246, 243)");
      assertThat(tab.run("() => getComputedStyle(document.body).backgroundColor"))
          .isEqualTo("rgb(20, 22, 26)");
      assertThat(strings(tab.run(Probes.BLANK_CHARTS)))
          .as("charts that are not drawn again in the colours of the dark")
          .isEmpty();
    }
  }

  @Test
  void hostileNamesAreText() {
    try (Tab tab = open(Screen.DESK, ColorScheme.LIGHT)) {
      tab.run(Probes.UNFOLD);

      assertThat(tab.page().title()).isEqualTo("flights-late · Telltale report");
      assertThat(tab.run("() => document.querySelectorAll('script').length")).isEqualTo(3);
      assertThat(tab.run("() => document.querySelectorAll('img, em, iframe, object').length"))
          .isEqualTo(0);
      List<String> names = tab.page().locator("details.column h3").allTextContents();
      assertThat(names)
          .contains(SyntheticLake.SCRIPT, SyntheticLake.EMOJI)
          .contains("\\u202egnp.לאה\\u000aline\\u0000")
          .containsAll(SyntheticLake.AMBIGUOUS)
          .allMatch(name -> name.codePointCount(0, name.length()) <= 90);
      assertThat(tab.page().locator("#attention").innerText())
          .contains("<em>too much</em>")
          .doesNotContain(SyntheticLake.LONG);
      assertThat(tab.problems()).isEmpty();
    }
  }

  private static Tab open(Screen screen, ColorScheme colours) {
    return Browser.open(TestReport.synthetic(spark).html(), screen, colours);
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(Object value) {
    return (List<String>) value;
  }
}
