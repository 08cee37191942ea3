package dev.telltale.jobs.demo;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The incumbent: a logistic regression that says at departure whether a flight will arrive late.
 *
 * <p>The same training rows give bit-identical scores: there is nothing random in it, and training
 * reads the rows in one order in one partition, so that sums are added in one order too.
 */
final class FlightModel {
  /** The one who asks wants about as many "late" as there are late flights: one in five. */
  static final double LATE_FROM_SCORE = 0.3;

  /** More change the scores in the third digit at most. */
  private static final int ITERATIONS = 30;

  private static final List<String> CATEGORIES = List.of("origin", "destination", "day_of_week");

  private final PipelineModel pipeline;

  private FlightModel(PipelineModel pipeline) {
    this.pipeline = pipeline;
  }

  /** Trains on the rows of {@link FlightFeatures}. */
  static FlightModel train(Dataset<Row> rows) {
    String[] categories = CATEGORIES.toArray(String[]::new);
    String[] indexes = suffixed(CATEGORIES, "_index");
    List<String> codes = new ArrayList<>(List.of(indexes));
    codes.add("departure_hour");
    String[] vectors = suffixed(codes, "_vector");
    List<String> inputs = new ArrayList<>(List.of("miles", "delay", "delay_known", "departures"));
    inputs.addAll(List.of(vectors));
    PipelineStage[] stages = {
      // An airport that training never saw gets an index of its own instead of an error.
      new StringIndexer().setInputCols(categories).setOutputCols(indexes).setHandleInvalid("keep"),
      new OneHotEncoder()
          .setInputCols(codes.toArray(String[]::new))
          .setOutputCols(vectors)
          .setHandleInvalid("keep"),
      new VectorAssembler().setInputCols(inputs.toArray(String[]::new)).setOutputCol("model_input"),
      new LogisticRegression()
          .setFeaturesCol("model_input")
          .setLabelCol("target")
          .setPredictionCol("model_prediction")
          .setRawPredictionCol("model_raw")
          .setProbabilityCol("model_probability")
          .setRegParam(1e-4)
          .setMaxIter(ITERATIONS)
    };
    Dataset<Row> ordered =
        numbers(rows)
            .withColumn("target", col("label").cast("double"))
            .repartition(1)
            .sortWithinPartitions("prediction_id")
            .cache();
    try {
      return new FlightModel(new Pipeline().setStages(stages).fit(ordered));
    } finally {
      ordered.unpersist();
    }
  }

  /** {@code rows} with {@code prediction} (true = will be late) and {@code score} in 0 to 1. */
  Dataset<Row> score(Dataset<Row> rows) {
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      columns.add(col(name));
    }
    columns.add(col("score").geq(LATE_FROM_SCORE).as("prediction"));
    columns.add(col("score"));
    return pipeline
        .transform(numbers(rows))
        .withColumn("score", vector_to_array(col("model_probability"), "float64").getItem(1))
        .select(columns.toArray(new org.apache.spark.sql.Column[0]));
  }

  /** Missing delays are zero with a flag; long delays are cut so that one flight cannot rule. */
  private static Dataset<Row> numbers(Dataset<Row> rows) {
    return rows.withColumn("miles", col("distance_miles").divide(lit(1000.0)))
        .withColumn(
            "delay",
            least(
                lit(120.0), greatest(lit(-30.0), coalesce(col("origin_delay_minutes"), lit(0.0)))))
        .withColumn("delay_known", col("origin_delay_minutes").isNotNull().cast("double"))
        .withColumn("departures", col("origin_departures").cast("double"));
  }

  private static String[] suffixed(List<String> names, String suffix) {
    return names.stream().map(name -> name + suffix).toArray(String[]::new);
  }
}
