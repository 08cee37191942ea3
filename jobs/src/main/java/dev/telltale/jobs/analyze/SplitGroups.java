package dev.telltale.jobs.analyze;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Comparison;
import dev.telltale.experiment.Estimand;
import dev.telltale.experiment.ExperimentJudge;
import dev.telltale.experiment.ExperimentPolicy;
import dev.telltale.experiment.Inference;
import dev.telltale.experiment.MetricResult;
import dev.telltale.experiment.SplitCalibration;
import dev.telltale.jobs.engine.ArmMerge;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Divides the same units into two arms many times, in one pass: a row takes a side in each split.
 * Sides follow from a row's place in its partition, so they repeat for the same files. Crosses to
 * executors, hence a class and not a record.
 */
final class SplitGroups implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String CONTROL = "A";
  private static final String VARIANT = "B";

  private final int[][] blocks;
  private final int[] denominators;
  private final int splits;
  private final long seed;

  /**
   * @param blocks values of each metric, by their place among the values
   * @param denominators place in its block of each denominator, or {@link Estimand#NONE}
   */
  SplitGroups(int[][] blocks, int[] denominators, int splits, long seed) {
    this.blocks = blocks.clone();
    this.denominators = denominators.clone();
    this.splits = splits;
    this.seed = seed;
  }

  /** What the tests said, by metric and split. */
  static final class Outcomes {
    private final List<List<MetricResult>> splits;

    private Outcomes(List<List<MetricResult>> splits) {
      this.splits = splits;
    }

    /** Of the tests without covariates. */
    SplitCalibration unadjusted(int metric, double alpha) {
      return calibration(metric, alpha, MetricResult::unadjusted);
    }

    /** Of the tests with covariates. */
    SplitCalibration adjusted(int metric, double alpha) {
      return calibration(metric, alpha, MetricResult::adjusted);
    }

    private SplitCalibration calibration(
        int metric, double alpha, Function<MetricResult, Optional<Inference>> test) {
      double[] pValues = new double[splits.size()];
      boolean[] covered = new boolean[splits.size()];
      for (int split = 0; split < splits.size(); split++) {
        Optional<Inference.Effect> effect =
            test.apply(splits.get(split).get(metric)).map(Inference::absolute);
        pValues[split] = effect.map(Inference.Effect::pValue).orElse(Double.NaN);
        covered[split] = effect.map(one -> one.low() <= 0 && one.high() >= 0).orElse(false);
      }
      return SplitCalibration.of(pValues, covered, alpha);
    }
  }

  /**
   * Divides and tests.
   *
   * @param rows a key that is not looked at, then the values
   */
  Outcomes outcomes(Dataset<Row> rows, List<Arms.Metric> metrics, ExperimentPolicy policy) {
    byte[][] arms = new byte[2 * splits][];
    rows.toJavaRDD()
        .mapPartitionsWithIndex(this::fold, false)
        .mapToPair(part -> part)
        .groupByKey()
        .mapValues(ArmMerge::inOrder)
        .collect()
        .forEach(arm -> arms[arm._1] = arm._2);
    return new Outcomes(
        IntStream.range(0, arms[0] == null ? 0 : splits)
            .mapToObj(split -> test(arms[2 * split], arms[2 * split + 1], metrics, policy))
            .toList());
  }

  /** Two arms a split: that of the control has the even number. */
  private Iterator<Tuple2<Integer, Tuple2<Integer, byte[]>>> fold(
      int partition, Iterator<Row> rows) {
    int[] widths = Arrays.stream(blocks).mapToInt(block -> block.length).toArray();
    ArmState[] states = new ArmState[2 * splits];
    Arrays.setAll(states, arm -> new ArmState(widths));
    long index = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      SplittableRandom random = new SplittableRandom(seed + 31L * partition + (index++ << 20));
      double[][] values = ArmGroups.values(row, blocks, 1);
      long sides = 0;
      for (int split = 0; split < splits; split++) {
        if (split % Long.SIZE == 0) {
          sides = random.nextLong();
        }
        ArmState state = states[2 * split + ((int) (sides >>> (split % Long.SIZE)) & 1)];
        state.addUnit();
        for (int block = 0; block < blocks.length; block++) {
          state.add(block, values[block], denominators[block]);
        }
      }
    }
    List<Tuple2<Integer, Tuple2<Integer, byte[]>>> parts = new ArrayList<>();
    for (int arm = 0; arm < states.length; arm++) {
      parts.add(new Tuple2<>(arm, new Tuple2<>(partition, states[arm].toBytes())));
    }
    return parts.iterator();
  }

  private static List<MetricResult> test(
      byte[] first, byte[] second, List<Arms.Metric> metrics, ExperimentPolicy policy) {
    ArmState control = ArmState.read(first);
    ArmState variant = ArmState.read(second);
    List<Comparison> family = new ArrayList<>();
    for (int block = 0; block < metrics.size(); block++) {
      family.add(
          new Comparison(
              metrics.get(block).name(),
              VARIANT,
              metrics.get(block).estimand(),
              control.side(CONTROL, block),
              variant.side(VARIANT, block)));
    }
    return new ExperimentJudge(policy).judge(family);
  }
}
