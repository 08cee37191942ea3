package dev.telltale.jobs.bench;

import com.amazon.deequ.analyzers.Analyzer;
import com.amazon.deequ.analyzers.ApproxCountDistinct;
import com.amazon.deequ.analyzers.Completeness;
import com.amazon.deequ.analyzers.Histogram;
import com.amazon.deequ.analyzers.KLLSketch;
import com.amazon.deequ.analyzers.Maximum;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.Minimum;
import com.amazon.deequ.analyzers.Size;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.analyzers.runners.AnalysisRunBuilder;
import com.amazon.deequ.analyzers.runners.AnalyzerContext;
import com.amazon.deequ.metrics.Metric;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.engine.AnchorLearner;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DecimalType;
import scala.Option;

/** The ways to profile a wide table that the bench compares. */
final class ProfileBench {
  private static final Instant DAY = Instant.ofEpochSecond(983_404_800);
  private static final int LEARN_LIMIT = Anchors.MAX_CUTS;

  private final SparkSession spark;
  private final Dataset<Row> data;
  private final List<String> names;
  private final List<ColumnPlan> plans;
  private final int segments;

  /**
   * A bench on two tables.
   *
   * @param baseline the baseline whose values anchor the counts; profiled here, once
   * @param data what is measured
   */
  ProfileBench(
      SparkSession spark, Dataset<Row> baseline, Dataset<Row> data, int columns, int segments) {
    this.spark = spark;
    this.data = data;
    this.segments = segments;
    this.names = WideTable.columns(columns);
    List<ColumnPlan> found = new ArrayList<>();
    for (String name : names) {
      var type = data.schema().apply(name).dataType();
      found.add(new ColumnPlan(name, ColumnPlan.kindOf(type, false), type, Anchors.NONE));
    }
    Map<String, AnchorLearner.Learned> learned =
        AnchorLearner.learn(spark, baseline, found, LEARN_LIMIT);
    this.plans =
        found.stream()
            .map(column -> column.withAnchors(learned.get(column.name()).anchors()))
            .toList();
  }

  /** Reads the measured columns as rows and drops them: Spark's own way to run a scan. */
  Contender scan() {
    return new Contender(
        "bare scan",
        () -> {
          chosen().write().format("noop").mode("overwrite").save();
          return "";
        });
  }

  /** Telltale's pass: every statistic of every column; ids and event time as every night. */
  Contender telltale() {
    return new Contender("telltale profile", () -> pass(List.of()));
  }

  /** The same with slices. */
  Contender telltaleSliced() {
    List<List<String>> values =
        IntStream.range(0, segments).mapToObj(i -> List.of("segment-" + i)).toList();
    return new Contender(
        "telltale profile, " + segments + " slices",
        () -> pass(List.of(new SlicePlan(List.of(WideTable.SEGMENT), values))));
  }

  private String pass(List<SlicePlan> slices) {
    PassPlan plan =
        PassPlan.windowed(
            plans,
            slices,
            WideTable.ID,
            Optional.empty(),
            WideTable.TIME,
            Optional.empty(),
            Granularity.DAY,
            Set.of(DAY));
    try (FusedPass pass = FusedPass.over(spark, data, plan)) {
      long duplicates = pass.duplicateIds().values().stream().mapToLong(Long::longValue).sum();
      return pass.states().count() + " states, " + duplicates + " duplicate ids";
    }
  }

  private Dataset<Row> chosen() {
    return data.select(names.stream().map(functions::col).toArray(Column[]::new));
  }

  /** Spark's own aggregates for the same statistics, in one query. */
  Contender spark() {
    List<Column> aggregates = new ArrayList<>();
    aggregates.add(functions.count(functions.lit(1)));
    for (ColumnPlan plan : plans) {
      Column column = functions.col(plan.name());
      aggregates.add(functions.count(column));
      if (plan.kind() == ColumnKind.CATEGORICAL) {
        aggregates.add(functions.approx_count_distinct(column));
        continue;
      }
      Column number = column.cast("double");
      aggregates.add(functions.avg(number));
      aggregates.add(functions.stddev_samp(number));
      aggregates.add(functions.skewness(number));
      aggregates.add(functions.kurtosis(number));
      aggregates.add(functions.min(number));
      aggregates.add(functions.max(number));
      aggregates.add(
          functions.expr(
              "percentile_approx(CAST("
                  + plan.name()
                  + " AS DOUBLE), array(0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99), 100)"));
    }
    return new Contender(
        "spark aggregates",
        () -> {
          Row row =
              chosen()
                  .agg(aggregates.get(0), aggregates.stream().skip(1).toArray(Column[]::new))
                  .head();
          return row.size() + " aggregates";
        });
  }

  /** Deequ's analyzers for the same statistics, as far as it has them for a column's type. */
  Contender deequ() {
    List<Analyzer<?, Metric<?>>> analyzers = new ArrayList<>();
    add(analyzers, new Size(Option.empty()));
    for (ColumnPlan plan : plans) {
      String name = plan.name();
      add(analyzers, new Completeness(name, Option.empty(), Option.empty()));
      if (plan.kind() == ColumnKind.CATEGORICAL) {
        add(analyzers, new ApproxCountDistinct(name, Option.empty()));
        add(analyzers, histogram(name));
      } else if (plan.kind() == ColumnKind.NUMERIC) {
        add(analyzers, new Mean(name, Option.empty()));
        add(analyzers, new StandardDeviation(name, Option.empty()));
        add(analyzers, new Minimum(name, Option.empty(), Option.empty()));
        add(analyzers, new Maximum(name, Option.empty(), Option.empty()));
        // On a decimal column the sketch fails, and takes every other result with it.
        if (!(plan.type() instanceof DecimalType)) {
          add(analyzers, new KLLSketch(name, Option.empty()));
        }
      }
    }
    return new Contender(
        "deequ",
        () -> {
          AnalysisRunBuilder builder = new AnalysisRunBuilder(chosen());
          for (Analyzer<?, Metric<?>> analyzer : analyzers) {
            builder = builder.addAnalyzer(analyzer);
          }
          AnalyzerContext context = builder.run();
          return context.metricMap().size() + " metrics";
        });
  }

  private static Histogram histogram(String name) {
    return new Histogram(name, Option.empty(), 20, Option.empty(), false, Histogram.Count$.MODULE$);
  }

  @SuppressWarnings("unchecked")
  private static void add(List<Analyzer<?, Metric<?>>> analyzers, Object analyzer) {
    analyzers.add((Analyzer<?, Metric<?>>) analyzer);
  }
}
