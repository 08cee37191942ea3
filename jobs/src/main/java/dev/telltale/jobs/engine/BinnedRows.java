package dev.telltale.jobs.engine;

import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.NumberLabel;
import dev.telltale.slices.Feature;
import dev.telltale.slices.RowBlock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Rows with a loss as bin codes of their features, for the search for weak slices. */
public final class BinnedRows {
  /** Whole number of 0 to {@link RowBlock#MAX_LOSS}, int. */
  public static final String LOSS = "telltale_loss";

  /** Whether a row is held out of the search, boolean. */
  public static final String HELD_OUT = "telltale_held_out";

  /** A block of so many rows and three features stays in the second-level cache. */
  private static final int ROWS_PER_BLOCK = 16_384;

  private BinnedRows() {}

  /**
   * How a column is binned: on the values of the baseline, categories by how frequent they are
   * there. Crosses to executors, hence a class.
   */
  public static final class Binning implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ColumnPlan column;
    private final double[] edges;
    private final ArrayList<String> labels;

    /** Of a column that is summarised and is no timestamp, on its anchors. */
    public Binning(ColumnPlan column) {
      this.column = column;
      boolean categorical = column.kind() == ColumnKind.CATEGORICAL;
      List<String> known = column.anchors().labels();
      this.labels =
          new ArrayList<>(
              categorical
                  ? known.subList(0, Math.min(known.size(), Feature.CATEGORIES))
                  : List.of());
      this.edges = categorical ? new double[0] : edges(column.anchors().cuts());
    }

    /** Of cuts at equal ranks, every eighth part; of few cuts, each. The highest is no edge. */
    private static double[] edges(double[] cuts) {
      int bins = Math.min(Feature.RANGES, cuts.length);
      double[] edges = new double[Math.max(0, bins - 1)];
      for (int i = 0; i < edges.length; i++) {
        edges[i] = cuts[(int) ((long) (i + 1) * cuts.length / bins) - 1];
      }
      return edges;
    }

    /**
     * A condition as SQL over the prediction log: never null.
     *
     * @param condition index of one of those of {@link #feature()}
     */
    public String predicate(int condition) {
      Feature feature = feature();
      int first = feature.first(condition);
      int last = feature.last(condition);
      String name = OutcomeColumns.quoted(column.name());
      boolean categorical = column.kind() == ColumnKind.CATEGORICAL;
      if (categorical && first < labels.size()) {
        String label = labels.get(first).replace("\\", "\\\\").replace("'", "\\'");
        return "(CAST(" + name + " AS STRING) <=> '" + label + "')";
      }
      String missing =
          categorical
              ? name + " IS NULL"
              : name + " IS NULL OR isnan(CAST(" + name + " AS DOUBLE))";
      if (categorical || first > edges.length) {
        return "(" + missing + ")";
      }
      List<String> bounds = new ArrayList<>(List.of("NOT (" + missing + ")"));
      if (first > 0) {
        bounds.add("CAST(" + name + " AS DOUBLE) > " + edges[first - 1] + "D");
      }
      if (last < edges.length) {
        bounds.add("CAST(" + name + " AS DOUBLE) <= " + edges[last] + "D");
      }
      return "(" + String.join(" AND ", bounds) + ")";
    }

