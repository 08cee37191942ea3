package dev.telltale.jobs.engine;

import dev.telltale.quality.Observation;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.Task;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StringType$;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Tuple2;

/** The inner loop of the quality pass, one per task: batches of predictions in, states out. */
final class QualityTask {
  private final boolean classes;
  private final boolean ranking;
  private final String vector;
  private final StructType schema;
  private final RowGroups<QualityState> groups;
  private final RowsByGroup rowsByGroup = new RowsByGroup();
  private final CategoryReader predictions = new CategoryReader(StringType$.MODULE$, List.of());
  private final CategoryReader labels = new CategoryReader(StringType$.MODULE$, List.of());
  private final Observation observation = new Observation();
  private long rows;

  QualityTask(QualityPlan plan, StructType schema) {
    this.classes = plan.task() == Task.MULTICLASS;
    this.ranking = plan.task() == Task.RANKING;
    this.vector = plan.vector().orElse(null);
    this.schema = schema;
    this.groups = new RowGroups<>(plan.groups(), schema, plan::emptyState, QualityState::merge);
  }

  void add(ColumnarBatch batch) {
    rows += batch.numRows();
    groups.locate(batch);
    Columns columns = new Columns(batch);
    for (int division = 0; division < groups.divisions(); division++) {
      rowsByGroup.order(groups.divide(batch, division), batch.numRows(), groups.size());
      int[] order = rowsByGroup.rows();
      for (int g = 0; g < rowsByGroup.size(); g++) {
        QualityState state = groups.group(rowsByGroup.group(g));
        for (int i = rowsByGroup.start(g); i < rowsByGroup.end(g); i++) {
          columns.fill(order[i]);
          state.add(observation);
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

  /** The states of everything added; this instance is of no more use. */
  List<Tuple2<StateKey, byte[]>> finish() {
    List<Tuple2<StateKey, byte[]>> out = new ArrayList<>();
    groups.finish(
        (window, version, sliceKey, sliceValue, state) ->
            out.add(
                new Tuple2<>(
                    new StateKey(
                        window.toEpochMilli(), version, sliceKey, sliceValue, StateKey.TABLE),
                    state.toBytes())));
    return out;
  }

  /** The columns of a batch. */
  private final class Columns {
    private final ColumnVector prediction;
    private final ColumnVector label;
    private final ColumnVector labelKnown;
    private final ColumnVector score;
    private final ColumnVector weight;
    private final ColumnVector labelTs;
    private final ColumnVector delay;
    private final ColumnVector several;
    private final int[] predictedClasses;
    private final int[] trueClasses;

    Columns(ColumnarBatch batch) {
      prediction = column(batch, QualityPlan.PREDICTION_VALUE);
      label = column(batch, QualityPlan.LABEL_VALUE);
      labelKnown = column(batch, QualityPlan.LABEL);
      score = column(batch, QualityPlan.SCORE);
      weight = column(batch, QualityPlan.WEIGHT);
      labelTs = column(batch, QualityPlan.LABEL_TS);
      delay = column(batch, QualityPlan.LABEL_DELAY_MICROS);
      several = vector == null ? null : column(batch, vector);
      predictedClasses =
          classes ? predictions.read(column(batch, QualityPlan.PREDICTION), batch.numRows()) : null;
      trueClasses = classes ? labels.read(labelKnown, batch.numRows()) : null;
    }

    private ColumnVector column(ColumnarBatch batch, String name) {
      return batch.column(schema.fieldIndex(name));
    }

    void fill(int row) {
      observation.labelled = !labelKnown.isNullAt(row);
      observation.prediction = number(prediction, row, Double.NaN);
      observation.label = number(label, row, Double.NaN);
      observation.score = number(score, row, Double.NaN);
      observation.weight = number(weight, row, 1);
      if (ranking) {
        observation.relevances = numbers(several, row);
      } else if (several != null) {
        observation.quantiles = numbers(several, row);
      }
      if (classes) {
        observation.predictedClass = text(predictions, predictedClasses[row]);
        observation.trueClass = text(labels, trueClasses[row]);
      }
      if (observation.labelled) {
        observation.labelMicros = labelTs.isNullAt(row) ? Long.MIN_VALUE : labelTs.getLong(row);
        observation.delayMicros = delay.isNullAt(row) ? 0 : delay.getLong(row);
      }
    }

    /** The elements, NaN where one is null; null where all of it is. */
    private static double[] numbers(ColumnVector vector, int row) {
      if (vector.isNullAt(row)) {
        return null;
      }
      ColumnarArray array = vector.getArray(row);
      double[] numbers = new double[array.numElements()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = array.isNullAt(i) ? Double.NaN : array.getDouble(i);
      }
      return numbers;
    }

    private static double number(ColumnVector vector, int row, double absent) {
      return vector.isNullAt(row) ? absent : vector.getDouble(row);
    }

    private static String text(CategoryReader reader, int code) {
      return code == CategoryReader.NULL ? null : reader.unseenLabel(code);
    }
  }
}
