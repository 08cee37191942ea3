package dev.telltale.jobs.engine;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Divides the rows of a task's batches as a {@link GroupPlan} says.
 *
 * <p>Every row belongs to one cell (window and version) and in it to one value of each slice. With
 * slices, the groups of the whole are merged from the first slice at the end, since its values
 * cover all rows: the whole costs no pass of its own.
 *
 * @param <G> what is kept of a group
 */
final class RowGroups<G> {
  /** Index of a row that is in no window. */
  static final int OUTSIDE = -1;

  private static final long MICROS_PER_HOUR = 3_600_000_000L;

  private final GroupPlan plan;
  private final Supplier<G> create;
  private final BiConsumer<G, G> merge;
  private final int eventTimeOrdinal;
  private final int uploadTimeOrdinal;
  private final int versionOrdinal;
  private final CategoryReader versionReader;
  private final List<int[]> sliceOrdinals = new ArrayList<>();
  private final List<SliceReader> slices = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private final Map<String, Integer> versionIndex = new HashMap<>();
  private final Map<Long, Integer> windowOfHour = new HashMap<>();
  private final List<Instant> windows;
  private final Map<Long, Cell> cells = new HashMap<>();
  private final List<G> indexed = new ArrayList<>();
  private final List<Cell> cellOfIndex = new ArrayList<>();
  private int[] cellOfRow = new int[0];
  private int[] groupOfRow = new int[0];
  private final BitSet leftOut = new BitSet();
  private long rowsWithoutTime;

  /**
   * @param schema of the batches
   * @param create an empty group
   * @param merge adds the second group to the first
   */
  RowGroups(GroupPlan plan, StructType schema, Supplier<G> create, BiConsumer<G, G> merge) {
    this.plan = plan;
    this.create = create;
    this.merge = merge;
    this.windows = plan.windows();
    this.eventTimeOrdinal = plan.eventTime().map(schema::fieldIndex).orElse(OUTSIDE);
    this.uploadTimeOrdinal = plan.uploadTime().map(schema::fieldIndex).orElse(OUTSIDE);
    this.versionOrdinal = plan.modelVersion().map(schema::fieldIndex).orElse(OUTSIDE);
    this.versionReader =
        versionOrdinal == OUTSIDE
            ? null
            : new CategoryReader(schema.apply(versionOrdinal).dataType(), List.of());
    for (SlicePlan slice : plan.slices()) {
      sliceOrdinals.add(slice.sourceColumns().stream().mapToInt(schema::fieldIndex).toArray());
      slices.add(
          new SliceReader(
              slice,
              slice.sourceColumns().stream().map(name -> schema.apply(name).dataType()).toList()));
    }
  }

  /**
   * Puts a row of the next batch into no window. Before it is located, so that a group that has no
   * other row is none: merged with others, an empty state changes their last bits.
   */
  void leaveOut(int row) {
    leftOut.set(row);
  }

  /** Finds window and version of each row of a batch; has to come before {@link #divide}. */
  void locate(ColumnarBatch batch) {
    int size = batch.numRows();
    if (cellOfRow.length < size) {
      cellOfRow = new int[size];
      groupOfRow = new int[size];
    }
    int[] versionOfRow = versionReader == null ? null : readVersions(batch, size);
    ColumnVector time = eventTimeOrdinal == OUTSIDE ? null : batch.column(eventTimeOrdinal);
    ColumnVector upload = uploadTimeOrdinal == OUTSIDE ? null : batch.column(uploadTimeOrdinal);
    long lastHour = Long.MIN_VALUE;
    int window = time == null ? 0 : OUTSIDE;
    int lastWindow = OUTSIDE;
    int lastVersion = OUTSIDE;
    Cell cell = null;
    boolean someLeftOut = !leftOut.isEmpty();
    for (int row = 0; row < size; row++) {
      if (someLeftOut && leftOut.get(row)) {
        cellOfRow[row] = OUTSIDE;
        continue;
      }
      if (time != null) {
        if (time.isNullAt(row)) {
          rowsWithoutTime++;
          cellOfRow[row] = OUTSIDE;
          continue;
        }
        long hour = Math.floorDiv(time.getLong(row), MICROS_PER_HOUR);
        if (hour != lastHour) {
          lastHour = hour;
          window = windowOfHour.computeIfAbsent(hour, this::windowOf);
        }
        if (window == OUTSIDE
            || (upload != null
                && !upload.isNullAt(row)
                && !plan.believes(time.getLong(row), upload.getLong(row)))) {
          cellOfRow[row] = OUTSIDE;
          continue;
        }
      }
      int version = versionOfRow == null ? 0 : versionOfRow[row];
      if (cell == null || window != lastWindow || version != lastVersion) {
        lastWindow = window;
        lastVersion = version;
        cell =
            cells.computeIfAbsent(
                ((long) window << 32) | version, key -> new Cell((int) (key >> 32)));
      }
      cellOfRow[row] = cell.place;
    }
    leftOut.clear();
  }

  private int windowOf(long hour) {
    Granularity granularity = plan.granularity();
    return windows.indexOf(granularity.floor(Instant.ofEpochSecond(hour * 3600)));
  }

