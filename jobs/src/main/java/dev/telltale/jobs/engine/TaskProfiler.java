package dev.telltale.jobs.engine;

import dev.telltale.config.Granularity;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Tuple2;

/**
 * The inner loop of the fused pass, one per task: batches of columns in, states out.
 *
 * <p>Every row belongs to one cell (window and version) and in it to one value of each slice. With
 * slices, the states of the whole are merged from the first slice at the end, since its values
 * cover all rows: the whole costs no pass of its own.
 */
final class TaskProfiler {
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final int OUTSIDE = -1;

  private final PassPlan plan;
  private final int[] columnOrdinals;
  private final int idOrdinal;
  private final DataType idType;
  private final IdBlocks ids;
  private final int eventTimeOrdinal;
  private final int versionOrdinal;
  private final List<int[]> sliceOrdinals = new ArrayList<>();
  private final List<SliceReader> slices = new ArrayList<>();
  private final CategoryReader versionReader;
  private final List<String> versions = new ArrayList<>();
  private final Map<String, Integer> versionIndex = new HashMap<>();
  private final Anchors[] anchors;
  private final NumberReader[] numbers;
  private final CategoryReader[] categories;
  private final Map<Long, Integer> windowOfHour = new HashMap<>();
  private final List<Instant> windows;
  private final Map<Long, Cell> cells = new HashMap<>();

  private Cell[] cellOfRow = new Cell[0];
  private final List<Group> indexed = new ArrayList<>();
  private int[] groupOfRow = new int[0];
  private final RowsByGroup rowsByGroup = new RowsByGroup();
  private double[] valuesOfGroup = new double[0];
  private long rows;
  private long rowsWithoutTime;

  TaskProfiler(PassPlan plan, StructType schema) {
    this.plan = plan;
    this.windows = List.copyOf(plan.windows());
    this.idOrdinal = plan.id().map(schema::fieldIndex).orElse(OUTSIDE);
    this.idType = idOrdinal == OUTSIDE ? null : schema.apply(idOrdinal).dataType();
    this.ids = new IdBlocks(windows);
    this.eventTimeOrdinal = plan.eventTime().map(schema::fieldIndex).orElse(OUTSIDE);
    this.versionOrdinal = plan.modelVersion().map(schema::fieldIndex).orElse(OUTSIDE);
    this.versionReader =
        versionOrdinal == OUTSIDE
            ? null
            : new CategoryReader(schema.apply(versionOrdinal).dataType(), List.of());
    for (SlicePlan slice : plan.slices()) {
      int[] ordinals = slice.columns().stream().mapToInt(schema::fieldIndex).toArray();
      sliceOrdinals.add(ordinals);
      slices.add(
          new SliceReader(
              slice, slice.columns().stream().map(name -> schema.apply(name).dataType()).toList()));
    }
    int columns = plan.columns().size();
    columnOrdinals = new int[columns];
    anchors = new Anchors[columns];
    numbers = new NumberReader[columns];
    categories = new CategoryReader[columns];
    for (int c = 0; c < columns; c++) {
      ColumnPlan column = plan.columns().get(c);
      columnOrdinals[c] = schema.fieldIndex(column.name());
      anchors[c] = column.anchors();
      if (column.kind() == ColumnKind.CATEGORICAL) {
        categories[c] = new CategoryReader(column.type(), anchors[c].labels());
      } else {
        numbers[c] = new NumberReader(column.type());
      }
    }
  }

