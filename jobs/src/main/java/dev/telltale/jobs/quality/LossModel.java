package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.jobs.Together;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.quality.LossCalibration;
import dev.telltale.quality.QualityState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * How large the error of a prediction will be, told from its features and the prediction: two
 * random forests, each fitted on the half of the labelled rows that the other has not seen. A row
 * is told by the forest that has not seen its half, also where its label is not known yet, so that
 * what a forest says means the same of rows with and without a label. Lives on the driver.
 */
final class LossModel {
  private static final int HALVES = 2;
  private static final int TREES = 20;
  private static final int DEPTH = 5;
  private static final int LEAST_ROWS_OF_LEAF = 20;
  private static final long SEED = 20;

  /** So that its fourth power, which an error has, is finite. */
  private static final double MOST_ERROR = 1e70;

  private static final String FEATURES = "loss_features";
  private static final String HALF = "loss_half";
  private static final String ERROR = "loss_error";
  private static final String SIZE = "loss_size";
  private static final String MASS = "loss_mass";
  private static final String SAID = "loss_said_";

  private final PropensityFeatures features;
  private final List<RandomForestRegressionModel> forests;
  private final LossCalibration calibration;

  private LossModel(
      PropensityFeatures features,
      List<RandomForestRegressionModel> forests,
      LossCalibration calibration) {
    this.features = features;
    this.forests = forests;
    this.calibration = calibration;
  }

  /**
   * Fits it.
   *
   * @param sample labelled rows
   * @param minimumLabels fewer say too little
   * @return empty with too few labels
   */
  static Optional<LossModel> fit(
      PropensitySample sample, PropensityFeatures features, int minimumLabels) {
    Column weight = functions.coalesce(col(QualityPlan.WEIGHT), lit(1.0));
    Column error = col(QualityPlan.PREDICTION_VALUE).minus(col(QualityPlan.LABEL_VALUE));
    Dataset<Row> rows =
        sample
            .select(
                features.vector().as(FEATURES),
                half().as(HALF),
                error.as(ERROR),
                functions.abs(error).as(SIZE),
                weight.as(MASS))
            // Neither null nor NaN is below anything.
            .where(col(SIZE).lt(MOST_ERROR))
            .where(col(MASS).between(1 / QualityState.MOST_WEIGHT, QualityState.MOST_WEIGHT))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Row> halves = rows.groupBy(HALF).count().collectAsList();
      long all = halves.stream().mapToLong(row -> row.getLong(1)).sum();
      long least = halves.stream().mapToLong(row -> row.getLong(1)).min().orElse(0);
      if (all < minimumLabels || halves.size() < HALVES || least < LEAST_ROWS_OF_LEAF) {
        return Optional.empty();
      }
      List<Supplier<RandomForestRegressionModel>> fits = new ArrayList<>();
      for (int half = 0; half < HALVES; half++) {
        Dataset<Row> others = rows.where(col(HALF).notEqual(half));
        RandomForestRegressor forest = forest().setPredictionCol(SAID + half);
        fits.add(() -> forest.fit(others));
      }
      List<RandomForestRegressionModel> forests = Together.all(HALVES, fits);
      List<LossCalibration.Known> known = new ArrayList<>();
      for (Row row :
          said(rows, forests).select(expected(), col(ERROR), col(MASS)).collectAsList()) {
        known.add(new LossCalibration.Known(row.getDouble(0), row.getDouble(1), row.getDouble(2)));
      }
      return LossCalibration.of(known)
          .map(calibration -> new LossModel(features, forests, calibration));
    } finally {
      rows.unpersist();
    }
  }

  private static RandomForestRegressor forest() {
    return new RandomForestRegressor()
        .setFeaturesCol(FEATURES)
        .setLabelCol(SIZE)
        .setWeightCol(MASS)
        .setNumTrees(TREES)
        .setMaxDepth(DEPTH)
        .setFeatureSubsetStrategy("all")
        .setMinInstancesPerNode(LEAST_ROWS_OF_LEAF)
        .setSeed(SEED);
  }

  /** 0 or 1, by the id. */
  private static Column half() {
    return functions.pmod(
        functions.xxhash64(col(RankedQueries.ID), lit("half")), lit((long) HALVES));
  }

  private static Dataset<Row> said(Dataset<Row> rows, List<RandomForestRegressionModel> forests) {
    Dataset<Row> said = rows;
    for (RandomForestRegressionModel forest : forests) {
      said = forest.transform(said);
    }
    return said;
  }

  private static Column expected() {
    Column expected = lit(null).cast("double");
    for (int half = 0; half < HALVES; half++) {
      expected = functions.when(col(HALF).equalTo(half), col(SAID + half)).otherwise(expected);
    }
    return expected;
  }

  /**
   * The cell of {@link #calibration()} that rows are in.
   *
   * @param rows have what features are told from, and {@code prediction_id}
   * @param kept columns that the result has besides
   * @param name of the cell's column, int
   */
  Dataset<Row> cells(Dataset<Row> rows, List<String> kept, String name) {
    List<Column> columns = new ArrayList<>(kept.stream().map(functions::col).toList());
    columns.add(features.vector().as(FEATURES));
    columns.add(half().as(HALF));
    Dataset<Row> said = said(rows.select(columns.toArray(Column[]::new)), forests);
    Column expected = expected();
    List<Column> result = new ArrayList<>(kept.stream().map(functions::col).toList());
    result.add(
        functions
            .size(functions.filter(lit(calibration.bounds()), bound -> bound.leq(expected)))
            .as(name));
    return said.select(result.toArray(Column[]::new));
  }

  LossCalibration calibration() {
    return calibration;
  }
}
