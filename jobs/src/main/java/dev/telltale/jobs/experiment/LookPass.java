package dev.telltale.jobs.experiment;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.telltale.experiment.ArmState;
import dev.telltale.jobs.engine.ArmMerge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * One pass over the kept days of exposures and facts for all experiments and looks: a shuffle by
 * unit, then {@link UnitFold}. What reaches the driver are states, not units.
 */
final class LookPass {
  private static final String UNIT = "unit";
  private static final String IS_FACT = "is_fact";
  private static final String PLACE = "place";
  private static final String DAY = "day";

  private final LookPlan plan;
  private final Map<String, Integer> sources;

  LookPass(LookPlan plan, List<FactSource> facts) {
    this.plan = plan;
    this.sources = LookPlan.places(facts);
  }

  /**
   * The states.
   *
   * @param exposures the columns {@code trial}, {@code window_date}, {@code unit}, {@code variant},
   *     {@code is_excluded}, {@code segments} and {@code facts}
   * @param facts the columns {@code place} (of the source), {@code window_date}, {@code unit} and
   *     {@code values}
   */
  Map<UnitFold.Key, ArmState> states(Dataset<Row> exposures, Dataset<Row> facts) {
    Column day = functions.unix_date(col("window_date")).as(DAY);
    Dataset<Row> rows =
        exposures
            .select(
                col(UNIT),
                lit(false).as(IS_FACT),
                day,
                col("trial").as(PLACE),
                col("variant"),
                col("is_excluded"),
                col("segments"),
                col("facts"),
                lit(null).cast("array<double>").as("values"))
            .unionByName(
                facts.select(
                    col(UNIT),
                    lit(true).as(IS_FACT),
                    day,
                    col(PLACE),
                    lit(null).cast("string").as("variant"),
                    lit(null).cast("boolean").as("is_excluded"),
                    lit(null).cast("array<string>").as("segments"),
                    lit(null).cast("array<struct<source:string,values:array<double>>>").as("facts"),
                    col("values")))
            .where(col(UNIT).isNotNull())
            .repartition(col(UNIT))
            // The order in which numbers are added is that of the days, whatever wrote them when.
            .sortWithinPartitions(UNIT, IS_FACT, DAY, PLACE);
    Map<UnitFold.Key, ArmState> states = new HashMap<>();
    rows.queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitionsWithIndex(new Fold(plan, sources)::states, false)
        .mapToPair(pair -> new Tuple2<>(pair._1, pair._2))
        .groupByKey()
        .mapValues(ArmMerge::inOrder)
        .collect()
        .forEach(pair -> states.put(pair._1, ArmState.read(pair._2)));
    return states;
  }

  /** The task. Crosses to executors. */
  private static final class Fold implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private static final int OF_PART = 2;

    private final LookPlan plan;
    private final HashMap<String, Integer> sources;

    Fold(LookPlan plan, Map<String, Integer> sources) {
      this.plan = plan;
      this.sources = new HashMap<>(sources);
    }

    Iterator<Tuple2<UnitFold.Key, Tuple2<Integer, byte[]>>> states(
        int task, Iterator<InternalRow> rows) {
      UnitFold fold = new UnitFold(plan);
      UTF8String unit = null;
      while (rows.hasNext()) {
        InternalRow row = rows.next();
        UTF8String next = row.getUTF8String(0);
        if (!next.equals(unit)) {
          if (unit != null) {
            fold.end();
          }
          // The row's memory is used again for the next one.
          unit = next.copy();
          fold.begin();
        }
        if (row.getBoolean(1)) {
          fold.facts(row.getInt(3), row.getInt(2), row.getArray(8).toDoubleArray());
        } else {
          exposure(fold, row);
        }
      }
      if (unit != null) {
        fold.end();
      }
      List<Tuple2<UnitFold.Key, Tuple2<Integer, byte[]>>> parts = new ArrayList<>();
      fold.states()
          .forEach(
              (key, state) -> parts.add(new Tuple2<>(key, new Tuple2<>(task, state.toBytes()))));
      return parts.iterator();
    }

    private void exposure(UnitFold fold, InternalRow row) {
      int day = row.getInt(2);
      int trial = row.getInt(3);
      ArrayData values = row.getArray(6);
      String[] segments = new String[values.numElements()];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = values.isNullAt(i) ? null : values.getUTF8String(i).toString();
      }
      fold.exposure(
          trial,
          day,
          row.isNullAt(4) ? null : row.getUTF8String(4).toString(),
          row.getBoolean(5),
          segments);
      ArrayData facts = row.getArray(7);
      for (int i = 0; i < facts.numElements(); i++) {
        InternalRow part = facts.getStruct(i, OF_PART);
        Integer source = sources.get(part.getUTF8String(0).toString());
        if (source != null) {
          fold.factsFrom(trial, day, source, part.getArray(1).toDoubleArray());
        }
      }
    }
  }
}
