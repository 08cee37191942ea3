package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.lake.Lake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportJobTest extends SparkTest {
  @TempDir static Path directory;
  private static Lake lake;
  private static String html;

  @BeforeAll
  static void report() throws Exception {
    lake = Lake.at(spark, directory.resolve("lake").toString());
    lake.init();
    new SyntheticLake(spark, lake, SyntheticLake.NIGHTS).write();
    Path out = directory.resolve("out");
    new ReportJob(out, 60).run(spark, lake, spec(SyntheticLake.MODEL, SyntheticLake.END));
    html = Files.readString(out.resolve("report.html"));
  }

  static NightSpec spec(String model, Instant to) {
    ModelConfig config =
        new ModelConfig(
            model,
            new ModelConfig.Predictions(
                "predictions", "id", "ts", Optional.empty(), "p", Optional.empty()),
            new ModelConfig.Baseline("baseline", Optional.empty()),
            new ModelConfig.Columns(List.of(), List.of(), List.of()),
            List.of(),
            100,
            List.of(Granularity.DAY),
            new ModelConfig.Drift(
                0.05, "BENJAMINI_HOCHBERG", "js_distance", 0.1, 0.01, 0.01, 0.01, 1.5, 30),
            new ModelConfig.Alerts(3, 2, 2, 1));
    return new NightSpec(
        "lake", config, "hash", Granularity.DAY.previous(to), to, "run", Optional.empty(), false);
  }

  @Test
  void says() {
    assertThat(html).contains("distance_miles has drifted from the baseline");
  }
}
