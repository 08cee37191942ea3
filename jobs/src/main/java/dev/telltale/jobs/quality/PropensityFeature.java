package dev.telltale.jobs.quality;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * One column that labelled and unlabelled predictions may differ in, as coefficients of a linear
 * model. Lives on the driver.
 *
 * <p>A number has two: its distance from the mean in standard deviations, 0 where it is missing
 * (null, NaN or infinite) and never beyond 10, so that one absurd value cannot lead the fit; and
 * whether it is missing. A category has one for each of its labels, one for all others, and one for
 * null.
 */
final class PropensityFeature {
  private static final double FARTHEST = 10;

  private final String name;
  private final Column raw;
  private final List<String> labels;
  private final double mean;
  private final double deviation;

  private PropensityFeature(
      String name, Column raw, List<String> labels, double mean, double deviation) {
    this.name = name;
    this.raw = raw;
    this.labels = labels;
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * One coefficient that takes part in a row.
   *
   * @param index int, from 0 in the feature
   * @param value double
   */
  record Term(Column index, Column value) {}

  /**
   * A number.
   *
   * @param raw double
   * @param deviation one that is not above 0 and finite says that the number tells nothing
   */
  static PropensityFeature number(String name, Column raw, double mean, double deviation) {
    return new PropensityFeature(name, raw, null, mean, deviation);
  }

  /**
   * A category.
   *
   * @param raw string
   * @param labels those that are told apart
   */
  static PropensityFeature category(String name, Column raw, List<String> labels) {
    return new PropensityFeature(name, raw, List.copyOf(labels), Double.NaN, Double.NaN);
  }

  /** The number where it is one, else null. */
  static Column finite(Column raw) {
    // Infinity - infinity is NaN, which equals no zero.
    return functions.when(raw.minus(raw).equalTo(0.0), raw);
  }

  /** Coefficients. */
  int size() {
    return labels == null ? 2 : labels.size() + 2;
  }

  /** What the coefficients are about, for people. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (labels == null) {
      names.add(name);
    } else {
      labels.forEach(label -> names.add(name + "=" + label));
      names.add("other " + name);
    }
    names.add("missing " + name);
    return names;
  }

  /** The coefficient of a missing value. */
  int missing() {
    return size() - 1;
  }

  /** The terms of a row, indices ascending. */
  List<Term> terms() {
    if (labels != null) {
      Column code = functions.when(raw.isNull(), lit(missing()));
      for (int i = 0; i < labels.size(); i++) {
        code = code.when(raw.equalTo(lit(labels.get(i))), lit(i));
      }
      return List.of(new Term(code.otherwise(lit(labels.size())), lit(1.0)));
    }
    Column known = finite(raw);
    Column missing = functions.when(known.isNull(), lit(1.0)).otherwise(lit(0.0));
    Column distance = lit(0.0);
    if (deviation > 0 && Double.isFinite(deviation)) {
      Column exact = known.minus(lit(mean)).divide(lit(deviation));
      Column near = functions.greatest(lit(-FARTHEST), functions.least(lit(FARTHEST), exact));
      // Spark's least and greatest leave nulls out.
      distance = functions.when(known.isNull(), lit(0.0)).otherwise(near);
    }
    return List.of(new Term(lit(0), distance), new Term(lit(1), missing));
  }
}
