package dev.telltale.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.options.ColorScheme;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.TestNight;
import dev.telltale.jobs.alerts.AlertsJob;
import dev.telltale.jobs.drift.DriftJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.report.Browser.Screen;
import dev.telltale.jobs.report.Browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as the last job of real nights, and what it does to the files around it. */
class ReportNightTest extends SparkTest {
  private static final ModelConfig MODEL = TestNight.model(Granularity.DAY);

  @TempDir static Path directory;
  private static TestNight night;
  private static Dataset<Row> newest;
  private static Path html;
  private static NightlyJob.Result result;

  /** In the second and third night category c is another one, and x has moved. */
  @BeforeAll
  static void nights() {
    night = new TestNight(spark, directory.resolve("lake").toString());
    for (int day = 0; day < 3; day++) {
      Dataset<Row> rows = night.rows(day, 1500, 7 + day);
      newest =
          day == 0
              ? rows
              : rows.withColumn("x", functions.expr("x + 1"))
                  .withColumn("category", functions.expr("IF(category = 'c', 'd', category)"));
      night.append(newest);
    }
    night.run(MODEL, 0, 3, "nights", new ProfileJob(), new DriftJob(), new AlertsJob());
    html = directory.resolve("pages").resolve("newest.html");
    result = night.run(MODEL, 2, 3, "night-2", new ReportJob(html, 60)).get(0).result();
  }

  @Test
  void drawsTheDistributionsOfTheData() throws IOException {
    JsonNode distribution = column("category").get("distribution");
    assertThat(distribution.get("current_rows").asLong()).isEqualTo(1500);
    assertThat(distribution.get("reference_rows").asLong()).isEqualTo(5000);
    for (JsonNode bin : distribution.get("bins")) {
      String value = bin.get("label").asText().replace("new: ", "");
      if (List.of("a", "b", "c", "d").contains(value)) {
        assertThat(bin.get("current").asDouble())
            .isCloseTo(newest.where("category = '" + value + "'").count() / 1500.0, within(1e-12));
        assertThat(bin.get("reference").asDouble())
            .isCloseTo(
                night.rows(-30, 5000, 1).where("category = '" + value + "'").count() / 5000.0,
                within(1e-12));
      }
    }
    assertThat(distribution.get("bins").findValuesAsText("label"))
        .containsExactly("a", "b", "c", "new: d", "missing");

    for (JsonNode bin : column("x").get("distribution").get("bins")) {
      if (bin.has("low")) {
        String within = "x >= " + bin.get("low") + " AND x < " + bin.get("high");
        assertThat(bin.get("current").asDouble())
            .as("share of rows where " + within)
            .isCloseTo(newest.where(within).count() / 1500.0, within(0.004));
      }
    }
    assertThat(missing("sometimes").get("current").asDouble()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void saysWhatTheNightsFound() throws IOException {
    JsonNode json = json();
    assertThat(json.get("verdict").get("level").asText()).isEqualTo("ALERT");
    assertThat(titles(json))
        .contains(
            "x has drifted from the baseline",
            "category has categories that the baseline does not have");
    assertThat(column("code").get("status").asText()).isEqualTo("OK");
    assertThat(column("parts").get("status").asText()).isEqualTo("SKIPPED");
    assertThat(json.get("not_known").findValuesAsText("reason")).contains("no feedback");
    assertThat(json.has("answers")).isFalse();
    assertThat(result.summary())
        .containsEntry("level", "ALERT")
        .containsEntry("windows", 3)
        .containsEntry("html", html.toString());
    try (Tab tab = Browser.open(html, Screen.PHONE, ColorScheme.DARK)) {
      tab.run(Probes.UNFOLD);
      tab.run(Probes.SCROLL_THROUGH);
      assertThat(tab.problems()).isEmpty();
      assertThat(tab.run(Probes.TOO_WIDE)).isEqualTo(0);
      assertThat(tab.page().locator(".verdict").innerText())
          .isEqualTo(json.get("verdict").get("sentence").asText());
    }
  }

  @Test
  void readsTheLakeAndLeavesItAsItIs() {
    Lake before = night.now();
    long version = before.version(Tables.FINDINGS);

    NightlyJob.Result again =
        new ReportJob(directory.resolve("other"), 60)
            .run(spark, night.now(), night.spec(MODEL, 2, 3, "again"));

    assertThat(night.now().version(Tables.FINDINGS)).isEqualTo(version);
    assertThat(again.sources()).containsEntry(before.path(Tables.FINDINGS), version);
    assertThat(again.rowsRead()).isPositive();
  }

  @Test
  void theSameTablesGiveTheSamePage() throws IOException {
    List<Path> drawn = List.of(directory.resolve("one"), directory.resolve("two"));
    Lake pinned = night.now();
    for (Path output : drawn) {
      new ReportJob(output, 60).run(spark, pinned, night.spec(MODEL, 2, 3, "again"));
      try (Stream<Path> files = Files.list(output)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("report.html", "report.json");
      }
    }

    for (String name : List.of("report.html", "report.json")) {
      assertThat(drawn.get(0).resolve(name)).hasSameTextualContentAs(drawn.get(1).resolve(name));
    }
  }

  @Test
  void showsAsManyWindowsAsAsked() throws IOException {
    Path output = directory.resolve("two-windows");
    new ReportJob(output, 2).run(spark, night.now(), night.spec(MODEL, 2, 3, "two"));

    JsonNode json = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    assertThat(json.get("windows").get(0).asText()).isEqualTo(TestNight.day(1).toString());
    assertThat(json.get("windows").size()).isEqualTo(2);
    assertThatThrownBy(() -> new ReportJob(output, 0))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("0 windows");
  }

  @Test
  void aDryRunWritesNothing() {
    Path output = directory.resolve("dry");
    NightlyJob.Result dry =
        new ReportJob(output, 60)
            .run(spark, night.now(), TestReport.spec(MODEL.model(), TestNight.day(3), true));

    assertThat(dry.summary()).containsKey("verdict").doesNotContainKey("html");
    assertThat(output).doesNotExist();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("a-file"), "");
    ReportJob job = new ReportJob(file.resolve("report.html"), 60);

    assertThatThrownBy(() -> job.run(spark, night.now(), night.spec(MODEL, 2, 3, "unwritable")))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining(file.resolve("report.html").toString());
  }

  private static JsonNode json() throws IOException {
    return new ObjectMapper().readTree(html.resolveSibling("newest.json").toFile());
  }

  private static List<String> titles(JsonNode json) {
    return json.get("attention").findValuesAsText("title");
  }

  private static JsonNode column(String name) throws IOException {
    for (JsonNode column : json().get("columns")) {
      if (column.get("column").asText().equals(name)) {
        return column;
      }
    }
    throw new AssertionError("The JSON has no column " + name);
  }

  private static JsonNode missing(String name) throws IOException {
    JsonNode bins = column(name).get("distribution").get("bins");
    return bins.get(bins.size() - 1);
  }
}
