package dev.telltale.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.join.JoinJob;
import dev.telltale.jobs.profile.ProfileJob;
import dev.telltale.jobs.sample.PlanJob;
import dev.telltale.jobs.sample.SampleJob;
import dev.telltale.sampling.Lot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nights have found decides what is kept of the next day. */
class PlanJobTest extends SparkTest {
  private static final int ROWS = 6_000;
  private static final int BUDGET = 1_500;
  private static final double COST = 100;
  private static final int DAYS = 4;

  @TempDir Path directory;

  private static ModelConfig model() {
    ModelConfig all = LabelledNight.model(List.of(LabelledNight.outcome()), Granularity.DAY);
    return LabelledNight.sampled(
        all,
        "kept",
        new Sampling(
            "predictions",
            Optional.empty(),
            new Sampling.Amount(Sampling.AmountKind.COST_PER_DAY, BUDGET * COST / 1e6),
            List.of("category"),
            Sampling.Allocation.ADAPTIVE,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of(COST)));
  }

  /** Of the category c half of what is said of it is wrong. */
  private static Dataset<Row> weakLabels(LabelledNight night, int day) {
    return night
        .labels(day, ROWS)
        .selectExpr(
            "prediction_id",
            "IF(CAST(substring(prediction_id, 4) AS INT) % 3 = 2,"
                + " CAST(substring(prediction_id, 4) AS INT) % 2 = 0, label) AS label",
            "label_ts");
  }

  private static Map<String, Row> byStratum(Dataset<Row> rows) {
    Map<String, Row> found = new HashMap<>();
    rows.collectAsList().forEach(row -> found.put(row.getAs("stratum"), row));
    return found;
  }

  @Test
  void whereTheModelIsWeakMoreIsKeptTomorrowAndClientsCanReadIt() throws IOException {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    for (int day = 0; day < DAYS; day++) {
      night.predict(day, ROWS);
      night.append("labels", weakLabels(night, day));
    }
    ModelConfig model = model();
    night.run(
        model,
        0,
        DAYS,
        "first",
        new SampleJob(),
        new ProfileJob(),
        new JoinJob(),
        new QualityJob(),
        new PlanJob());
    // Without a plan there is one rate.
    assertThat(
            night
                .table("sampling_volumes")
                .where("stratum IS NOT NULL")
                .select("rate")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getDouble(0))
        .containsExactly(0.25);

    Map<String, Row> plan = byStratum(night.table("sampling_plan"));
    assertThat(plan.keySet())
        .containsExactlyInAnyOrder("category=a", "category=b", "category=c", null);
    assertThat(plan.get("category=c").<String>getList(plan.get("category=c").fieldIndex("reasons")))
        .containsExactly("WEAK");
    assertThat(plan.get("category=a").<String>getList(plan.get("category=a").fieldIndex("reasons")))
        .isEmpty();
    double weak = plan.get("category=c").getAs("rate");
    assertThat(weak).isGreaterThan(1.5 * plan.get("category=a").<Double>getAs("rate"));
    double expected = 0;
    for (String stratum : List.of("category=a", "category=b", "category=c")) {
      expected += plan.get(stratum).<Double>getAs("expected_rows");
    }
    assertThat(expected).isCloseTo(BUDGET, within(1e-6));
    assertThat(plan.get(null).<Double>getAs("expected_cost")).isCloseTo(0.15, within(1e-9));

    // The next day is sampled by it; what was not there is kept as the plan says of any other.
    night.predict(DAYS, ROWS);
    night.append(
        "predictions",
        night
            .rows(DAYS, ROWS + 300)
            .drop("label")
            .where("CAST(substring(prediction_id, 4) AS INT) >= " + ROWS)
            .selectExpr(
                "prediction_id",
                "event_ts",
                "model_version",
                "'new' AS category",
                "score",
                "prediction"));
    night.run(model, DAYS, DAYS + 1, "second", new SampleJob(), new PlanJob());
    Map<String, Row> volumes =
        byStratum(night.table("sampling_volumes").where("window_date = '2001-03-05'"));
    for (String stratum : List.of("category=a", "category=b", "category=c")) {
      assertThat(volumes.get(stratum).<Double>getAs("rate"))
          .isEqualTo(plan.get(stratum).<Double>getAs("rate"));
    }
    assertThat(volumes.get("category=new").<Double>getAs("rate"))
        .isEqualTo(plan.get(null).<Double>getAs("rate"));
    Map<String, Row> next =
        byStratum(night.table("sampling_plan").where("window_date = '2001-03-06'"));
    assertThat(
            next.get("category=new")
                .<String>getList(next.get("category=new").fieldIndex("reasons")))
        .containsExactly("NEW");

    JsonNode file = new ObjectMapper().readTree(directory.resolve("lake/kept_plan.json").toFile());
    assertThat(file.path("day").asText()).isEqualTo("2001-03-06");
    assertThat(file.path("lot").path("prefix").asText()).isEqualTo(Lot.PREFIX);
    next.forEach(
        (stratum, row) ->
            assertThat(
                    stratum == null
                        ? file.path("other_rate").asDouble()
                        : file.path("rates").path(stratum).asDouble())
                .isEqualTo(row.<Double>getAs("rate")));

    // Running the night again gives the same plan.
    Map<String, Double> before = new HashMap<>();
    next.forEach((stratum, row) -> before.put(stratum, row.getAs("rate")));
    night.run(model, DAYS, DAYS + 1, "again", new SampleJob(), new PlanJob());
    Map<String, Double> after = new HashMap<>();
    byStratum(night.table("sampling_plan").where("window_date = '2001-03-06'"))
        .forEach((stratum, row) -> after.put(stratum, row.getAs("rate")));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void withoutASampleThereIsNothingToPlanFrom() {
    LabelledNight night = new LabelledNight(spark, directory.resolve("lake").toString());
    assertThatThrownBy(() -> night.run(model(), 0, 1, "none", new PlanJob()))
        .hasMessageContaining("was not sampled in the week before 2001-03-02");
  }
}