  void add(ColumnarBatch batch) {
    int size = batch.numRows();
    if (cellOfRow.length < size) {
      cellOfRow = new Cell[size];
      groupOfRow = new int[size];
      valuesOfGroup = new double[size];
    }
    rows += size;
    findCells(batch, size);
    if (idOrdinal != OUTSIDE) {
      long[] hashes = ids.hash(batch.column(idOrdinal), idType, size);
      for (int row = 0; row < size; row++) {
        if (cellOfRow[row] != null) {
          ids.add(cellOfRow[row].window, hashes[row]);
        }
      }
    }
    if (slices.isEmpty()) {
      for (int row = 0; row < size; row++) {
        groupOfRow[row] = cellOfRow[row] == null ? OUTSIDE : cellOfRow[row].whole().index;
      }
      addColumns(batch, size);
      return;
    }
    // Values are decoded once per column and slice; that is cheap next to the folding.
    for (int slice = 0; slice < slices.size(); slice++) {
      List<ColumnVector> vectors = new ArrayList<>();
      for (int ordinal : sliceOrdinals.get(slice)) {
        vectors.add(batch.column(ordinal));
      }
      int[] values = slices.get(slice).read(vectors, size);
      for (int row = 0; row < size; row++) {
        groupOfRow[row] =
            cellOfRow[row] == null ? OUTSIDE : cellOfRow[row].group(slice, values[row]).index;
      }
      addColumns(batch, size);
    }
  }

