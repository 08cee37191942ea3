package dev.telltale.jobs.engine;

import dev.telltale.sampling.WholeWeight;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** How many rows each row of a batch stands for. */
final class WeightReader {
  private final int ordinal;
  private final NumberReader reader;
  private long[] weights = new long[0];
  private long unusable;

  WeightReader(String column, StructType schema) {
    this.ordinal = schema.fieldIndex(column);
    this.reader = new NumberReader(schema.apply(ordinal).dataType());
  }

  /**
   * The weights of a batch as whole numbers; a row without a usable one stands for itself.
   *
   * @param hashes of the rows' ids
   * @return reused by the next call
   */
  long[] read(ColumnarBatch batch, long[] hashes) {
    int size = batch.numRows();
    if (weights.length < size) {
      weights = new long[size];
    }
    reader.read(batch.column(ordinal), size);
    for (int row = 0; row < size; row++) {
      double weight = reader.values()[row];
      if (reader.nulls()[row] || !WholeWeight.isWeight(weight)) {
        unusable++;
        weights[row] = 1;
      } else {
        weights[row] = WholeWeight.of(weight, hashes[row]);
      }
    }
    return weights;
  }

  /** Rows so far whose weight is missing, NaN, not positive or too large. */
  long unusable() {
    return unusable;
  }
}
