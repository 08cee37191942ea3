package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Queries that were answered with items in an order. A row is a query, and every metric is a mean
 * over queries, so that a long answer weighs no more than a short one.
 *
 * <p>A query counts as labelled where the items of its first places have a label, as many as the
 * largest cut-off; who makes the rows sees to that. Queries without any relevant item are in the
 * precision alone, and are counted.
 */
final class RankingState implements OutcomeState {
  /** By the number of first places that are looked at. */
  private final TreeMap<Integer, AtCutoff> cutoffs = new TreeMap<>();

  /** Queries with a relevant item. */
  private final MassSum answerable = new MassSum();

  private final LossSum reciprocalRank = new LossSum();
  private long withoutRelevant;
  private long unusable;

  RankingState(Collection<Integer> cutoffs) {
    cutoffs.forEach(k -> this.cutoffs.put(k, new AtCutoff()));
  }

  /** The first k places of the answers. */
  private static final class AtCutoff {
    private final MassSum queries = new MassSum();
    private final LossSum precision = new LossSum();
    private final MassSum answerable = new MassSum();
    private final LossSum recall = new LossSum();
    private final LossSum ndcg = new LossSum();

    void merge(AtCutoff other) {
      queries.merge(other.queries);
      precision.merge(other.precision);
      answerable.merge(other.answerable);
      recall.merge(other.recall);
      ndcg.merge(other.ndcg);
    }
  }

  @Override
  public void add(Observation row) {
    if (!isUsable(row.relevances)) {
      unusable++;
      return;
    }
    if (!row.labelled) {
      return;
    }
    RankedQuery query = new RankedQuery(row.relevances);
    cutoffs.forEach(
        (k, at) -> {
          at.queries.add(row.weight);
          at.precision.add(query.precision(k), row.weight);
          if (query.hasRelevant()) {
            at.answerable.add(row.weight);
            at.recall.add(query.recall(k), row.weight);
            at.ndcg.add(query.ndcg(k), row.weight);
          }
        });
    if (query.hasRelevant()) {
      answerable.add(row.weight);
      reciprocalRank.add(query.reciprocalRank(), row.weight);
    } else {
      withoutRelevant++;
    }
  }

  private static boolean isUsable(double[] relevances) {
    if (relevances == null) {
      return false;
    }
    for (double relevance : relevances) {
      if (relevance < 0 || relevance == Double.POSITIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }

  /** Of windows between which the cut-offs were changed, each metric has the queries it was in. */
  @Override
  public void merge(OutcomeState state) {
    RankingState other = (RankingState) state;
    other.cutoffs.forEach(
        (k, at) -> cutoffs.computeIfAbsent(k, absent -> new AtCutoff()).merge(at));
    answerable.merge(other.answerable);
    reciprocalRank.merge(other.reciprocalRank);
    withoutRelevant += other.withoutRelevant;
    unusable += other.unusable;
  }

  @Override
  public Map<String, Estimate> metrics(MetricOptions options) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    cutoffs.forEach(
        (k, at) -> {
          Means.ofShares(at.precision, at.queries)
              .ifPresent(one -> metrics.put("precision_at_" + k, one));
          Means.ofShares(at.recall, at.answerable)
              .ifPresent(one -> metrics.put("recall_at_" + k, one));
          Means.ofShares(at.ndcg, at.answerable).ifPresent(one -> metrics.put("ndcg_at_" + k, one));
        });
    Means.ofShares(reciprocalRank, answerable).ifPresent(one -> metrics.put("mrr", one));
    if (withoutRelevant > 0) {
      metrics.put(
          "queries_without_relevant",
          Estimate.bare((double) withoutRelevant, withoutRelevant + answerable.rows()));
    }
    return metrics;
  }

  @Override
  public List<ConfusionCell> confusionCells() {
    return List.of();
  }

  /** Queries whose items have no order, or one of whose relevances cannot be. */
  @Override
  public long unusable() {
    return unusable;
  }

  @Override
  public long unusableScores() {
    return 0;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    StateBytes.writeCount(out, unusable);
    StateBytes.writeCount(out, withoutRelevant);
    answerable.write(out);
    reciprocalRank.write(out);
    StateBytes.writeCount(out, cutoffs.size());
    for (Map.Entry<Integer, AtCutoff> entry : cutoffs.entrySet()) {
      AtCutoff at = entry.getValue();
      StateBytes.writeCount(out, entry.getKey());
      at.queries.write(out);
      at.precision.write(out);
      at.answerable.write(out);
      at.recall.write(out);
      at.ndcg.write(out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    unusable = StateBytes.readCount(in);
    withoutRelevant = StateBytes.readCount(in);
    answerable.read(in);
    reciprocalRank.read(in);
    int size = StateBytes.readSize(in, 2);
    for (int i = 0; i < size; i++) {
      int k = (int) StateBytes.readCount(in);
      AtCutoff at = cutoffs.computeIfAbsent(k, absent -> new AtCutoff());
      at.queries.read(in);
      at.precision.read(in);
      at.answerable.read(in);
      at.recall.read(in);
      at.ndcg.read(in);
    }
  }
}
