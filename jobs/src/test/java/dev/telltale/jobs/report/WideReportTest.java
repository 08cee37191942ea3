package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.EmptyLake;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A model with a thousand columns and three weeks of nights. */
class WideReportTest extends SparkTest {
  private static final long LARGEST = 10_000_000;

  @Test
  void aThousandColumnsFitOnAPage() throws IOException {
    Lake lake = EmptyLake.at(spark, TestReport.temporary().resolve("lake").toString());
    new WideLake(lake).write();

    TestReport report =
        TestReport.draw(spark, lake, WideLake.MODEL, WideLake.END, WideLake.WINDOWS);

    assertThat(Files.size(report.html())).isLessThan(LARGEST);
    try (Tab tab = Browser.open(report.html(), Screen.PHONE, ColorScheme.LIGHT)) {
      assertThat(tab.page().locator("table.columns tbody tr").count()).isEqualTo(WideLake.COLUMNS);
      assertThat(tab.page().locator("#attention > .concern").count()).isEqualTo(40);
      assertThat(tab.page().locator("#attention > .note").innerText()).startsWith("60 more are in");
      assertThat(tab.page().locator("nav a[href='#attention'] b").innerText()).isEqualTo("100");
      // Whatever fires is on the page in full, though it is one column in ten.
      assertThat(tab.page().locator("details.column .distribution").count()).isEqualTo(100);
      assertThat(tab.page().locator("details.column:has(.status.FIRING) .distribution").count())
          .isEqualTo(100);

      tab.page().locator("#find").fill("_0990");
      tab.page().locator("table.columns tbody tr:visible a").click();
      assertThat(tab.page().locator("details.column[open]").innerText())
          .startsWith("feature_of_the_wide_model_0990");
      tab.run(Probes.SCROLL_THROUGH);
      assertThat(tab.run(Probes.TOO_WIDE)).isEqualTo(0);
      assertThat(tab.problems()).isEmpty();
    }
  }
}
