package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What users let on of answers: whether they said or did anything, and what.
 *
 * <p>Complaints are only ever about mistakes, and most mistakes go without: their share is a lower
 * bound of the share of mistakes. No metric here is an accuracy.
 */
final class ResponseState implements OutcomeState {
  private final Task task;
  private final double negativeUpTo;
  private final MassSum responded = new MassSum();
  private final MassSum silent = new MassSum();
  private final MassSum negative = new MassSum();
  private final MassSum other = new MassSum();
  private final LossSum value = new LossSum();
  private long unusable;

  ResponseState(Task task, double negativeUpTo) {
    this.task = task;
    this.negativeUpTo = negativeUpTo;
  }

  @Override
  public void add(Observation row) {
    if (!row.labelled) {
      silent.add(row.weight);
      return;
    }
    if (!LossSum.canAdd(row.label, row.weight)) {
      unusable++;
      return;
    }
    responded.add(row.weight);
    value.add(row.label, row.weight);
    (row.label <= negativeUpTo ? negative : other).add(row.weight);
  }

  @Override
  public void merge(OutcomeState state) {
    ResponseState that = (ResponseState) state;
    responded.merge(that.responded);
    silent.merge(that.silent);
    negative.merge(that.negative);
    other.merge(that.other);
    value.merge(that.value);
    unusable += that.unusable;
  }

  @Override
  public Map<String, Estimate> metrics(MetricOptions options) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    Optional<Estimate> share = ConfusionMetrics.proportion(responded.mass(), silent.mass());
    switch (task) {
      case COMPLAINT -> {
        share.ifPresent(one -> metrics.put("complaints_per_thousand", perThousand(one)));
        share.ifPresent(one -> metrics.put("error_rate_lower_bound", one));
      }
      case REACTION -> {
        share.ifPresent(one -> metrics.put("reactions_per_thousand", perThousand(one)));
        Means.mean(value, responded).ifPresent(one -> metrics.put("mean_reaction", one));
      }
      default -> {
        share.ifPresent(one -> metrics.put("response_rate", one));
        Means.mean(value, responded).ifPresent(one -> metrics.put("mean_rating", one));
        if (negative.rows() > 0 || !Double.isNaN(negativeUpTo)) {
          ConfusionMetrics.proportion(negative.mass(), other.mass())
              .ifPresent(one -> metrics.put("negative_share", one));
        }
      }
    }
    return metrics;
  }

  private static Estimate perThousand(Estimate share) {
    return Estimate.of(
        1000 * share.value(),
        1000 * share.stdError().orElseThrow(),
        1000 * share.low().orElseThrow(),
        1000 * share.high().orElseThrow(),
        share.rows());
  }

  @Override
  public List<ConfusionCell> confusionCells() {
    return List.of();
  }

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
    responded.write(out);
    silent.write(out);
    negative.write(out);
    other.write(out);
    value.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    unusable = StateBytes.readCount(in);
    responded.read(in);
    silent.read(in);
    negative.read(in);
    other.read(in);
    value.read(in);
  }
}