    /** The feature that the codes are of. */
    public Feature feature() {
      return column.kind() == ColumnKind.CATEGORICAL
          ? Feature.ofLabels(column.name(), labels)
          : Feature.ofEdges(column.name(), Arrays.stream(edges).mapToObj(NumberLabel::of).toList());
    }
  }

  /**
   * The rows in blocks, each either searched or held out.
   *
   * @param data has {@link #LOSS}, {@link #HELD_OUT} and the columns of the binnings
   * @param heldOut which of them
   */
  public static JavaRDD<RowBlock> of(
      Dataset<Row> data, Broadcast<List<Binning>> binnings, boolean heldOut) {
    List<Column> columns = new ArrayList<>();
    binnings.value().forEach(binning -> columns.add(OutcomeColumns.column(binning.column.name())));
    columns.add(functions.col(LOSS));
    BatchSource source =
        BatchSource.of(
            data.where(functions.col(HELD_OUT).equalTo(heldOut))
                .select(columns.toArray(Column[]::new)),
            Set.of());
    StructType schema = source.schema();
    return source
        .batches()
        .toJavaRDD()
        .mapPartitions(batches -> new Blocks(batches, new Encoder(binnings.value(), schema)));
  }

  /** Turns batches into blocks. */
  private static final class Blocks implements Iterator<RowBlock> {
    private final Iterator<ColumnarBatch> batches;
    private final Encoder encoder;
    private RowBlock next;

    Blocks(Iterator<ColumnarBatch> batches, Encoder encoder) {
      this.batches = batches;
      this.encoder = encoder;
    }

    @Override
    public boolean hasNext() {
      while (next == null && batches.hasNext()) {
        next = encoder.add(batches.next());
      }
      if (next == null) {
        next = encoder.rest();
      }
      return next != null;
    }

    @Override
    public RowBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      RowBlock block = next;
      next = null;
      return block;
    }
  }

  /** The codes of one task's rows. */
  private static final class Encoder {
    private final List<Binning> binnings;
    private final StructType schema;
    private final NumberReader[] numbers;
    private final CategoryReader[] categories;
    private byte[][] codes;
    private short[] losses;
    private int size;

    Encoder(List<Binning> binnings, StructType schema) {
      this.binnings = binnings;
      this.schema = schema;
      this.numbers = new NumberReader[binnings.size()];
      this.categories = new CategoryReader[binnings.size()];
      for (int f = 0; f < binnings.size(); f++) {
        Binning binning = binnings.get(f);
        if (binning.column.kind() == ColumnKind.CATEGORICAL) {
          categories[f] = new CategoryReader(binning.column.type(), binning.labels);
        } else {
          numbers[f] = new NumberReader(binning.column.type());
        }
      }
      clear();
    }

    private void clear() {
      codes = new byte[binnings.size()][ROWS_PER_BLOCK];
      losses = new short[ROWS_PER_BLOCK];
      size = 0;
    }

    /** A block if one is full; a batch has fewer rows than a block. */
    RowBlock add(ColumnarBatch batch) {
      int rows = batch.numRows();
      RowBlock full = size + rows > ROWS_PER_BLOCK ? rest() : null;
      if (rows > ROWS_PER_BLOCK) {
        throw new IllegalStateException("A batch of " + rows + " rows");
      }
      for (int f = 0; f < binnings.size(); f++) {
        ColumnVector vector = batch.column(schema.fieldIndex(binnings.get(f).column.name()));
        if (categories[f] != null) {
          category(f, categories[f].read(vector, rows), rows);
        } else {
          numbers[f].read(vector, rows);
          number(f, rows);
        }
      }
      ColumnVector loss = batch.column(schema.fieldIndex(LOSS));
      for (int row = 0; row < rows; row++) {
        losses[size + row] = (short) loss.getInt(row);
      }
      size += rows;
      return full;
    }

    private void category(int f, int[] read, int rows) {
      int known = binnings.get(f).labels.size();
      for (int row = 0; row < rows; row++) {
        int code = read[row];
        codes[f][size + row] =
            (byte) (code >= 0 ? code : code == CategoryReader.NULL ? known + 1 : known);
      }
    }

    private void number(int f, int rows) {
      double[] edges = binnings.get(f).edges;
      double[] values = numbers[f].values();
      boolean[] nulls = numbers[f].nulls();
      for (int row = 0; row < rows; row++) {
        double value = values[row];
        int bin = 0;
        for (double edge : edges) {
          bin += value > edge ? 1 : 0;
        }
        codes[f][size + row] = (byte) (nulls[row] || Double.isNaN(value) ? edges.length + 1 : bin);
      }
    }

    /** What has been added since; null if nothing. */
    RowBlock rest() {
      if (size == 0) {
        return null;
      }
      RowBlock block =
          size == ROWS_PER_BLOCK
              ? new RowBlock(codes, losses)
              : new RowBlock(
                  Arrays.stream(codes).map(one -> Arrays.copyOf(one, size)).toArray(byte[][]::new),
                  Arrays.copyOf(losses, size));
      clear();
      return block;
    }
  }
}
