package dev.telltale.profile;

import dev.telltale.bytes.StateBytes;
import dev.telltale.error.TelltaleException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The stored form of states and anchors, see {@link StateBytes}. */
public final class StateFormat {
  static final byte NUMERIC = 'N';
  static final byte CATEGORY = 'C';
  static final byte ANCHORS = 'A';
  static final byte LEARNING = 'L';

  /** Comes before the state where its rows stand for several; of most states they do not. */
  private static final byte WEIGHTED = 'W';

  private StateFormat() {}

  /**
   * Reads a state that was stored over these anchors.
   *
   * @throws TelltaleException if the bytes are no state over them
   */
  public static ColumnState read(byte[] bytes, Anchors anchors) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind != WEIGHTED) {
            return read(kind, in, anchors);
          }
          long repeats = StateBytes.readCount(in);
          ColumnState state = read(in.readByte(), in, anchors);
          state.addRepeats(repeats);
          return state;
        });
  }

  private static ColumnState read(byte kind, DataInputStream in, Anchors anchors)
      throws IOException {
    return switch (kind) {
      case NUMERIC -> NumericState.read(in, anchors);
      case CATEGORY -> CategoryState.read(in, anchors);
      default -> throw new IOException("Unknown kind of state " + kind);
    };
  }

  /**
   * The stored form of a state of this kind, with {@link ColumnState#repeats()} where there are.
   */
  static byte[] encode(byte kind, long repeats, StateBytes.Body body) {
    if (repeats == 0) {
      return StateBytes.encode(kind, body);
    }
    return StateBytes.encode(
        WEIGHTED,
        out -> {
          StateBytes.writeCount(out, repeats);
          out.writeByte(kind);
          body.write(out);
        });
  }

  /**
   * The stored form of a categorical column's state in which a category has another name. Counts
   * stay as they are; a category that already has that name gets those of both.
   *
   * @param anchors over which it was stored; what they name is renamed in them
   * @throws TelltaleException if the bytes are no state of categories over them
   */
  public static byte[] renamed(byte[] bytes, Anchors anchors, String from, String to) {
    if (!(read(bytes, anchors) instanceof CategoryState state)) {
      throw new IllegalArgumentException("Only categories have names");
    }
    state.rename(from, to);
    return state.toBytes();
  }

  /** The stored form of anchors. */
  public static byte[] write(Anchors anchors) {
    if (anchors.learning()) {
      return StateBytes.encode(LEARNING, out -> StateBytes.writeCount(out, anchors.learnLimit()));
    }
    return StateBytes.encode(
        ANCHORS,
        out -> {
          double[] cuts = anchors.cuts();
          StateBytes.writeCount(out, cuts.length);
          for (double cut : cuts) {
            out.writeDouble(cut);
          }
          StateBytes.writeCount(out, anchors.labels().size());
          for (String label : anchors.labels()) {
            StateBytes.writeText(out, label);
          }
          out.writeBoolean(anchors.truncated());
        });
  }

  /**
   * Reads anchors.
   *
   * @throws TelltaleException if the bytes are no anchors
   */
  public static Anchors readAnchors(byte[] bytes) {
    return StateBytes.decode(
        bytes,
        (kind, in) -> {
          if (kind == LEARNING) {
            return Anchors.learn((int) StateBytes.readCount(in));
          }
          if (kind != ANCHORS) {
            throw new IOException("These are no anchors: " + kind);
          }
          double[] cuts = new double[StateBytes.readSize(in, Double.BYTES)];
          for (int i = 0; i < cuts.length; i++) {
            cuts[i] = in.readDouble();
          }
          int size = StateBytes.readSize(in, 1);
          List<String> labels = new ArrayList<>(size);
          for (int i = 0; i < size; i++) {
            labels.add(StateBytes.readText(in));
          }
          boolean truncated = in.readBoolean();
          return cuts.length > 0 ? Anchors.ofCuts(cuts) : Anchors.ofLabels(labels, truncated);
        });
  }
}
