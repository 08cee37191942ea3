package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QualityStateTest {
  private static final int FEW_SCORES = 40;
  private static final StateOptions OPTIONS =
      new StateOptions(FEW_SCORES, 3, Double.NaN, List.of(1, 3), List.of(0.1, 0.5, 0.9));

  /** The same rows in any order, cut into any batches, give the same bytes. */
  @Property(tries = 60)
  void orderAndBatchesDoNotMatter(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 9) int batches) {
    for (Task task : List.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION, Task.RANKING)) {
      for (boolean weighted : new boolean[] {false, true}) {
        List<Observation> rows = rows(task, 200, weighted, new Random(random.nextLong()));
        byte[] oneShot = state(task, rows).toBytes();
        Collections.shuffle(rows, random);
        QualityState merged = QualityState.of(task, OPTIONS);
        for (int batch = 0; batch < batches; batch++) {
          List<Observation> part = new ArrayList<>();
          for (int i = batch; i < rows.size(); i += batches) {
            part.add(rows.get(i));
          }
          // Through the stored form, as between tasks and nights.
          merged.merge(QualityState.read(state(task, part).toBytes()));
        }
        assertThat(java.util.Arrays.equals(merged.toBytes(), oneShot))
            .as(task + " " + weighted)
            .isTrue();
        assertThat(merged.metrics(MetricOptions.DEFAULTS))
            .isEqualTo(QualityState.read(oneShot).metrics(MetricOptions.DEFAULTS));
      }
    }
  }

  /** Rows of weight two count as two rows in every value; only the errors differ. */
  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"BINARY", "MULTICLASS", "REGRESSION", "RANKING"})
  void weightsOfTwoGiveTheValuesOfTwoRows(Task task) {
    List<Observation> rows = rows(task, 300, false, new Random(5));
    List<Observation> twice = new ArrayList<>(rows);
    twice.addAll(rows);
    StateOptions options =
        new StateOptions(1000, 3, Double.NaN, OPTIONS.cutoffs(), OPTIONS.quantileLevels());
    QualityState heavy = QualityState.of(task, options);
    for (Observation row : rows) {
      row.weight = 2;
      heavy.add(row);
      row.weight = 1;
    }
    QualityState light = QualityState.of(task, options);
    twice.forEach(light::add);
    Map<String, Estimate> expected = light.metrics(MetricOptions.DEFAULTS);
    Map<String, Estimate> weighted = heavy.metrics(MetricOptions.DEFAULTS);
    assertThat(weighted.keySet()).isEqualTo(expected.keySet());
    expected.remove("queries_without_relevant"); // Itself a number of rows.
    expected.forEach(
        (name, estimate) -> {
          // Sums of some hundred doubles in another order of operations.
          assertThat(weighted.get(name).value())
              .as(name)
              .isCloseTo(estimate.value(), within(1e-9 * (1 + Math.abs(estimate.value()))));
          assertThat(2 * weighted.get(name).rows()).as(name).isEqualTo(estimate.rows());
        });
  }

  @Test
  void scoresBeyondTheCapShareCellsWithinTheStatedBound() {
    List<Observation> rows = rows(Task.BINARY, 20_000, false, new Random(3));
    QualityState exact = QualityState.of(Task.BINARY, new StateOptions(1_000_000, 0, Double.NaN));
    QualityState coarse = QualityState.of(Task.BINARY, new StateOptions(100, 0, Double.NaN));
    for (Observation row : rows) {
      exact.add(row);
      coarse.add(row);
    }
    Map<String, Estimate> truth = exact.metrics(MetricOptions.DEFAULTS);
    Map<String, Estimate> near = coarse.metrics(MetricOptions.DEFAULTS);
    for (String name : List.of("roc_auc", "average_precision")) {
      assertThat(truth.get(name).errorBound()).isZero();
      assertThat(near.get(name).errorBound()).isBetween(1e-9, 0.002);
      assertThat(near.get(name).value())
          .isCloseTo(truth.get(name).value(), within(near.get(name).errorBound()));
    }
    assertThat(near.get("log_loss")).isEqualTo(truth.get("log_loss"));
    assertThat(near.get("ece")).isEqualTo(truth.get("ece"));
    assertThat(coarse.toBytes().length).isLessThan(60_000);
  }

  @Test
  void whatIsNoLabelOfTheTaskIsCounted() {
    QualityState state = QualityState.of(Task.BINARY, new StateOptions(10, 0, Double.NaN));
    for (double label : new double[] {0, 1, 3, Double.NaN}) {
      Observation row = new Observation();
      row.labelled = true;
      row.label = label;
      row.prediction = 1;
      row.score = label == 1 ? 1.5 : 0.5;
      state.add(row);
    }
    assertThat(state.unusable()).isEqualTo(2);
    assertThat(state.unusableScores()).isEqualTo(1);
    assertThat(state.labelled().rows()).isEqualTo(4);
    assertThat(state.metrics(MetricOptions.DEFAULTS).get("accuracy").value()).isEqualTo(0.5);
    assertThat(state.metrics(MetricOptions.DEFAULTS)).doesNotContainKey("roc_auc");
  }

  /** A label or a weight whose powers no double holds is counted, and never an error of ours. */
  @ParameterizedTest
  @EnumSource(Task.class)
  void hugeNumbersAreCounted(Task task) {
    QualityState state = QualityState.of(task, StateOptions.DEFAULTS);
    double[] huge = {1e60, -1e200, Double.MAX_VALUE, Double.NEGATIVE_INFINITY};
    for (double number : huge) {
      Observation row = new Observation();
      row.labelled = true;
      row.label = number;
      row.prediction = number;
      row.score = number;
      state.add(row);
      row.label = 1;
      row.prediction = 1;
      row.predictedClass = "a";
      row.trueClass = "a";
      row.weight = Math.abs(number);
      state.add(row);
    }
    // Of what users let on, 1e60 is only large; so it is as a weight. No query has items here.
    assertThat(state.unusable()).isEqualTo(task == Task.RANKING ? 8 : task.hasTruth() ? 7 : 6);
    QualityState.read(state.toBytes()).metrics(MetricOptions.DEFAULTS);
  }

  /** Rows that stand for none are in no metric. */
  @ParameterizedTest
  @EnumSource(Task.class)
  void rowsWithoutWeightAreInNoMetric(Task task) {
    QualityState state = QualityState.of(task, StateOptions.DEFAULTS);
    for (Observation row : rows(task, 5, false, new Random(1))) {
      row.weight = 0;
      state.add(row);
      row.weight = 1e-300;
      state.add(row);
    }
    assertThat(state.predictions().rows()).isEqualTo(5);
    assertThat(state.unusable()).isEqualTo(5);
    assertThat(state.metrics(MetricOptions.DEFAULTS)).isEmpty();
  }

  /** A mean of a billion standard deviations costs the variance nothing that shows. */
  @Test
  void theErrorOfAMeanFarFromZeroIsRight() {
    LossSum sum = new LossSum();
    MassSum mass = new MassSum();
    for (int i = 0; i < 1000; i++) {
      sum.add(1e9 + (i % 2 == 0 ? 5 : -5), 1);
      mass.add(1);
    }
    // sd = 5 √(1000/999), its error of the mean / √1000; the last of it are a few roundings.
    assertThat(sum.stdError(mass)).isCloseTo(5 / Math.sqrt(999), within(1e-14));
    assertThat(sum.mean(mass)).isEqualTo(1e9);
  }

  @Test
  void businessValueIsTheMeanWorthOfAPrediction() {
    MetricOptions options =
        new MetricOptions(
            2, java.util.Optional.of(new MetricOptions.OutcomeValues(10, -1, -20, 0)));
    QualityState state = QualityState.of(Task.BINARY, new StateOptions(10, 0, Double.NaN));
    int[][] outcomes = {{1, 1, 6}, {0, 1, 3}, {1, 0, 2}, {0, 0, 9}};
    for (int[] outcome : outcomes) {
      for (int i = 0; i < outcome[2]; i++) {
        Observation row = new Observation();
        row.labelled = true;
        row.label = outcome[0];
        row.prediction = outcome[1];
        row.score = Double.NaN;
        state.add(row);
      }
    }
    Map<String, Estimate> metrics = state.metrics(options);
    assertThat(metrics.get("business_value").value()).isEqualTo((60 - 3 - 40) / 20.0);
    // (1 + 4)·6 / ((1 + 4)·6 + 4·2 + 3)
    assertThat(metrics.get("f_beta").value()).isCloseTo(30.0 / 41, within(1e-15));
  }

  private static QualityState state(Task task, List<Observation> rows) {
    QualityState state = QualityState.of(task, OPTIONS);
    rows.forEach(state::add);
    return state;
  }

  private static List<Observation> rows(Task task, int n, boolean weighted, Random random) {
    List<Observation> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Observation row = new Observation();
      row.labelled = random.nextInt(5) > 0;
      row.label = random.nextInt(2);
      row.score = 1 / (1 + Math.exp(-random.nextGaussian() * 2 - row.label));
      row.prediction = row.score > 0.5 ? 1 : 0;
      row.predictedClass = "c" + random.nextInt(4);
      row.trueClass = "c" + random.nextInt(4);
      if (task == Task.REGRESSION) {
        row.label = 3 + random.nextGaussian();
        row.prediction = row.label + random.nextGaussian() * 0.3;
        row.quantiles = new double[] {row.prediction - 0.4, row.prediction, row.prediction + 0.4};
        row.quantiles[2] = random.nextInt(20) == 0 ? Double.NaN : row.quantiles[2];
      }
      row.relevances = random.doubles(5, -1, 4).map(Math::floor).map(x -> Math.max(0, x)).toArray();
      row.relevances[4] = random.nextInt(20) == 0 ? -1 : Double.NaN;
      row.weight = weighted ? 0.1 + random.nextDouble() * 7 : 1;
      row.labelMicros = random.nextInt(1000);
      row.delayMicros = random.nextInt(1_000_000) * 1_000_000L;
      rows.add(row);
    }
    return rows;
  }
}
