package dev.telltale.jobs.experiment;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.config.Defaults;
import dev.telltale.config.Experiment;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** Which values of the segments are kept apart: of each the most frequent, as with slices. */
final class SegmentValues {
  private SegmentValues() {}

  /**
   * The segments of each experiment.
   *
   * @param exposures the columns {@code trial} and {@code segments}
   */
  static List<List<LookPlan.Segment>> of(Dataset<Row> exposures, List<Experiment> experiments) {
    List<List<List<String>>> values = new ArrayList<>();
    for (Experiment experiment : experiments) {
      List<List<String>> ofOne = new ArrayList<>();
      experiment.exposures().segments().forEach(key -> ofOne.add(new ArrayList<>()));
      values.add(ofOne);
    }
    if (values.stream().anyMatch(ofOne -> !ofOne.isEmpty())) {
      Column rank =
          functions
              .row_number()
              .over(Window.partitionBy("trial", "pos").orderBy(col("count").desc(), col("col")));
      exposures
          .select(col("trial"), functions.posexplode(col("segments")))
          .where(col("col").isNotNull())
          .groupBy("trial", "pos", "col")
          .agg(functions.count(lit(1)).as("count"))
          .withColumn("rank", rank)
          .where(col("rank").leq(Defaults.MAX_SLICE_VALUES))
          .select("trial", "pos", "col")
          .collectAsList()
          .forEach(row -> values.get(row.getInt(0)).get(row.getInt(1)).add(row.getString(2)));
    }
    List<List<LookPlan.Segment>> segments = new ArrayList<>();
    for (int trial = 0; trial < experiments.size(); trial++) {
      List<LookPlan.Segment> ofOne = new ArrayList<>();
      List<String> keys = experiments.get(trial).exposures().segments();
      for (int i = 0; i < keys.size(); i++) {
        ofOne.add(new LookPlan.Segment(keys.get(i), values.get(trial).get(i)));
      }
      segments.add(ofOne);
    }
    return segments;
  }
}
