package dev.telltale.profile;

import dev.telltale.bytes.StateBytes;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.datasketches.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;

/**
 * State of a categorical column: exact counts of the baseline's categories, the exact number of
 * rows with any other, and those others by name: exactly up to {@link #EXACT_UNSEEN} of them,
 * beyond that the frequent ones with an error bound and their number by HyperLogLog.
 *
 * <p>Memory is bounded whatever the column holds. Not safe for concurrent use.
 */
public final class CategoryState implements ColumnState {
  /** Categories that the baseline does not have and that are still counted exactly. */
  public static final int EXACT_UNSEEN = 1000;

  /** Longer texts are cut and told apart by their hash. */
  private static final int MAX_LABEL_CHARS = 128;

  private static final int FREQUENT_MAP_SIZE = 1024;

  /** Relative standard error 1.6 %. */
  private static final int DISTINCT_LG_K = 12;

  private final Anchors anchors;
  private final int exactLimit;
  private long repeats;
  private long nulls;
  private final long[] known;
  private long unseen;
  private Map<String, Count> others = new HashMap<>();
  private ItemsSketch<String> frequent;
  private HllSketch distinct;
  private int minLength = Integer.MAX_VALUE;
  private int maxLength = -1;

  CategoryState(Anchors anchors) {
    this.anchors = anchors;
    this.exactLimit = anchors.learning() ? anchors.learnLimit() : EXACT_UNSEEN;
    this.known = new long[anchors.labels().size()];
  }

  /** Adds rows with the baseline's category of this code, see {@link Anchors#code}. */
  public void addKnown(int code, long count) {
    known[code] += count;
  }

  /** Adds rows with this category, known or not. */
  public void add(String label, long count) {
    String kept = bounded(label);
    int code = anchors.code(kept);
    if (code >= 0) {
      known[code] += count;
    } else {
      addUnseen(kept, count, label.codePointCount(0, label.length()));
    }
  }

