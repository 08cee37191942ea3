package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.jobs.SparkTest;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PropensityFeatureTest extends SparkTest {
  private static final PropensityFeature NUMBER =
      PropensityFeature.number("amount", col("amount"), 5, 2);
  private static final PropensityFeature CATEGORY =
      PropensityFeature.category("colour", col("colour"), List.of("red", "blue"));

  private static List<Double> linear(PropensityFeature feature, double[] weights, String values) {
    PropensityFeatures features = new PropensityFeatures(List.of(feature), List.of());
    Column sum = features.ofLog(weights);
    return spark.sql("SELECT * FROM VALUES " + values).select(sum).collectAsList().stream()
        .map(row -> row.getDouble(0))
        .toList();
  }

  @Test
  void whatIsNoNumberIsMissingAndWhatIsAbsurdIsFarAway() {
    assertThat(
            linear(
                NUMBER,
                new double[] {1, 100},
                "(7D), (1D), (1e300D), (-1e300D), (CAST(NULL AS DOUBLE)), (CAST('NaN' AS DOUBLE)),"
                    + " (CAST('Infinity' AS DOUBLE)) AS t(amount)"))
        .containsExactly(1.0, -2.0, 10.0, -10.0, 100.0, 100.0, 100.0);
  }

  @Test
  void aNumberThatDoesNotVaryTellsNothing() {
    PropensityFeature constant = PropensityFeature.number("amount", col("amount"), 5, 0);
    assertThat(linear(constant, new double[] {1, 100}, "(7D) AS t(amount)")).containsExactly(0.0);
  }

  @Test
  void everyLabelAndTheOthersAndNullHaveTheirOwnCoefficient() {
    assertThat(CATEGORY.names())
        .containsExactly("colour=red", "colour=blue", "other colour", "missing colour");
    assertThat(
            linear(
                CATEGORY,
                new double[] {1, 2, 3, 4},
                "('blue'), ('red'), ('green'), (NULL) AS t(colour)"))
        .containsExactly(2.0, 1.0, 3.0, 4.0);
  }

  @Test
  void aPredictionThatTheLogHasNoLongerIsAllMissing() {
    PropensityFeatures features = new PropensityFeatures(List.of(NUMBER, CATEGORY), List.of());
    double[] weights = {1, 10, 100, 1000, 10_000, 100_000};
    Row row = spark.range(1).select(features.withoutLog(weights)).head();
    assertThat(row.getDouble(0)).isEqualTo(100_010);
    assertThat(features.size()).isEqualTo(weights.length);
    assertThat(features.names()).hasSize(weights.length);
  }
}
