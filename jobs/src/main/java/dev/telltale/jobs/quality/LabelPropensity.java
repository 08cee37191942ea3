package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.RankedQueries;
import dev.telltale.quality.QualityState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.feature.VarianceThresholdSelector;
import org.apache.spark.ml.feature.VarianceThresholdSelectorModel;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.collection.JavaConverters;

/**
 * The probability that a prediction has a label by now, from its features, score and answer: a
 * logistic regression. Lives on the driver; what executors get of it are expressions.
 */
final class LabelPropensity {
  /**
   * So that no label stands for more than a hundred predictions: one that is as rare says too
   * little to decide a metric. What is cut off is shown as the missing overlap.
   */
  static final double LEAST = 0.01;

  /**
   * Where few are labelled at all, as those are that people annotate, every propensity is small;
   * there a label stands for up to ten times as many predictions as the average one.
   */
  private static final double LEAST_OF_COVERAGE = 0.1;

  /**
   * Draws coefficients to zero, as a normal prior does. Those of features that are one standard
   * deviation wide are far within ten; a category none of which is labelled gets no infinite one.
   */
  private static final double PENALTY = 0.01;

  private static final int MOST_ITERATIONS = 50;
  private static final double TOLERANCE = 1e-7;
  private static final String OF_LOG = "of_log";
  private static final String TOLD_APART = "told_apart";

  private final PropensityFeatures features;
  private final double least;
  private final double intercept;
  private final double[] coefficients;
  private final Map<Instant, PropensityBalance> balances;

  /**
   * Fits it.
   *
   * @param sample rows with and without a label
   * @param coverage share of the predictions that have a label, above 0
   * @param granularity of the windows that the balance is told of
   */
  LabelPropensity(
      PropensitySample sample,
      PropensityFeatures features,
      double coverage,
      Granularity granularity) {
    this.features = features;
    this.least = Math.min(LEAST, LEAST_OF_COVERAGE * coverage);
    this.coefficients = new double[features.size()];
    this.intercept = fit(sample);
    this.balances = measure(sample, granularity);
  }

  /** Fits the coefficients; the intercept. */
  private double fit(PropensitySample sample) {
    Dataset<Row> data =
        sample
            .select(
                col(PropensitySample.KNOWN).cast("double").as("label"),
                col(PropensitySample.STANDS_FOR).as("weight"),
                features.vector().as("features"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    // What is the same in all rows makes the equations of the fit singular.
    VarianceThresholdSelectorModel selector =
        new VarianceThresholdSelector()
            .setFeaturesCol("features")
            .setOutputCol(TOLD_APART)
            .fit(data);
    // Reweighted least squares take some five passes, quasi-Newton steps some fifty.
    GeneralizedLinearRegressionModel model =
        new GeneralizedLinearRegression()
            .setFeaturesCol(TOLD_APART)
            .setWeightCol("weight")
            .setFamily("binomial")
            .setRegParam(PENALTY / sample.size())
            .setMaxIter(MOST_ITERATIONS)
            .setTol(TOLERANCE)
            .fit(selector.transform(data));
    data.unpersist();
    int[] selected = selector.selectedFeatures();
    for (int i = 0; i < selected.length; i++) {
      coefficients[selected[i]] = model.coefficients().apply(i);
    }
    return model.intercept();
  }

  private Map<Instant, PropensityBalance> measure(
      PropensitySample sample, Granularity granularity) {
    Column linear =
        lit(intercept).plus(features.ofLog(coefficients)).plus(features.said(coefficients));
    Column weight = functions.coalesce(col(QualityPlan.WEIGHT), lit(1.0));
    Column mass =
        functions
            .when(weight.between(1 / QualityState.MOST_WEIGHT, QualityState.MOST_WEIGHT), weight)
            .otherwise(lit(0.0));
    JavaRDD<Row> rows =
        sample
            .select(
                col(RankedQueries.EVENT),
                col(PropensitySample.KNOWN),
                mass.multiply(col(PropensitySample.STANDS_FOR)),
                probability(linear),
                features.indices(),
                features.values())
            .toJavaRDD();
    return PropensityBalance.of(rows, granularity, features.size(), least);
  }

  private static Column probability(Column linear) {
    return lit(1.0).divide(lit(1.0).plus(functions.exp(functions.negate(linear))));
  }

  /**
   * The labelled rows with the inclusion weight divided by the propensity.
   *
   * @param labelled of the table {@code labelled}
   * @param log the columns {@code prediction_id} and {@code event_ts}, and features
   */
  Dataset<Row> weighted(Dataset<Row> labelled, Dataset<Row> log) {
    Column[] key = {col(RankedQueries.ID), col(RankedQueries.EVENT)};
    // One number a row crosses the shuffle, and not the features.
    Dataset<Row> parts =
        log.select(key[0], key[1], features.ofLog(coefficients).as(OF_LOG))
            .groupBy(key)
            .agg(functions.min(OF_LOG).as(OF_LOG));
    Column linear =
        lit(intercept)
            .plus(functions.coalesce(col(OF_LOG), features.withoutLog(coefficients)))
            .plus(features.said(coefficients));
    Column propensity = functions.greatest(probability(linear), lit(least));
    return labelled
        .where(col(QualityPlan.LABEL).isNotNull())
        .join(
            parts,
            JavaConverters.asScalaBuffer(List.of(RankedQueries.ID, RankedQueries.EVENT)).toSeq(),
            "left")
        .withColumn(
            QualityPlan.WEIGHT,
            functions.coalesce(col(QualityPlan.WEIGHT), lit(1.0)).divide(propensity))
        .drop(OF_LOG);
  }

  /** How alike labelled rows and all predictions of the windows are, told from the sample. */
  Map<Instant, PropensityBalance> balances() {
    return balances;
  }

  /** What the coefficients are about. */
  List<String> names() {
    return features.names();
  }
}
