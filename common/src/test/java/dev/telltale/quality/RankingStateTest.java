package dev.telltale.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankingStateTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyNumberIsThatOfScikitLearn(boolean weighted) throws IOException {
    QualityState state = empty(1, 3, 10);
    for (String[] row : Reference.rows("ranking.csv")) {
      Observation query = query(Reference.numbers(row[1]));
      query.weight = weighted ? Double.parseDouble(row[0]) : 1;
      state.add(query);
    }
    Map<String, Estimate> metrics = state.metrics(MetricOptions.DEFAULTS);
    assertThat(Reference.compare("ranking-expected.csv", weighted, metrics)).isEqualTo(10);
    assertThat(metrics.get("queries_without_relevant")).isEqualTo(Estimate.bare(7, 60));
  }

  /** By hand: relevant at the places 2 and 4 of 4, of which the best order has 3 and 1 first. */
  @Test
  void oneQueryByHand() {
    RankedQuery query = new RankedQuery(new double[] {0, 1, Double.NaN, 3});
    assertThat(query.precision(1)).isZero();
    assertThat(query.precision(2)).isEqualTo(0.5);
    assertThat(query.precision(8)).isEqualTo(0.25);
    assertThat(query.recall(2)).isEqualTo(0.5);
    assertThat(query.recall(8)).isEqualTo(1);
    assertThat(query.reciprocalRank()).isEqualTo(0.5);
    double log3 = Math.log(3) / Math.log(2);
    double log5 = Math.log(5) / Math.log(2);
    assertThat(query.ndcg(8)).isCloseTo((1 / log3 + 3 / log5) / (3 + 1 / log3), within(1e-15));
    assertThat(query.ndcg(1)).isZero();
    RankedQuery huge = new RankedQuery(new double[] {1e308, 1.7e308});
    assertThat(huge.ndcg(2))
        .isCloseTo(new RankedQuery(new double[] {10, 17}).ndcg(2), within(1e-12));
    assertThat(new RankedQuery(new double[] {3, 2, 2, 0}).ndcg(4)).isEqualTo(1);
    RankedQuery none = new RankedQuery(new double[] {0, 0, 0});
    assertThat(none.hasRelevant()).isFalse();
    assertThat(none.ndcg(2)).isNaN();
    assertThat(none.recall(2)).isNaN();
    assertThat(none.reciprocalRank()).isNaN();
  }

  @Test
  void whatCannotBeMeasuredIsCounted() {
    QualityState state = empty(2);
    state.add(query(1, 0));
    state.add(query(0, 0));
    state.add(query(1, -0.5));
    state.add(query(Double.POSITIVE_INFINITY));
    Observation withoutOrder = query();
    withoutOrder.relevances = null;
    state.add(withoutOrder);
    Observation awaited = query(Double.NaN, 1);
    awaited.labelled = false;
    state.add(awaited);
    assertThat(state.unusable()).isEqualTo(3);
    assertThat(state.predictions().rows()).isEqualTo(6);
    assertThat(state.labelled().rows()).isEqualTo(5);
    Map<String, Estimate> metrics = state.metrics(MetricOptions.DEFAULTS);
    assertThat(metrics.get("precision_at_2").rows()).isEqualTo(2);
    assertThat(metrics.get("ndcg_at_2").rows()).isEqualTo(1);
    assertThat(metrics.get("queries_without_relevant")).isEqualTo(Estimate.bare(1, 2));
  }

  /** Where the team has changed the cut-offs, a coarse window has for each the nights it was in. */
  @Test
  void windowsOfOtherCutoffsMerge() {
    QualityState before = empty(1, 2);
    before.add(query(1, 0));
    before.add(query(1, 1));
    QualityState after = empty(2, 4);
    after.add(query(0, 1, 0, 0));
    QualityState merged = empty(2, 4);
    merged.merge(QualityState.read(after.toBytes()));
    merged.merge(QualityState.read(before.toBytes()));
    before.merge(after);
    assertThat(merged.toBytes()).isEqualTo(before.toBytes());
    Map<String, Estimate> metrics = merged.metrics(MetricOptions.DEFAULTS);
    assertThat(metrics.get("precision_at_1").rows()).isEqualTo(2);
    assertThat(metrics.get("precision_at_2").rows()).isEqualTo(3);
    assertThat(metrics.get("precision_at_4").rows()).isEqualTo(1);
    assertThat(metrics.get("mrr").value()).isCloseTo(2.5 / 3, within(1e-15));
  }

  /** Queries of 12 items, each relevant by chance, the first ones more likely. */
  @ParameterizedTest
  @CsvSource({"30, 0.9", "100, 0.5", "100, 0.1", "300, 0.3"})
  void intervalsCover(int queries, double share) {
    SplittableRandom random = new SplittableRandom(queries);
    QualityState large = empty(1, 5);
    draw(large, 100_000, share, random);
    Map<String, Estimate> truth = large.metrics(MetricOptions.DEFAULTS);
    int trials = 1000;
    Map<String, Integer> covered = new TreeMap<>();
    for (int trial = 0; trial < trials; trial++) {
      QualityState state = empty(1, 5);
      draw(state, queries, share, random);
      state
          .metrics(MetricOptions.DEFAULTS)
          .forEach(
              (name, estimate) -> {
                double value = truth.get(name).value();
                boolean holds =
                    estimate.low().orElse(1) <= value && value <= estimate.high().orElse(0);
                covered.merge(name, holds ? 1 : 0, Integer::sum);
              });
    }
    double noise = 3 * Math.sqrt(0.95 * 0.05 / trials);
    for (String name :
        List.of("precision_at_1", "precision_at_5", "recall_at_5", "ndcg_at_5", "mrr")) {
      assertThat((double) covered.get(name) / trials)
          .as(name + " " + queries + " " + share)
          .isBetween(0.94 - noise, 0.97 + noise);
    }
  }

  private static void draw(QualityState state, int queries, double share, SplittableRandom random) {
    for (int q = 0; q < queries; q++) {
      double[] relevances = new double[12];
      for (int i = 0; i < relevances.length; i++) {
        relevances[i] = random.nextDouble() < share / Math.sqrt(i + 1) ? 1 : 0;
      }
      state.add(query(relevances));
    }
  }

  private static QualityState empty(Integer... cutoffs) {
    return QualityState.of(
        Task.RANKING, new StateOptions(1, 0, Double.NaN, List.of(cutoffs), List.of()));
  }

  private static Observation query(double... relevances) {
    Observation query = new Observation();
    query.labelled = true;
    query.relevances = relevances;
    return query;
  }
}
