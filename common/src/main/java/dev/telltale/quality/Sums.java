package dev.telltale.quality;

import dev.telltale.bytes.StateBytes;
import dev.telltale.stats.ExactSum;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;

/** How sums are stored. */
final class Sums {
  private Sums() {}

  static void write(DataOutput out, ExactSum sum) throws IOException {
    long[] digits = sum.digits();
    StateBytes.writeCount(out, digits.length);
    if (digits.length > 0) {
      StateBytes.writeCount(out, sum.first());
      for (int i = 0; i < digits.length - 1; i++) {
        out.writeInt((int) digits[i]);
      }
      out.writeLong(digits[digits.length - 1]);
    }
  }

  /** Adds a stored sum. */
  static void read(DataInputStream in, ExactSum sum) throws IOException {
    int size = StateBytes.readSize(in, Integer.BYTES);
    if (size > 0) {
      int first = (int) StateBytes.readCount(in);
      long[] digits = new long[size];
      for (int i = 0; i < size - 1; i++) {
        digits[i] = Integer.toUnsignedLong(in.readInt());
      }
      digits[size - 1] = in.readLong();
      sum.add(new ExactSum(first, digits));
    }
  }
}
