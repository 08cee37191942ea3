package dev.telltale.jobs.engine;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.NumericState;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Tuple2;

/** The inner loop of the fused pass, one per task: batches of columns in, states out. */
final class TaskProfiler {
  private static final int NO_ID = -1;

  private final PassPlan plan;
  private final int[] columnOrdinals;
  private final int idOrdinal;
  private final DataType idType;
  private final IdBlocks ids;
  private final WeightReader weights;
  private final int unitOrdinal;
  private final DataType unitType;
  private final IdBlocks units;
  private final Anchors[] anchors;
  private final NumberReader[] numbers;
  private final CategoryReader[] categories;
  private final RowGroups<Group> groups;
  private final RowsByGroup rowsByGroup = new RowsByGroup();
  private double[] valuesOfGroup = new double[0];
  private long[] weightsOfGroup = new long[0];
  private long[] weightOfRow;
  private long[] unitOfRow;
  private final long[] leftOut;
  private int nextLeftOut;
  private long rows;

  /**
   * Of one task.
   *
   * @param leftOut places of the rows that do not count, ascending
   */
  TaskProfiler(PassPlan plan, StructType schema, long[] leftOut) {
    this.plan = plan;
    this.leftOut = leftOut;
    this.idOrdinal = plan.id().map(schema::fieldIndex).orElse(NO_ID);
    this.idType = idOrdinal == NO_ID ? null : schema.apply(idOrdinal).dataType();
    this.ids = new IdBlocks(plan.groups().windows());
    this.weights = plan.weight().map(column -> new WeightReader(column, schema)).orElse(null);
    this.unitOrdinal = plan.unit().map(schema::fieldIndex).orElse(NO_ID);
    this.unitType = unitOrdinal == NO_ID ? null : schema.apply(unitOrdinal).dataType();
    this.units = new IdBlocks(List.of());
    this.groups = new RowGroups<>(plan.groups(), schema, Group::new, Group::merge);
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
    if (valuesOfGroup.length < size) {
      valuesOfGroup = new double[size];
      weightsOfGroup = new long[size];
    }
    for (; nextLeftOut < leftOut.length && leftOut[nextLeftOut] < rows + size; nextLeftOut++) {
      groups.leaveOut((int) (leftOut[nextLeftOut] - rows));
    }
    groups.locate(batch);
    rows += size;
    if (idOrdinal != NO_ID) {
      long[] hashes = ids.hash(batch.column(idOrdinal), idType, size);
      weightOfRow = weights == null ? null : weights.read(batch, hashes);
      for (int row = 0; row < size; row++) {
        int window = groups.window(row);
        if (window != RowGroups.OUTSIDE) {
          ids.add(window, hashes[row]);
        }
      }
    }
    unitOfRow = unitOrdinal == NO_ID ? null : units.hash(batch.column(unitOrdinal), unitType, size);
    // Values are decoded once per column and slice; that is cheap next to the folding.
    for (int division = 0; division < groups.divisions(); division++) {
      addColumns(batch, groups.divide(batch, division));
    }
  }

  private void addColumns(ColumnarBatch batch, int[] groupOfRow) {
    int size = batch.numRows();
    rowsByGroup.order(groupOfRow, size, groups.size());
    for (int g = 0; g < rowsByGroup.size(); g++) {
      groups.group(rowsByGroup.group(g)).count(rowsByGroup.start(g), rowsByGroup.end(g));
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
      NumericState state = (NumericState) groups.group(rowsByGroup.group(g)).states[c];
      if (weightOfRow != null) {
        addWeighted(state, rowsByGroup.start(g), end, values, nulls);
        continue;
      }
      for (int i = rowsByGroup.start(g); i < end; i++) {
        int row = order[i];
        valuesOfGroup[count] = values[row];
        count += nulls[row] ? 0 : 1;
      }
      state.add(valuesOfGroup, count);
      state.addNulls(end - rowsByGroup.start(g) - count);
    }
  }

