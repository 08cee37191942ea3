package dev.telltale.system;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.Bin;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Latencies as a DDSketch (Masson, Rim and Lee 2019, doi:10.14778/3352063.3352135): every quantile
 * is within 1 % of its value, however long the tail. A sketch of ranks (KLL) errs by a share of the
 * rows instead, which at the 99th percentile is the whole tail. Counts are exact and merging adds
 * them, so that no order changes a bit. Not safe for concurrent use.
 */
final class LatencyCounts {
  /** Quantiles are within this share of their value. */
  static final double RELATIVE_ERROR = 0.01;

  private static final LogarithmicMapping MAPPING = new LogarithmicMapping(RELATIVE_ERROR);

  /** The shortest that is told from none, in milliseconds: a nanosecond. */
  private static final double SHORTEST = 1e-6;

  /** The greatest of all doubles have no bin. */
  private static final double LONGEST = MAPPING.maxIndexableValue();

  private static final int OFFSET = MAPPING.index(SHORTEST);

  private final DDSketch sketch =
      new DDSketch(MAPPING, UnboundedSizeDenseStore::new, UnboundedSizeDenseStore::new, SHORTEST);

  /** Adds a latency in milliseconds, at least 0 and finite. */
  void add(double latency, long weight) {
    sketch.accept(Math.min(latency, LONGEST), (double) weight);
  }

  void merge(LatencyCounts other) {
    sketch.mergeWith(other.sketch);
  }

  long total() {
    return Math.round(sketch.getCount());
  }

  /** The value at a rank, 1 to {@link #total()}; beyond that range the nearest. */
  double atRank(double rank) {
    long sum = zeros();
    double value = 0;
    if (sum > 0 && sum >= rank) {
      return value;
    }
    for (Iterator<Bin> bins = bins(); bins.hasNext(); ) {
      Bin bin = bins.next();
      sum += Math.round(bin.getCount());
      value = MAPPING.value(bin.getIndex());
      if (sum >= rank) {
        return value;
      }
    }
    return value;
  }

  /** How many are above a value for sure: those in bins beyond that of the value. */
  long above(double value) {
    int last = value < SHORTEST ? OFFSET - 1 : MAPPING.index(Math.min(value, LONGEST));
    long above = 0;
    for (Iterator<Bin> bins = bins(); bins.hasNext(); ) {
      Bin bin = bins.next();
      above += bin.getIndex() > last ? Math.round(bin.getCount()) : 0;
    }
    return above;
  }

  private Iterator<Bin> bins() {
    return sketch.getPositiveValueStore().getAscendingIterator();
  }

  private long zeros() {
    return Math.round(sketch.getCount() - sketch.getPositiveValueStore().getTotalCount());
  }

  void write(DataOutput out) throws IOException {
    List<Bin> bins = new ArrayList<>();
    bins().forEachRemaining(bins::add);
    StateBytes.writeCount(out, zeros());
    StateBytes.writeCount(out, bins.size());
    int last = OFFSET;
    for (Bin bin : bins) {
      StateBytes.writeCount(out, bin.getIndex() - last);
      StateBytes.writeCount(out, Math.round(bin.getCount()));
      last = bin.getIndex();
    }
  }

  void read(DataInputStream in) throws IOException {
    long zeros = StateBytes.readCount(in);
    if (zeros > 0) {
      add(0, zeros);
    }
    int size = StateBytes.readSize(in, 2);
    int index = OFFSET;
    for (int i = 0; i < size; i++) {
      index += Math.toIntExact(StateBytes.readCount(in));
      add(MAPPING.value(index), StateBytes.readCount(in));
    }
  }
}
