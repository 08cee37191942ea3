package dev.telltale.profile;

import dev.telltale.bytes.StateBytes;

/** A state as stored after so many values fell on its anchors: millions of rows at no cost. */
public final class StateOfCounts {
  private StateOfCounts() {}

  /**
   * A state of these counts, its extremes those of the anchors.
   *
   * @param counts as {@link NumericState#counts()}, not all zero
   */
  public static NumericState numeric(Anchors anchors, long nulls, long[] counts) {
    long finite = 0;
    for (long count : counts) {
      finite += count;
    }
    long values = finite;
    byte[] bytes =
        StateBytes.encode(
            StateFormat.NUMERIC,
            out -> {
              StateBytes.writeCount(out, nulls);
              StateBytes.writeCount(out, 0);
              StateBytes.writeCount(out, 0);
              StateBytes.writeCount(out, 0);
              StateBytes.writeCount(out, values);
              StateBytes.writeCount(out, 0);
              out.writeDouble(anchors.lowest());
              out.writeDouble(anchors.highest());
              for (int moment = 0; moment < 5; moment++) {
                out.writeDouble(1);
              }
              out.writeDouble(0);
              out.writeDouble(0);
              StateBytes.writeCounts(out, counts);
              QuantileSketch.standard().write(out);
            });
    return (NumericState) StateFormat.read(bytes, anchors);
  }
}
