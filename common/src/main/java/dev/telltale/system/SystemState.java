package dev.telltale.system;

import dev.telltale.bytes.StateBytes;
import dev.telltale.quality.KpiState;
import java.io.DataInput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the telemetry of a window says of the service: rows by minute, errors, latencies and costs.
 * Rows count as often as their whole weight says; merging gives the same in any order. Not safe for
 * concurrent use.
 */
public final class SystemState {
  private static final byte KIND = 'Y';

  /** Rows, rows without error, by minute of the window. */
  private final TreeMap<Integer, long[]> minutes = new TreeMap<>();

  private final LatencyCounts latencies = new LatencyCounts();
  private final KpiState costs = new KpiState();
  private long sampled;
  private long rows;
  private long squaredWeights;
  private long judged;
  private long errors;
  private long unusableLatencies;
  private long trainedAt;

  /**
   * Adds a row.
   *
   * @param minute minute of the window
   * @param error null where nobody can say
   * @param latency in milliseconds; null where there is none
   * @param price null where there is none
   * @param trained when the model was trained, in seconds since 1970; 0 = not known
   */
  public void add(
      int minute, long weight, Boolean error, Double latency, Double price, long trained) {
    sampled++;
    rows += weight;
    squaredWeights += weight * weight;
    long[] counts = minutes.computeIfAbsent(minute, absent -> new long[2]);
    counts[0] += weight;
    if (error != null) {
      judged += weight;
      errors += error ? weight : 0;
      counts[1] += error ? 0 : weight;
    }
    if (latency != null) {
      if (latency >= 0 && !latency.isInfinite()) {
        latencies.add(latency, weight);
      } else {
        unusableLatencies += weight;
      }
    }
    if (price != null && Double.isFinite(price)) {
      costs.add(price, (double) weight);
    }
    trainedAt = Math.max(trainedAt, trained);
  }

  /**
   * Adds another state.
   *
   * @param later how many minutes later than this window the other begins; 0 = it is the same
   */
  public void merge(SystemState other, int later) {
    other.minutes.forEach(
        (minute, counts) -> {
          long[] mine = minutes.computeIfAbsent(minute + later, absent -> new long[2]);
          mine[0] += counts[0];
          mine[1] += counts[1];
        });
    latencies.merge(other.latencies);
    costs.merge(other.costs);
    sampled += other.sampled;
    rows += other.rows;
    squaredWeights += other.squaredWeights;
    judged += other.judged;
    errors += other.errors;
    unusableLatencies += other.unusableLatencies;
    trainedAt = Math.max(trainedAt, other.trainedAt);
  }

  /** Rows that the rows read stand for. */
  public long rows() {
    return rows;
  }

  /** Rows that were read. */
  public long rowsRead() {
    return sampled;
  }

  /** Rows that errors are told of. */
  long judged() {
    return judged;
  }

  /** Rows with an error. */
  long errors() {
    return errors;
  }

  /** Latencies that are negative, NaN or infinite. */
  long unusableLatencies() {
    return unusableLatencies;
  }

  LatencyCounts latencies() {
    return latencies;
  }

  /** What rows cost, each as often as its weight says. */
  KpiState costs() {
    return costs;
  }

  /** When the newest of the models was trained, in seconds since 1970; 0 = not known. */
  public long trainedAt() {
    return trainedAt;
  }

  /** Rows of the busiest minute. */
  long peak() {
    return minutes.values().stream().mapToLong(counts -> counts[0]).max().orElse(0);
  }

  /** Minutes in which somebody asked. */
  long minutesAsked() {
    return minutes.size();
  }

  /** Of them, minutes in which somebody was answered without error. */
  long minutesAnswered() {
    return minutes.values().stream().filter(counts -> counts[1] > 0).count();
  }

  /** The longest stretch of minutes without a row. */
  long silence(long length) {
    long longest = 0;
    long next = 0;
    for (int minute : minutes.keySet()) {
      longest = Math.max(longest, minute - next);
      next = minute + 1L;
    }
    return Math.max(longest, length - next);
  }

  /** How many independent rows all rows are worth. */
  long independentRows() {
    return worth(rows);
  }

  /** How many independent rows a number of weighted ones is worth: Kish 1965, (sum w)² / sum w². */
  long worth(long part) {
    return squaredWeights == rows || rows == 0
        ? part
        : Math.round((double) part * rows / squaredWeights);
  }

  /** The state as bytes; equal states have equal bytes. */
  public byte[] toBytes() {
    return StateBytes.encode(
        KIND,
        out -> {
          for (long count :
              new long[] {
                sampled, rows, squaredWeights, judged, errors, unusableLatencies, trainedAt
              }) {
            StateBytes.writeCount(out, count);
          }
          byte[] ofCosts = costs.toBytes();
          StateBytes.writeCount(out, ofCosts.length);
          out.write(ofCosts);
          latencies.write(out);
          StateBytes.writeCount(out, minutes.size());
          int last = 0;
          for (Map.Entry<Integer, long[]> minute : minutes.entrySet()) {
            StateBytes.writeCount(out, minute.getKey() - last);
            StateBytes.writeCount(out, minute.getValue()[0]);
            StateBytes.writeCount(out, minute.getValue()[1]);
            last = minute.getKey();
          }
        });
  }

  /**
   * The state of some bytes.
   *
   * @throws dev.telltale.error.TelltaleException if the bytes are none
   */
  public static SystemState read(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != KIND) {
            throw new IOException("This is no state of a service: " + kind);
          }
          SystemState state = new SystemState();
          state.counts(in);
          byte[] ofCosts = new byte[StateBytes.readSize(in, 1)];
          in.readFully(ofCosts);
          state.costs.merge(KpiState.read(ofCosts));
          state.latencies.read(in);
          int size = StateBytes.readSize(in, 3);
          int minute = 0;
          for (int i = 0; i < size; i++) {
            minute += (int) StateBytes.readCount(in);
            state.minutes.put(
                minute, new long[] {StateBytes.readCount(in), StateBytes.readCount(in)});
          }
          return state;
        });
  }

  private void counts(DataInput in) throws IOException {
    sampled = StateBytes.readCount(in);
    rows = StateBytes.readCount(in);
    squaredWeights = StateBytes.readCount(in);
    judged = StateBytes.readCount(in);
    errors = StateBytes.readCount(in);
    unusableLatencies = StateBytes.readCount(in);
    trainedAt = StateBytes.readCount(in);
  }
}
