package dev.telltale.jobs.join;

import static org.apache.spark.sql.functions.col;

import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.lake.SmallData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Predictions and labels, each sorted by id once, read side by side: repeated predictions are
 * dropped and of the labels of an id the one in force is found on the way. The same as Spark's
 * window, aggregates and join would each shuffle or sort for itself, and take three times as long.
 */
final class MergeJoin {
  /** The columns of predictions that the merge itself reads, in this order, first. */
  static final List<String> SAID = List.of("prediction_id", "window_date");

  /** The columns of labels, in this order; the first is the id. */
  static final List<String> KNOWN =
      List.of(
          FeedbackTable.ID,
          QualityPlan.LABEL,
          QualityPlan.LABEL_VALUE,
          QualityPlan.LABEL_TS,
          FeedbackTable.FIRST,
          FeedbackTable.COUNT,
          FeedbackTable.ANNOTATIONS);

  private MergeJoin() {}

  /**
   * Every prediction with its label, if there is one: the columns of {@code said} and those of
   * {@link #KNOWN}. Of several predictions with one id on one day the first is kept.
   *
   * <p>Of several labels of an id that which arrived last is in force; of several that arrived at
   * once the greatest, so that it does not matter which was read first.
   *
   * @param said begins with {@link #SAID}; ids are not null
   * @param order decides which of repeated predictions is the first
   * @param known {@link #KNOWN}, none null but values and annotations; the label counts of an id
   *     add up
   */
  static Dataset<Row> of(Dataset<Row> said, List<Column> order, Dataset<Row> known) {
    SparkSession spark = said.sparkSession();
    boolean small = SmallData.is(said) && SmallData.is(known);
    int parts = small ? 1 : spark.sessionState().conf().numShufflePartitions();
    List<Column> saidOrder = new ArrayList<>(List.of(col(SAID.get(0)), col(SAID.get(1))));
    saidOrder.addAll(order);
    JavaRDD<InternalRow> predictions = sorted(said, small, parts, saidOrder);
    JavaRDD<InternalRow> labels =
        sorted(
            known.select(KNOWN.stream().map(functions::col).toArray(Column[]::new)),
            small,
            parts,
            List.of(col(FeedbackTable.ID)));
    List<StructField> fields = new ArrayList<>(Arrays.asList(said.schema().fields()));
    for (String name : KNOWN) {
      StructField field = known.schema().apply(name);
      fields.add(new StructField(name, field.dataType(), true, field.metadata()));
    }
    return spark.internalCreateDataFrame(
        predictions.zipPartitions(labels, new Merge()).rdd(),
        new StructType(fields.toArray(StructField[]::new)),
        false);
  }

  /** By the id's hash, so that equal ids of both sides are in partitions of the same number. */
  private static JavaRDD<InternalRow> sorted(
      Dataset<Row> rows, boolean small, int parts, List<Column> order) {
    Dataset<Row> divided = small ? rows.coalesce(1) : rows.repartition(parts, order.get(0));
    return divided
        .sortWithinPartitions(order.toArray(Column[]::new))
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /** Merges two sorted partitions. */
  private static final class Merge
      implements FlatMapFunction2<Iterator<InternalRow>, Iterator<InternalRow>, InternalRow> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> said, Iterator<InternalRow> known) {
      return new Merged(said, new Labels(known));
    }
  }

  /** Predictions that are none's repetition, each joined with its label. */
  private static final class Merged implements Iterator<InternalRow> {
    private final Iterator<InternalRow> said;
    private final Labels labels;
    private final JoinedRow joined = new JoinedRow();
    private UTF8String id;
    private int day;
    private InternalRow label = Labels.NONE;
    private InternalRow next;

    Merged(Iterator<InternalRow> said, Labels labels) {
      this.said = said;
      this.labels = labels;
    }

    @Override
    public boolean hasNext() {
      while (next == null && said.hasNext()) {
        InternalRow row = said.next();
        UTF8String rowId = row.getUTF8String(0);
        int rowDay = row.getInt(1);
        if (!rowId.equals(id)) {
          id = rowId.copy();
          label = labels.of(id);
          next = row;
        } else if (rowDay != day) {
          next = row;
        }
        day = rowDay;
      }
      return next != null;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InternalRow row = next;
      next = null;
      return joined.apply(row, label);
    }
  }

  /** The label in force of each id, ids ascending. */
  private static final class Labels {
    static final InternalRow NONE = new GenericInternalRow(KNOWN.size());

    private static final int LABEL = 1;
    private static final int VALUE = 2;
    private static final int ARRIVAL = 3;
    private static final int FIRST = 4;
    private static final int COUNT = 5;
    private static final int ANNOTATIONS = 6;

    private final Iterator<InternalRow> known;
    private InternalRow head;
    private UTF8String headId;

    Labels(Iterator<InternalRow> known) {
      this.known = known;
      advance();
    }

    private void advance() {
      head = known.hasNext() ? known.next() : null;
      headId = head == null ? null : head.getUTF8String(0);
    }

    /** Has to be asked for ids in ascending order. */
    InternalRow of(UTF8String id) {
      while (head != null && headId.compareTo(id) < 0) {
        advance();
      }
      GenericInternalRow inForce = null;
      while (head != null && headId.equals(id)) {
        inForce = inForce == null ? fresh(id) : later(inForce);
        advance();
      }
      return inForce == null ? NONE : inForce;
    }

    private GenericInternalRow fresh(UTF8String id) {
      Object[] values = new Object[KNOWN.size()];
      values[0] = id;
      GenericInternalRow row = new GenericInternalRow(values);
      take(row);
      row.update(FIRST, head.getLong(FIRST));
      row.update(COUNT, head.getInt(COUNT));
      // Where people annotate, an id has one row.
      row.update(ANNOTATIONS, head.isNullAt(ANNOTATIONS) ? null : head.getMap(ANNOTATIONS).copy());
      return row;
    }

    private GenericInternalRow later(GenericInternalRow row) {
      row.update(COUNT, row.getInt(COUNT) + head.getInt(COUNT));
      row.update(FIRST, Math.min(row.getLong(FIRST), head.getLong(FIRST)));
      int order = Long.compare(head.getLong(ARRIVAL), row.getLong(ARRIVAL));
      if (order == 0) {
        order = head.getUTF8String(LABEL).compareTo(row.getUTF8String(LABEL));
      }
      if (order > 0) {
        take(row);
      }
      return row;
    }

    private void take(GenericInternalRow row) {
      row.update(LABEL, head.getUTF8String(LABEL).copy());
      row.update(VALUE, head.isNullAt(VALUE) ? null : head.getDouble(VALUE));
      row.update(ARRIVAL, head.getLong(ARRIVAL));
    }
  }
}
