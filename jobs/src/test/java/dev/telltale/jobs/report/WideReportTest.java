package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A model with a thousand columns and two months of nights. */
class WideReportTest extends SparkTest {
  @Test
  void aThousandColumnsFitOnAPage() throws IOException {
    Lake lake = Lake.at(spark, TestReport.temporary().resolve("lake").toString());
    lake.init();
    new WideLake(lake).write();
    long start = System.nanoTime();
    TestReport report =
        TestReport.draw(spark, lake, WideLake.MODEL, WideLake.END, WideLake.WINDOWS);
    System.err.println("drawn in " + (System.nanoTime() - start) / 1e9);
    System.err.println(Files.size(report.html()) + " " + Files.size(report.json()));
    try (Tab tab = Browser.open(report.html(), Screen.PHONE, ColorScheme.LIGHT)) {
      System.err.println(
          tab.run(
              "() => { const n = performance.getEntriesByType('navigation')[0]; return n.domInteractive + ' ' + n.domComplete; }"));
      System.err.println((System.nanoTime() - start) / 1e9);
      assertThat(tab.problems()).isEmpty();
    }
  }
}