  /** Indexes into the versions met so far; a null version is one of its own. */
  private int[] readVersions(ColumnarBatch batch, int size) {
    int[] codes = versionReader.read(batch.column(versionOrdinal), size);
    int[] result = new int[size];
    int last = Integer.MAX_VALUE;
    int index = 0;
    for (int row = 0; row < size; row++) {
      if (codes[row] != last) {
        last = codes[row];
        String version =
            last == CategoryReader.NULL ? SlicePlan.NULL : versionReader.unseenLabel(last);
        index =
            versionIndex.computeIfAbsent(
                version,
                label -> {
                  versions.add(label);
                  return versions.size() - 1;
                });
      }
      result[row] = index;
    }
    return result;
  }

  /** Index of a row's window, or {@link #OUTSIDE}. */
  int window(int row) {
    return cellOfRow[row] == OUTSIDE ? OUTSIDE : cellOfIndex.get(cellOfRow[row]).window;
  }

  /** In how many ways each row is divided: by every slice, or not at all. */
  int divisions() {
    return Math.max(1, slices.size());
  }

  /** Index of each row's group, or {@link #OUTSIDE}; the array is reused by the next call. */
  int[] divide(ColumnarBatch batch, int division) {
    int size = batch.numRows();
    if (slices.isEmpty()) {
      for (int row = 0; row < size; row++) {
        int cell = cellOfRow[row];
        groupOfRow[row] = cell == OUTSIDE ? OUTSIDE : cellOfIndex.get(cell).whole().index;
      }
      return groupOfRow;
    }
    List<ColumnVector> vectors = new ArrayList<>();
    for (int ordinal : sliceOrdinals.get(division)) {
      vectors.add(batch.column(ordinal));
    }
    int[] values = slices.get(division).read(vectors, size);
    for (int row = 0; row < size; row++) {
      int cell = cellOfRow[row];
      groupOfRow[row] =
          cell == OUTSIDE ? OUTSIDE : cellOfIndex.get(cell).group(division, values[row]).index;
    }
    return groupOfRow;
  }

  /** All indexes are below. */
  int size() {
    return indexed.size();
  }

  /** The group of an index. */
  G group(int index) {
    return indexed.get(index);
  }

  long rowsWithoutTime() {
    return rowsWithoutTime;
  }

  /** Takes one group. */
  interface Emitter<G> {
    void emit(Instant window, String version, String sliceKey, String sliceValue, G group);
  }

  /** Gives every group away, windows and versions in order; this instance is of no more use. */
  void finish(Emitter<G> out) {
    Map<Integer, Map<String, Cell>> ordered = new TreeMap<>();
    cells.forEach(
        (key, cell) ->
            ordered
                .computeIfAbsent((int) (key >> 32), window -> new TreeMap<>())
                .put(versionReader == null ? "" : versions.get((int) (key & 0xFFFFFFFFL)), cell));
    cells.clear();
    ordered.forEach((window, byVersion) -> emit(window, byVersion, out));
  }

  private void emit(int window, Map<String, Cell> byVersion, Emitter<G> out) {
    indexed.clear(); // Nothing is added any more, and what is written can go.
    cellOfIndex.clear();
    Cell all = new Cell(window);
    byVersion.forEach(
        (version, cell) -> {
          cell.mergeWhole();
          if (versionReader != null) {
            cell.emit(version, out);
          }
          all.merge(cell);
        });
    all.emit(null, out);
  }

  /** A group and its index. */
  private final class Indexed {
    private final int index = indexed.size();
    private final G group = create.get();

    Indexed() {
      indexed.add(group);
    }
  }

  /** One window and version. */
  private final class Cell {
    private final int place = cellOfIndex.size();
    private final int window;
    private final List<List<Indexed>> groups = new ArrayList<>();
    private Indexed whole;

    Cell(int window) {
      this.window = window;
      cellOfIndex.add(this);
      for (SliceReader slice : slices) {
        groups.add(new ArrayList<>(java.util.Collections.nCopies(slice.size(), null)));
      }
    }

    private Indexed whole() {
      if (whole == null) {
        whole = new Indexed();
      }
      return whole;
    }

    private Indexed group(int slice, int value) {
      Indexed group = groups.get(slice).get(value);
      if (group == null) {
        group = new Indexed();
        groups.get(slice).set(value, group);
      }
      return group;
    }

    void mergeWhole() {
      if (!slices.isEmpty()) {
        for (Indexed group : groups.get(0)) {
          if (group != null) {
            merge.accept(whole().group, group.group);
          }
        }
      }
    }

    void merge(Cell other) {
      merge.accept(whole().group, other.whole().group);
      for (int slice = 0; slice < groups.size(); slice++) {
        for (int value = 0; value < slices.get(slice).size(); value++) {
          Indexed group = other.groups.get(slice).get(value);
          if (group != null) {
            merge.accept(group(slice, value).group, group.group);
          }
        }
      }
    }

    void emit(String version, Emitter<G> out) {
      Instant start = windows.get(window);
      out.emit(start, version, null, null, whole().group);
      for (int slice = 0; slice < groups.size(); slice++) {
        String key = plan.slices().get(slice).key();
        for (int value = 0; value < slices.get(slice).size(); value++) {
          Indexed group = groups.get(slice).get(value);
          if (group != null) {
            out.emit(start, version, key, slices.get(slice).value(value), group.group);
          }
        }
      }
    }
  }
}