  /**
   * The form in which a text is kept: itself, or for a long one its beginning and a 64-bit hash of
   * the whole.
   */
  public static String bounded(String label) {
    if (label.length() <= MAX_LABEL_CHARS) {
      return label;
    }
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < label.length(); i++) {
      hash = (hash ^ label.charAt(i)) * 0x100000001b3L;
    }
    int end = MAX_LABEL_CHARS / 2;
    if (Character.isHighSurrogate(label.charAt(end - 1))) {
      end--;
    }
    return label.substring(0, end) + "…#" + Long.toHexString(hash);
  }

  private void addUnseen(String label, long count, int length) {
    unseen += count;
    minLength = Math.min(minLength, length);
    maxLength = Math.max(maxLength, length);
    if (others != null) {
      others.computeIfAbsent(label, absent -> new Count()).value += count;
      if (others.size() > exactLimit) {
        startSketches();
      }
    } else {
      frequent.update(label, count);
      distinct.update(label);
    }
  }

  private void startSketches() {
    Map<String, Count> exact = new TreeMap<>(others);
    others = null;
    frequent = new ItemsSketch<>(FREQUENT_MAP_SIZE);
    distinct = new HllSketch(DISTINCT_LG_K);
    exact.forEach(
        (label, count) -> {
          frequent.update(label, count.value);
          distinct.update(label);
        });
  }

  /** Gives a category that the anchors do not have another name; see {@link StateFormat}. */
  void rename(String from, String to) {
    String old = bounded(from);
    if (others == null) {
      frequent =
          ItemsSketch.getInstance(
              Memory.wrap(frequent.toByteArray(new ArrayOfStringsSerDe())),
              new ArrayOfStringsSerDe() {
                @Override
                public String[] deserializeFromMemory(Memory memory, int items) {
                  String[] names = super.deserializeFromMemory(memory, items);
                  for (int i = 0; i < names.length; i++) {
                    names[i] = names[i].equals(old) ? to : names[i];
                  }
                  return names;
                }
              });
      return;
    }
    Count count = others.remove(old);
    if (count != null) {
      others.computeIfAbsent(to, absent -> new Count()).value += count.value;
    }
  }

  @Override
  public void addNulls(long count) {
    nulls += count;
  }

  @Override
  public void merge(ColumnState other) {
    if (!(other instanceof CategoryState that) || !that.anchors.equals(anchors)) {
      throw new IllegalArgumentException("States of different columns or baselines do not merge");
    }
    repeats += that.repeats;
    nulls += that.nulls;
    unseen += that.unseen;
    for (int code = 0; code < known.length; code++) {
      known[code] += that.known[code];
    }
    minLength = Math.min(minLength, that.minLength);
    maxLength = Math.max(maxLength, that.maxLength);
    if (that.others == null && others != null) {
      startSketches();
    }
    if (that.others == null) {
      frequent.merge(that.frequent);
      Union union = new Union(DISTINCT_LG_K);
      union.update(distinct);
      union.update(that.distinct);
      distinct = union.getResult();
    } else {
      for (Map.Entry<String, Count> entry : new TreeMap<>(that.others).entrySet()) {
        if (others != null) {
          others.computeIfAbsent(entry.getKey(), absent -> new Count()).value +=
              entry.getValue().value;
          if (others.size() > exactLimit) {
            startSketches();
          }
        } else {
          frequent.update(entry.getKey(), entry.getValue().value);
          distinct.update(entry.getKey());
        }
      }
    }
  }

  @Override
  public long repeats() {
    return repeats;
  }

  @Override
  public void addRepeats(long more) {
    repeats += more;
  }

  @Override
  public CategoryState empty() {
    return new CategoryState(anchors);
  }

  @Override
  public long rows() {
    return nulls + values();
  }

  @Override
  public long nulls() {
    return nulls;
  }

  /** Rows that are not null. */
  public long values() {
    long sum = unseen;
    for (long count : known) {
      sum += count;
    }
    return sum;
  }

  /** Rows per category of the baseline, in the order of the anchors' labels. A copy. */
  public long[] known() {
    return known.clone();
  }

  /** Rows with a category that the anchors do not have. */
  public long unseen() {
    return unseen;
  }

  /**
   * Rows per category that the anchors do not have, in no order: all of them where {@link
   * #exact()}, otherwise the frequent ones within {@link #frequentItemsError()}.
   */
  public Map<String, Long> unseenItems() {
    Map<String, Long> items = new HashMap<>();
    if (others != null) {
      others.forEach((label, count) -> items.put(label, count.value));
    } else {
      for (ItemsSketch.Row<String> row : frequent.getFrequentItems(ErrorType.NO_FALSE_POSITIVES)) {
        items.put(row.getItem(), row.getEstimate());
      }
    }
    return items;
  }

  /** Whether {@link #distinct()} and {@link #frequentItems} are exact. */
  public boolean exact() {
    return others != null;
  }

  /** Number of different categories; beyond the exact cap an estimate, standard error 1.6 %. */
  public double distinct() {
    int present = 0;
    for (long count : known) {
      present += count > 0 ? 1 : 0;
    }
    return present + (others != null ? others.size() : distinct.getEstimate());
  }

  /**
   * The most frequent categories with their counts, most frequent first, ties by name.
   *
   * @param limit how many
   */
  public Map<String, Long> frequentItems(int limit) {
    List<Map.Entry<String, Long>> entries = new ArrayList<>();
    for (int code = 0; code < known.length; code++) {
      if (known[code] > 0) {
        entries.add(Map.entry(anchors.labels().get(code), known[code]));
      }
    }
    entries.addAll(unseenItems().entrySet());
    entries.sort(
        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    Map<String, Long> result = new LinkedHashMap<>();
    entries.stream().limit(limit).forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }

  /**
   * The labels to keep counts on: all when they are few enough, otherwise the {@link
   * Anchors#MAX_CATEGORIES} most frequent.
   */
  @Override
  public Anchors learned() {
    int limit = exact() ? Integer.MAX_VALUE : Anchors.MAX_CATEGORIES;
    return Anchors.ofLabels(List.copyOf(frequentItems(limit).keySet()), !exact());
  }

  @Override
  public boolean learnedAll() {
    return exact();
  }

  @Override
  public List<String> examples(int limit) {
    return List.copyOf(frequentItems(limit).keySet());
  }

  /** A count of {@link #frequentItems} is off by at most this; 0 = exact. */
  public long frequentItemsError() {
    return others != null ? 0 : frequent.getMaximumError();
  }

  /** Fewest characters of a text; -1 without a value. */
  public int minLength() {
    int length = minLength;
    for (int code = 0; code < known.length; code++) {
      if (known[code] > 0) {
        length = Math.min(length, characters(code));
      }
    }
    return values() == 0 ? -1 : length;
  }

  /** Most characters of a text; -1 without a value. */
  public int maxLength() {
    int length = maxLength;
    for (int code = 0; code < known.length; code++) {
      if (known[code] > 0) {
        length = Math.max(length, characters(code));
      }
    }
    return length;
  }

  private int characters(int code) {
    String label = anchors.labels().get(code);
    return label.codePointCount(0, label.length());
  }

  /** The anchors. */
  public Anchors anchors() {
    return anchors;
  }

  @Override
  public byte[] toBytes() {
    return StateFormat.encode(
        StateFormat.CATEGORY,
        repeats,
        out -> {
          StateBytes.writeCount(out, nulls);
          StateBytes.writeCounts(out, known);
          StateBytes.writeCount(out, unseen);
          if (unseen > 0) {
            StateBytes.writeCount(out, minLength);
            StateBytes.writeCount(out, maxLength);
            out.writeBoolean(others != null);
            if (others != null) {
              StateBytes.writeCount(out, others.size());
              for (Map.Entry<String, Count> entry : new TreeMap<>(others).entrySet()) {
                StateBytes.writeText(out, entry.getKey());
                StateBytes.writeCount(out, entry.getValue().value);
              }
            } else {
              byte[] items = frequent.toByteArray(new ArrayOfStringsSerDe());
              StateBytes.writeCount(out, items.length);
              out.write(items);
              byte[] hll = distinct.toCompactByteArray();
              StateBytes.writeCount(out, hll.length);
              out.write(hll);
            }
          }
        });
  }

  static CategoryState read(DataInputStream in, Anchors anchors) throws IOException {
    CategoryState state = new CategoryState(anchors);
    state.nulls = StateBytes.readCount(in);
    long[] known = StateBytes.readCounts(in, state.known.length);
    if (known.length != state.known.length) {
      throw new IOException("It has no bins, and its anchors " + state.known.length);
    }
    System.arraycopy(known, 0, state.known, 0, known.length);
    state.unseen = StateBytes.readCount(in);
    if (state.unseen > 0) {
      state.minLength = (int) StateBytes.readCount(in);
      state.maxLength = (int) StateBytes.readCount(in);
      if (in.readBoolean()) {
        int size = StateBytes.readSize(in, 2);
        for (int i = 0; i < size; i++) {
          String label = StateBytes.readText(in);
          Count count = new Count();
          count.value = StateBytes.readCount(in);
          state.others.put(label, count);
        }
      } else {
        state.others = null;
        state.frequent =
            ItemsSketch.getInstance(Memory.wrap(readItems(in)), new ArrayOfStringsSerDe());
        state.distinct = HllSketch.heapify(Memory.wrap(readHll(in)));
      }
    }
    return state;
  }

  /** The sketch's own reader takes every size in its bytes, and memory for it, at its word. */
  private static byte[] readItems(DataInputStream in) throws IOException {
    byte[] items = readBytes(in);
    ByteBuffer header = ByteBuffer.wrap(items).order(ByteOrder.LITTLE_ENDIAN);
    boolean fits = items.length >= 12 && 1 << items[3] == FREQUENT_MAP_SIZE && items[4] >= 0;
    int active = fits ? header.getInt(8) : -1;
    if (!fits || items[4] > items[3] || active < 0 || active > items.length / Long.BYTES) {
      throw new IOException("Its frequent items are none");
    }
    // Whole numbers of eight bytes before the counts, which are as many, then length and text each.
    int at = ((items[0] & 0x3F) + active) * Long.BYTES;
    for (int item = 0; item < active; item++) {
      int length = at >= 0 && at <= items.length - Integer.BYTES ? header.getInt(at) : -1;
      if (length < 0 || length > items.length - at - Integer.BYTES) {
        throw new IOException("Its frequent items are none");
      }
      at += Integer.BYTES + length;
    }
    return items;
  }

  /** See {@link #readItems}. */
  private static byte[] readHll(DataInputStream in) throws IOException {
    byte[] hll = readBytes(in);
    if (hll.length < 8 || hll[3] != DISTINCT_LG_K || hll[4] < 0 || hll[4] > DISTINCT_LG_K) {
      throw new IOException("Its number of different categories is none");
    }
    return hll;
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[StateBytes.readSize(in, 1)];
    in.readFully(bytes);
    return bytes;
  }

  private static final class Count {
    long value;
  }
}
