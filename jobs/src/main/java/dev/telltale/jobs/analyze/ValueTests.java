package dev.telltale.jobs.analyze;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.error.ExperimentErrors;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.EffectTest;
import dev.telltale.experiment.Estimator;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.RankInference;
import dev.telltale.experiment.TestMethod;
import dev.telltale.stats.MannWhitneyTest;
import dev.telltale.stats.PermutationTest;
import dev.telltale.stats.SignedRankTest;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Tests that need more than moments. Ranks come from counts by value, sorted by Spark and read one
 * by one; only the permutation test holds values.
 */
final class ValueTests {
  /** Values that the permutation test holds: 10,000 rearrangements of them take seconds. */
  static final long MOST_VALUES = 100_000;

  private static final int DRAWS = 9_999;
  private static final long SEED = 1;
  private static final String VALUE = "value";
  private static final String CONTROL = "control_rows";
  private static final String VARIANT = "variant_rows";

  private final AnalyzeSpec spec;
  private final UnitRows rows;

  ValueTests(AnalyzeSpec spec, UnitRows rows) {
    this.spec = spec;
    this.rows = rows;
  }

  /** The test of a comparison; Spark runs once, the level changes only the interval. */
  Comparison.Test of(Comparison comparison) {
    ExperimentPolicy policy = spec.policy();
    TestMethod method = policy.method();
    if (comparison.estimand().isRatio()) {
      return alpha -> {
        throw new IllegalArgumentException(method + " is for a single column, not for a ratio");
      };
    }
    Column value = UnitRows.number(comparison.metric());
    return switch (method) {
      case MANN_WHITNEY -> {
        MannWhitneyTest test = mannWhitney(value, comparison.variant());
        yield alpha -> RankInference.of(test, policy.hypothesis(), alpha);
      }
      case PERMUTATION -> {
        PermutationTest test =
            PermutationTest.of(
                values(value, spec.control()),
                values(value, comparison.variant()),
                policy.hypothesis().alternative(),
                DRAWS,
                SEED);
        yield alpha -> RankInference.of(test, policy.hypothesis(), comparison);
      }
      case WILCOXON -> {
        SignedRankTest test = signedRanks(value, comparison.variant());
        yield alpha -> RankInference.of(test, policy.hypothesis());
      }
      case PAIRED -> {
        CrossMoments pairs = moments(value, comparison.variant());
        yield alpha ->
            EffectTest.of(policy.hypothesis(), alpha, EffectTest.Distribution.T)
                .test(Estimator.paired(pairs, 0, 1));
      }
      case AUTO, WELCH, Z, SCORE, CHI_SQUARE, FISHER, POISSON ->
          throw new IllegalStateException(method + " is of moments");
    };
  }

  private Dataset<Row> finite(Column value, String variant) {
    return rows.known()
        .filter(rows.variant().equalTo(variant))
        .withColumn(VALUE, value)
        .filter(UnitRows.isFinite(functions.col(VALUE)));
  }

  private MannWhitneyTest mannWhitney(Column value, String variant) {
    Column isControl = rows.variant().equalTo(spec.control());
    Column isVariant = rows.variant().equalTo(variant);
    Dataset<Row> counts =
        rows.known()
            .filter(isControl.or(isVariant))
            .select(
                value.as(VALUE),
                isControl.cast("long").as(CONTROL),
                isVariant.cast("long").as(VARIANT))
            .filter(UnitRows.isFinite(functions.col(VALUE)))
            .groupBy(VALUE)
            .agg(functions.sum(CONTROL), functions.sum(VARIANT))
            .orderBy(VALUE);
    MannWhitneyTest test = new MannWhitneyTest();
    for (Iterator<Row> groups = counts.toLocalIterator(); groups.hasNext(); ) {
      Row group = groups.next();
      test.add(group.getLong(1), group.getLong(2));
    }
    return test;
  }

  private double[] values(Column value, String variant) {
    Dataset<Row> finite = finite(value, variant).select(VALUE);
    long size = finite.count();
    if (size > MOST_VALUES) {
      throw ExperimentErrors.tooManyValues(TestMethod.PERMUTATION.toString(), size, MOST_VALUES);
    }
    return finite.collectAsList().stream().mapToDouble(row -> row.getDouble(0)).sorted().toArray();
  }

  /** A row per pair: the control's value and the variant's. */
  private Dataset<Row> pairs(Column value, String variant) {
    String pair =
        spec.pair().orElseThrow(() -> ExperimentErrors.noPairs(spec.policy().method().toString()));
    return side(value, spec.control(), pair, CONTROL)
        .join(side(value, variant, pair, VARIANT), "pair")
        .select(CONTROL, VARIANT);
  }

  private Dataset<Row> side(Column value, String variant, String pair, String name) {
    Dataset<Row> side =
        finite(value, variant)
            .filter(column(pair).isNotNull())
            .groupBy(column(pair).as("pair"))
            .agg(functions.first(VALUE).as(name), functions.count(functions.lit(1)).as("rows"));
    List<Row> twice = side.filter("rows > 1").limit(1).collectAsList();
    if (!twice.isEmpty()) {
      throw ExperimentErrors.pairTwice(pair, String.valueOf(twice.get(0).get(0)), variant);
    }
    return side.drop("rows");
  }

  private SignedRankTest signedRanks(Column value, String variant) {
    Column difference = functions.col(VARIANT).minus(functions.col(CONTROL));
    Dataset<Row> groups =
        pairs(value, variant)
            .select(difference.as("difference"))
            .groupBy(functions.abs(functions.col("difference")).as("size"))
            .agg(
                functions.sum(functions.col("difference").lt(0).cast("long")),
                functions.sum(functions.col("difference").gt(0).cast("long")),
                functions.count(functions.lit(1)))
            .orderBy("size");
    SignedRankTest test = new SignedRankTest();
    for (Iterator<Row> all = groups.toLocalIterator(); all.hasNext(); ) {
      Row group = all.next();
      if (group.getDouble(0) == 0) {
        test.addZeros(group.getLong(3));
      } else {
        test.add(group.getLong(1), group.getLong(2));
      }
    }
    return test;
  }

  /** Moments of the pairs: the control first, then the variant. */
  private CrossMoments moments(Column value, String variant) {
    return new ArmGroups(new int[][] {{0, 1}}, new int[] {-1}, List.of())
            .states(
                pairs(value, variant)
                    .select(functions.lit(variant), functions.col(CONTROL), functions.col(VARIANT)))
            .values()
            .stream()
            .findFirst()
            .map(state -> state.moments(0))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no pair has a row of " + spec.control() + " and one of " + variant));
  }
}
