package dev.telltale.jobs.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Some texts of a row as bytes, so that different texts have different bytes. */
final class KeyText {
  /** Of an id that is the key itself: one byte, which no texts are. */
  static final byte[] KEY = {0};

  private static final int NULL = -1;

  private KeyText() {}

  /** The texts at some places. */
  static byte[] of(InternalRow row, int[] places) {
    UTF8String[] texts = new UTF8String[places.length];
    int size = 0;
    for (int i = 0; i < places.length; i++) {
      texts[i] = row.isNullAt(places[i]) ? null : row.getUTF8String(places[i]);
      size += Integer.BYTES + (texts[i] == null ? 0 : texts[i].numBytes());
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (UTF8String text : texts) {
      if (text == null) {
        bytes.putInt(NULL);
      } else {
        bytes.putInt(text.numBytes());
        text.writeTo(bytes);
      }
    }
    return bytes.array();
  }

  /** The texts again; null is null. */
  static String[] texts(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    java.util.List<String> texts = new java.util.ArrayList<>();
    while (in.hasRemaining()) {
      int length = in.getInt();
      if (length == NULL) {
        texts.add(null);
        continue;
      }
      texts.add(new String(key, in.position(), length, StandardCharsets.UTF_8));
      in.position(in.position() + length);
    }
    return texts.toArray(String[]::new);
  }
}