  private void addWeighted(
      NumericState state, int start, int end, double[] values, boolean[] nulls) {
    int[] order = rowsByGroup.rows();
    int count = 0;
    for (int i = start; i < end; i++) {
      int row = order[i];
      if (nulls[row]) {
        state.addNulls(weightOfRow[row]);
      } else {
        weightsOfGroup[count] = weightOfRow[row];
        valuesOfGroup[count++] = values[row];
      }
    }
    state.add(valuesOfGroup, weightsOfGroup, count);
  }

  private void addCategories(int c, ColumnVector vector, int size) {
    int[] codes = categories[c].read(vector, size);
    int[] order = rowsByGroup.rows();
    for (int g = 0; g < rowsByGroup.size(); g++) {
      CategoryState state = (CategoryState) groups.group(rowsByGroup.group(g)).states[c];
      int end = rowsByGroup.end(g);
      for (int i = rowsByGroup.start(g); i < end; i++) {
        int code = codes[order[i]];
        long weight = weightOfRow == null ? 1 : weightOfRow[order[i]];
        if (code >= 0) {
          state.addKnown(code, weight);
        } else if (code == CategoryReader.NULL) {
          state.addNulls(weight);
        } else if (weight > 0) {
          state.add(categories[c].unseenLabel(code), weight);
        }
      }
    }
  }

  long rows() {
    return rows;
  }

  long rowsWithoutTime() {
    return groups.rowsWithoutTime();
  }

  long rowsWithoutWeight() {
    return weights == null ? 0 : weights.unusable();
  }

  /** A block of ids that is full, or null. */
  Tuple2<StateKey, byte[]> pollIds() {
    return ids.poll();
  }

  /** The states of everything added, and the last ids; this instance is of no more use. */
  List<Tuple2<StateKey, byte[]>> finish() {
    List<Tuple2<StateKey, byte[]>> out = new ArrayList<>(ids.rest());
    groups.finish(
        (window, version, sliceKey, sliceValue, group) ->
            group.emit(window.toEpochMilli(), version, sliceKey, sliceValue, out));
    return out;
  }

  /** One slice value of a cell, or its whole: a state per column. */
  private final class Group {
    private final ColumnState[] states = new ColumnState[anchors.length];
    private final ColumnState table = ColumnState.create(ColumnKind.TABLE, Anchors.NONE);
    private final UnitCounts unitCounts = new UnitCounts(plan.minimumUnits());

    Group() {
      for (int c = 0; c < states.length; c++) {
        states[c] = ColumnState.create(plan.columns().get(c).kind(), anchors[c]);
      }
    }

    /** Counts rows that come to every column. */
    void count(int start, int end) {
      if (unitOfRow != null) {
        for (int i = start; i < end; i++) {
          unitCounts.add(unitOfRow[rowsByGroup.rows()[i]]);
        }
      }
      if (weightOfRow == null) {
        table.addNulls(end - start);
        return;
      }
      int[] order = rowsByGroup.rows();
      long repeats = 0;
      for (int i = start; i < end; i++) {
        long weight = weightOfRow[order[i]];
        table.addNulls(weight);
        repeats += weight * (weight - 1);
      }
      table.addRepeats(repeats);
      for (ColumnState state : states) {
        state.addRepeats(repeats);
      }
    }

    void merge(Group other) {
      table.merge(other.table);
      unitCounts.merge(other.unitCounts);
      for (int c = 0; c < states.length; c++) {
        states[c].merge(other.states[c]);
      }
    }

    void emit(
        long start,
        String version,
        String sliceKey,
        String sliceValue,
        List<Tuple2<StateKey, byte[]>> out) {
      out.add(
          new Tuple2<>(
              new StateKey(start, version, sliceKey, sliceValue, StateKey.TABLE), table.toBytes()));
      if (unitOfRow != null && sliceKey != null) {
        out.add(
            new Tuple2<>(
                new StateKey(start, version, sliceKey, sliceValue, UnitCounts.COLUMN),
                unitCounts.toBytes()));
      }
      for (int c = 0; c < states.length; c++) {
        out.add(
            new Tuple2<>(
                new StateKey(start, version, sliceKey, sliceValue, c), states[c].toBytes()));
      }
    }
  }
}
