package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.report.ReportJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report says what real nights of this job wrote. */
class QualityReportTest extends SparkTest {
  private static final int ROWS = 3000;
  private static final int NIGHTS = 5;
  private static final String WHOLE =
      "granularity = '1 day' AND source = 'outcome' AND slice_key IS NULL AND model_version IS NULL";

  @TempDir private Path directory;

  @Test
  void theReportHasTheNumbersOfTheTables() throws IOException {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    ModelConfig model = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    for (int day = 0; day < NIGHTS; day++) {
      night.predict(day, ROWS);
      night.append("labels", night.labels(day, ROWS));
      night.run(model, day, day + 1, "night-" + day);
    }

    Path page = directory.resolve("report.html");
    night.run(model, NIGHTS - 1, NIGHTS, "report", new ReportJob(page, 60));

    JsonNode answers =
        new ObjectMapper().readTree(directory.resolve("report.json").toFile()).get("answers");
    assertThat(answers.get("metrics"))
        .map(JsonNode::asText)
        .containsExactly("accuracy", "f1", "roc_auc", "brier");
    assertThat(answers.get("nights").size()).isEqualTo(NIGHTS);
    for (JsonNode one : answers.get("nights")) {
      Instant start = Instant.parse(one.get("window_start").asText());
      Row coverage = row(night.table("quality_metrics"), start, "label_coverage", "REALIZED");
      assertThat(one.get("predictions").asLong()).isEqualTo(ROWS);
      assertThat(one.get("label_coverage").asDouble())
          .isEqualTo(coverage.<Double>getAs("label_coverage"));
      // The wait is two days.
      boolean mature = start.isBefore(LabelledNight.day(NIGHTS - 2));
      assertThat(one.get("mature").asBoolean()).isEqualTo(mature);
      for (JsonNode value : one.get("values")) {
        String metric = value.get("metric").asText();
        Row realized = row(night.table("quality_metrics"), start, metric, "REALIZED");
        assertSame(value, "value", realized, "value");
        assertSame(value, "ci_low", realized, "ci_low");
        Row compared = row(night.table("quality_comparisons"), start, metric, null);
        assertSame(value, "training", compared, "reference_value");
        Row estimate = row(night.table("quality_estimates"), start, metric, null);
        assertThat(value.has("estimate")).isEqualTo(estimate != null);
        if (estimate != null) {
          assertSame(value.get("estimate"), "value", estimate, "estimate");
          assertThat(value.get("estimate").has("covered")).isEqualTo(mature);
        }
      }
    }
    assertThat(answers.findValues("estimate")).isNotEmpty();
    assertThat(answers.findValues("training")).isNotEmpty();
  }

  private static void assertSame(JsonNode json, String key, Row row, String column) {
    Double wanted = row == null ? null : row.<Double>getAs(column);
    assertThat(json.has(key) ? (Double) json.get(key).asDouble() : null).as(key).isEqualTo(wanted);
  }

  /** Null where there is none. */
  private static Row row(Dataset<Row> table, Instant start, String metric, String kind) {
    List<Row> rows =
        table
            .where(WHOLE + " AND metric = '" + metric + "' AND window_start = '" + start + "'")
            .where(kind == null ? "true" : "kind = '" + kind + "'")
            .collectAsList();
    assertThat(rows).hasSizeLessThan(2);
    return rows.isEmpty() ? null : rows.get(0);
  }
}
