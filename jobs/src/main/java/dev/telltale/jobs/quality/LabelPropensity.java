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
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * The probability that a prediction has a label by now, from its features, score and answer: a
 * logistic regression. Lives on the driver; what executors get of it are expressions.
 *
 * <p>One fit is for all days of a run. Every coefficient is the sum of one that the days share and
 * one of the day's own, and both are drawn towards zero: where the labels of one category come a
 * day before the others' the days differ in it, and days with few labels borrow from the others.
 */
final class LabelPropensity {
  /**
   * As one over the variance of a normal prior. Coefficients of features that are one standard
   * deviation wide are far within ten; a category none of which is labelled gets no infinite one.
   */
  private static final double PENALTY = 0.01;

  private static final int MOST_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-7;
  private static final String OF_LOG = "of_log";

  private final PropensityFeatures features;
  private final PropensityDays days;
  private final double[] coefficients;
  private final double[] intercepts;
  private Map<Instant, PropensityBalance> balances = Map.of();

  private LabelPropensity(PropensityFeatures features, PropensityDays days) {
    this.features = features;
    this.days = days;
    this.coefficients = new double[days.size() * features.size()];
    this.intercepts = new double[days.size()];
  }

  /**
   * Fits it.
   *
   * @param sample rows with and without a label
   * @param granularity of the windows that the balance is told of
   */
  static LabelPropensity of(
      PropensitySample sample,
      PropensityFeatures features,
      PropensityDays days,
      Granularity granularity) {
    LabelPropensity propensity = new LabelPropensity(features, days);
    propensity.fit(sample);
    propensity.measure(sample, granularity);
    return propensity;
  }

  private void fit(PropensitySample sample) {
    int size = features.size();
    boolean several = days.size() > 1;
    int ownSize = size + 1;
    int dimension = several ? size + days.size() * ownSize : size;
    JavaRDD<Row> rows =
        sample
            .select(
                col(PropensitySample.KNOWN),
                col(PropensitySample.STANDS_FOR),
                days.index(col(RankedQueries.EVENT)),
                features.indices(),
                features.values())
            .toJavaRDD()
            .map(
                row ->
                    RowFactory.create(
                        row.getBoolean(0) ? 1.0 : 0.0,
                        row.getDouble(1),
                        PropensityVectors.of(
                            dimension,
                            size,
                            row.getList(3),
                            row.getList(4),
                            several ? size + row.getInt(2) * ownSize : -1)));
    Dataset<Row> data =
        sample
            .rows()
            .sparkSession()
            .createDataFrame(
                rows,
                new StructType()
                    .add("label", DataTypes.DoubleType)
                    .add("weight", DataTypes.DoubleType)
                    .add("features", SQLDataTypes.VectorType()));
    LogisticRegressionModel model =
        new LogisticRegression()
            .setWeightCol("weight")
            .setFamily("binomial")
            .setStandardization(false)
            .setRegParam(PENALTY / sample.rows().count())
            .setMaxIter(MOST_ITERATIONS)
            .setTol(TOLERANCE)
            .fit(data);
    double[] fitted = model.coefficients().toArray();
    for (int day = 0; day < days.size(); day++) {
      int own = size + day * ownSize;
      intercepts[day] = model.intercept() + (several ? fitted[own + size] : 0);
      for (int i = 0; i < size; i++) {
        coefficients[day * size + i] = fitted[i] + (several ? fitted[own + i] : 0);
      }
    }
  }

  private void measure(PropensitySample sample, Granularity granularity) {
    Column day = days.index(col(RankedQueries.EVENT));
    Column first = day.multiply(features.size());
    Column linear =
        functions
            .get(lit(intercepts), day)
            .plus(features.ofLog(lit(coefficients), first))
            .plus(features.said(lit(coefficients), first));
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
                days.clip(day),
                features.indices(),
                features.values())
            .toJavaRDD();
    balances = PropensityBalance.of(rows, granularity, features.size());
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
    Column day = days.index(col(RankedQueries.EVENT));
    Column first = day.multiply(features.size());
    Column[] key = {col(RankedQueries.ID), col(RankedQueries.EVENT)};
    // One number a row crosses the shuffle, and not the features.
    Dataset<Row> parts =
        log.select(key[0], key[1], features.ofLog(lit(coefficients), first).as(OF_LOG))
            .groupBy(key)
            .agg(functions.min(OF_LOG).as(OF_LOG));
    Column linear =
        functions
            .get(lit(intercepts), day)
            .plus(functions.coalesce(col(OF_LOG), features.withoutLog(lit(coefficients), first)))
            .plus(features.said(lit(coefficients), first));
    Column propensity = functions.greatest(probability(linear), days.clip(day));
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
