package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.report.Report.FindingCounts;
import dev.telltale.jobs.report.Report.Level;
import dev.telltale.jobs.report.Report.Totals;
import dev.telltale.jobs.report.Report.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TitlesTest {
  @Test
  void aQuietPageIsNotQuietWhileAnAlertIsOpenElsewhere() {
    assertThat(verdict(Map.of()))
        .isEqualTo(
            new Verdict(
                Level.QUIET,
                "Nothing needs attention: in the newest window all 8 judged columns look like the"
                    + " baseline."));
    assertThat(verdict(Map.of("1 week", 1)))
        .isEqualTo(
            new Verdict(
                Level.FINDINGS,
                "Nothing needs attention in windows of 1 day, but one alert is open about windows"
                    + " of 1 week."));
  }

  private static Verdict verdict(Map<String, Integer> elsewhere) {
    Totals totals = new Totals(100L, 8, 0, 0, elsewhere, FindingCounts.NONE, 0);
    return Titles.verdict(
        Instant.parse("2026-03-01T00:00:00Z"), Granularity.DAY, totals, List.of());
  }
}
