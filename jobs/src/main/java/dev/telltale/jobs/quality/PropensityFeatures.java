package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The coefficients of a propensity: first those of the columns of the prediction log, then those of
 * the score and the answer. Lives on the driver.
 */
final class PropensityFeatures {
  private final List<PropensityFeature> ofLog;
  private final List<PropensityFeature> said;

  PropensityFeatures(List<PropensityFeature> ofLog, List<PropensityFeature> said) {
    this.ofLog = List.copyOf(ofLog);
    this.said = List.copyOf(said);
  }

  private List<PropensityFeature> all() {
    List<PropensityFeature> all = new ArrayList<>(ofLog);
    all.addAll(said);
    return all;
  }

  /** Number of coefficients. */
  int size() {
    return sizeOf(all());
  }

  private static int sizeOf(List<PropensityFeature> features) {
    return features.stream().mapToInt(PropensityFeature::size).sum();
  }

  /** What each coefficient is about. */
  List<String> names() {
    return all().stream().flatMap(feature -> feature.names().stream()).toList();
  }

  /** A row's coefficients: sparse vector. */
  Column vector() {
    int size = size();
    UDF2<Seq<Integer>, Seq<Double>, Vector> vector =
        (indices, values) -> vector(size, indices, values);
    return functions.udf(vector, SQLDataTypes.VectorType()).apply(indices(), values());
  }

  private static Vector vector(int size, Seq<Integer> indices, Seq<Double> values) {
    return Vectors.sparse(
        size,
        JavaConverters.seqAsJavaList(indices).stream().mapToInt(Integer::intValue).toArray(),
        JavaConverters.seqAsJavaList(values).stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The coefficients that are not zero in a row, ascending: array of int. */
  Column indices() {
    return functions.array(
        terms(all(), 0).stream().map(PropensityFeature.Term::index).toArray(Column[]::new));
  }

  /** Their values: array of double. */
  Column values() {
    return functions.array(
        terms(all(), 0).stream().map(PropensityFeature.Term::value).toArray(Column[]::new));
  }

  /**
   * The part of the linear predictor that the columns of the log are.
   *
   * @param coefficients of all features
   */
  Column ofLog(double[] coefficients) {
    return sum(terms(ofLog, 0), coefficients);
  }

  /** The part that the score and the answer are. */
  Column said(double[] coefficients) {
    return sum(terms(said, sizeOf(ofLog)), coefficients);
  }

  /** {@link #ofLog} of a prediction that the log has no longer: all is missing. */
  Column withoutLog(double[] coefficients) {
    List<PropensityFeature.Term> terms = new ArrayList<>();
    int offset = 0;
    for (PropensityFeature feature : ofLog) {
      terms.add(new PropensityFeature.Term(lit(offset + feature.missing()), lit(1.0)));
      offset += feature.size();
    }
    return sum(terms, coefficients);
  }

  private static List<PropensityFeature.Term> terms(List<PropensityFeature> features, int from) {
    List<PropensityFeature.Term> terms = new ArrayList<>();
    int offset = from;
    for (PropensityFeature feature : features) {
      for (PropensityFeature.Term term : feature.terms()) {
        terms.add(new PropensityFeature.Term(lit(offset).plus(term.index()), term.value()));
      }
      offset += feature.size();
    }
    return terms;
  }

  private static Column sum(List<PropensityFeature.Term> terms, double[] coefficients) {
    Column sum = lit(0.0);
    for (PropensityFeature.Term term : terms) {
      sum = sum.plus(functions.get(lit(coefficients), term.index()).multiply(term.value()));
    }
    return sum;
  }
}