  private void findCells(ColumnarBatch batch, int size) {
    int[] versionOfRow = versionReader == null ? null : readVersions(batch, size);
    ColumnVector time = eventTimeOrdinal == OUTSIDE ? null : batch.column(eventTimeOrdinal);
    long lastHour = Long.MIN_VALUE;
    int window = time == null ? 0 : OUTSIDE;
    int lastWindow = OUTSIDE;
    int lastVersion = OUTSIDE;
    Cell cell = null;
    for (int row = 0; row < size; row++) {
      if (time != null) {
        if (time.isNullAt(row)) {
          rowsWithoutTime++;
          cellOfRow[row] = null;
          continue;
        }
        long hour = Math.floorDiv(time.getLong(row), MICROS_PER_HOUR);
        if (hour != lastHour) {
          lastHour = hour;
          window = windowOfHour.computeIfAbsent(hour, this::windowOf);
        }
        if (window == OUTSIDE) {
          cellOfRow[row] = null;
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
      cellOfRow[row] = cell;
    }
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

  private void addColumns(ColumnarBatch batch, int size) {
    rowsByGroup.order(groupOfRow, size, indexed.size());
    for (int g = 0; g < rowsByGroup.size(); g++) {
      indexed.get(rowsByGroup.group(g)).rows += rowsByGroup.end(g) - rowsByGroup.start(g);
    }
    for (int c = 0; c < columnOrdinals.length; c++) {
      ColumnVector vector = batch.column(columnOrdinals[c]);
      if (numbers[c] != null) {
        addNumbers(c, vector, size);
      } else {
        addCategories(c, vector, size);
      }
    }
  }

  private void addNumbers(int c, ColumnVector vector, int size) {
    numbers[c].read(vector, size);
    double[] values = numbers[c].values();
    boolean[] nulls = numbers[c].nulls();
    int[] order = rowsByGroup.rows();
    for (int g = 0; g < rowsByGroup.size(); g++) {
      int count = 0;
      int end = rowsByGroup.end(g);
      for (int i = rowsByGroup.start(g); i < end; i++) {
        int row = order[i];
        valuesOfGroup[count] = values[row];
        count += nulls[row] ? 0 : 1;
      }
      NumericState state = (NumericState) indexed.get(rowsByGroup.group(g)).states[c];
      state.add(valuesOfGroup, count);
      state.addNulls(end - rowsByGroup.start(g) - count);
    }
  }

  private void addCategories(int c, ColumnVector vector, int size) {
    int[] codes = categories[c].read(vector, size);
    int[] order = rowsByGroup.rows();
    for (int g = 0; g < rowsByGroup.size(); g++) {
      CategoryState state = (CategoryState) indexed.get(rowsByGroup.group(g)).states[c];
      int end = rowsByGroup.end(g);
      for (int i = rowsByGroup.start(g); i < end; i++) {
        int code = codes[order[i]];
        if (code >= 0) {
          state.addKnown(code, 1);
        } else if (code == CategoryReader.NULL) {
          state.addNulls(1);
        } else {
          state.add(categories[c].unseenLabel(code), 1);
        }
      }
    }
  }

  long rows() {
    return rows;
  }

  long rowsWithoutTime() {
    return rowsWithoutTime;
  }

  /** A block of ids that is full, or null. */
  Tuple2<StateKey, byte[]> pollIds() {
    return ids.poll();
  }

  /** The states of everything added, and the last ids; this instance is of no more use. */
  List<Tuple2<StateKey, byte[]>> finish() {
    Map<Integer, Map<String, Cell>> ordered = new TreeMap<>();
    cells.forEach(
        (key, cell) ->
            ordered
                .computeIfAbsent((int) (key >> 32), window -> new TreeMap<>())
                .put(versionReader == null ? "" : versions.get((int) (key & 0xFFFFFFFFL)), cell));
    cells.clear();
    List<Tuple2<StateKey, byte[]>> out = new ArrayList<>(ids.rest());
    ordered.forEach((window, byVersion) -> emit(window, byVersion, out));
    return out;
  }

  private void emit(int window, Map<String, Cell> byVersion, List<Tuple2<StateKey, byte[]>> out) {
    indexed.clear(); // Nothing is added any more, and what is written can go.
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

  /** One window and version. */
  private final class Cell {
    private final int window;
    private final Group[][] groups = new Group[slices.size()][];
    private Group whole;

    Cell(int window) {
      this.window = window;
    }

    Group whole() {
      if (whole == null) {
        whole = new Group();
      }
      return whole;
    }

    Group group(int slice, int value) {
      if (groups[slice] == null) {
        groups[slice] = new Group[slices.get(slice).size()];
      }
      if (groups[slice][value] == null) {
        groups[slice][value] = new Group();
      }
      return groups[slice][value];
    }

    void mergeWhole() {
      if (!slices.isEmpty()) {
        for (Group group : groups[0]) {
          if (group != null) {
            whole().merge(group);
          }
        }
      }
    }

    void merge(Cell other) {
      whole().merge(other.whole());
      for (int slice = 0; slice < groups.length; slice++) {
        for (int value = 0; value < slices.get(slice).size(); value++) {
          if (other.groups[slice][value] != null) {
            group(slice, value).merge(other.groups[slice][value]);
          }
        }
      }
    }

    void emit(String version, List<Tuple2<StateKey, byte[]>> out) {
      whole().emit(window, version, null, null, out);
      for (int slice = 0; slice < groups.length; slice++) {
        for (int value = 0; value < groups[slice].length; value++) {
          if (groups[slice][value] != null) {
            String key = plan.slices().get(slice).key();
            groups[slice][value].emit(window, version, key, slices.get(slice).value(value), out);
          }
        }
      }
    }
  }

  /** One slice value of a cell, or its whole: a state per column. */
  private final class Group {
    final int index = indexed.size();
    final ColumnState[] states = new ColumnState[anchors.length];
    long rows;

    Group() {
      indexed.add(this);
      for (int c = 0; c < states.length; c++) {
        states[c] = ColumnState.create(plan.columns().get(c).kind(), anchors[c]);
      }
    }

    void merge(Group other) {
      rows += other.rows;
      for (int c = 0; c < states.length; c++) {
        states[c].merge(other.states[c]);
      }
    }

    void emit(
        int window,
        String version,
        String sliceKey,
        String sliceValue,
        List<Tuple2<StateKey, byte[]>> out) {
      long start = windows.get(window).toEpochMilli();
      ColumnState table = ColumnState.create(ColumnKind.TABLE, Anchors.NONE);
      table.addNulls(rows);
      out.add(
          new Tuple2<>(
              new StateKey(start, version, sliceKey, sliceValue, StateKey.TABLE), table.toBytes()));
      for (int c = 0; c < states.length; c++) {
        out.add(
            new Tuple2<>(
                new StateKey(start, version, sliceKey, sliceValue, c), states[c].toBytes()));
      }
    }
  }
}
