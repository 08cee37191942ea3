package dev.telltale.bytes;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.telltale.error.Errors;
import dev.telltale.error.TelltaleException;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How every stored state is laid out: a version byte, a kind byte, then the fields, big-endian;
 * counts as variable-length integers, runs of empty bins as their length. A change of the layout is
 * a new version, and golden bytes in the tests hold the old one readable.
 *
 * <p>Bytes that are no such form are a {@link TelltaleException}, whatever is wrong with them.
 * There is no checksum: a number that changed within its field is read as it is.
 */
public final class StateBytes {
  /** Version written. */
  public static final int VERSION = 1;

  private StateBytes() {}

  /** The stored form of a state. */
  public static byte[] encode(byte kind, Body body) {
    try {
      // A state is written a byte at a time: java.io would take a lock for each.
      ByteArrayBuilder bytes = new ByteArrayBuilder();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.writeByte(kind);
      body.write(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a stored state.
   *
   * @throws TelltaleException if the bytes are none
   */
  public static <T> T decode(byte[] bytes, Reader<T> reader) {
    try (DataInputStream in =
        new DataInputStream(new ByteBufferBackedInputStream(ByteBuffer.wrap(bytes)))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("It is of version " + version + "; this code reads " + VERSION);
      }
      T read = reader.read(in.readByte(), in);
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes follow its end");
      }
      return read;
    } catch (EOFException e) {
      throw Errors.unreadableState("It ends after " + bytes.length + " bytes, too early", e);
    } catch (IOException e) {
      throw Errors.unreadableState(e.getMessage(), e);
    } catch (RuntimeException e) {
      // What the sketches, the anchors and the moments say of contents that cannot be.
      throw Errors.unreadableState("Its contents cannot be: " + e.getMessage(), e);
    }
  }

  /** Writes a non-negative number in groups of seven bits. */
  public static void writeCount(DataOutput out, long count) throws IOException {
    long rest = count;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  /** Reads a number that {@link #writeCount} wrote. */
  public static long readCount(DataInput in) throws IOException {
    long count = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int group = in.readUnsignedByte();
      count |= (long) (group & 0x7F) << shift;
      if (group < 0x80) {
        if (count < 0) {
          throw new IOException("A count in it is negative");
        }
        return count;
      }
    }
    throw new IOException("A count in it does not end");
  }

  /** Reads how many items follow, each of at least so many bytes: never more than there are. */
  public static int readSize(DataInputStream in, int bytes) throws IOException {
    long size = readCount(in);
    if (size > in.available() / bytes) {
      throw new EOFException();
    }
    return (int) size;
  }

  /** Writes counts of which most may be zero: a zero is followed by the length of its run. */
  public static void writeCounts(DataOutput out, long[] counts) throws IOException {
    writeCount(out, counts.length);
    int next = 0;
    while (next < counts.length) {
      writeCount(out, counts[next]);
      if (counts[next++] == 0) {
        int run = next;
        while (run < counts.length && counts[run] == 0) {
          run++;
        }
        writeCount(out, run - next);
        next = run;
      }
    }
  }

  /** Reads counts, none or so many of them. */
  public static long[] readCounts(DataInput in, int expected) throws IOException {
    long length = readCount(in);
    if (length != 0 && length != expected) {
      throw new IOException("It has " + length + " bins, and its anchors " + expected);
    }
    long[] counts = new long[(int) length];
    int next = 0;
    while (next < counts.length) {
      counts[next] = readCount(in);
      long run = counts[next++] == 0 ? readCount(in) : 0;
      if (run > counts.length - next) {
        throw new IOException("A run of empty bins in it is longer than its bins");
      }
      next += (int) run;
    }
    return counts;
  }

  /** Writes a text: its length in bytes, then UTF-8. */
  public static void writeText(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeCount(out, bytes.length);
    out.write(bytes);
  }

  /** Reads a text that {@link #writeText} wrote. */
  public static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[readSize(in, 1)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The fields of a state. */
  public interface Body {
    /** Writes them. */
    void write(DataOutput out) throws IOException;
  }

  /** How a state is read. */
  public interface Reader<T> {
    /** Reads the fields of a state of this kind. */
    T read(byte kind, DataInputStream in) throws IOException;
  }
}
