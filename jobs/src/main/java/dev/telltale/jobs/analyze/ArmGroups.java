package dev.telltale.jobs.analyze;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.Estimand;
import dev.telltale.jobs.engine.ArmMerge;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.profile.CategoryState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Folds rows of units into states by variant and segment. Crosses to executors, hence a class and
 * not a record.
 */
final class ArmGroups implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Position of the first value; the variant and the segments come before. */
  private final int firstValue;

  private final int[][] blocks;
  private final int[] denominators;
  private final ArrayList<String> segments = new ArrayList<>();
  private final ArrayList<HashSet<String>> kept = new ArrayList<>();

  /**
   * @param blocks values of each block, by their place among the values
   * @param denominators place in its block of each denominator, or {@link Estimand#NONE}
   * @param slices segments, in the order of their columns in the rows
   */
  ArmGroups(int[][] blocks, int[] denominators, List<SlicePlan> slices) {
    this.blocks = blocks.clone();
    this.denominators = denominators.clone();
    this.firstValue = 1 + slices.size();
    for (SlicePlan slice : slices) {
      segments.add(slice.key());
      HashSet<String> values = new HashSet<>();
      slice.values().forEach(value -> values.add(SlicePlan.join(value)));
      kept.add(values);
    }
  }

  /** Whose state it is: the variant, and a segment's key and value or nulls. */
  record Key(String variant, String segment, String value) {}

  /** Rows of a variant, a column per segment, and the values; one state per variant and segment. */
  Map<Key, ArmState> states(Dataset<Row> rows) {
    JavaPairRDD<List<String>, Tuple2<Integer, byte[]>> parts =
        rows.toJavaRDD()
            .mapPartitionsWithIndex(this::fold, false)
            .mapToPair(pair -> new Tuple2<>(pair._1, pair._2));
    Map<Key, ArmState> states = new HashMap<>();
    parts
        .groupByKey()
        .mapValues(ArmMerge::inOrder)
        .collect()
        .forEach(
            pair ->
                states.put(
                    new Key(pair._1.get(0), pair._1.get(1), pair._1.get(2)),
                    ArmState.read(pair._2)));
    return states;
  }

  private Iterator<Tuple2<List<String>, Tuple2<Integer, byte[]>>> fold(
      int partition, Iterator<Row> rows) {
    Map<List<String>, ArmState> states = new HashMap<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      double[][] values = values(row, blocks, firstValue);
      String variant = row.getString(0);
      add(states, key(variant, null, null), values);
      for (int segment = 0; segment < segments.size(); segment++) {
        add(states, key(variant, segments.get(segment), segmentValue(row, segment)), values);
      }
    }
    List<Tuple2<List<String>, Tuple2<Integer, byte[]>>> parts = new ArrayList<>();
    states.forEach(
        (key, state) -> parts.add(new Tuple2<>(key, new Tuple2<>(partition, state.toBytes()))));
    return parts.iterator();
  }

  private static List<String> key(String variant, String segment, String value) {
    // Lists that allow nulls, and that Java serialization takes.
    return new ArrayList<>(Arrays.asList(variant, segment, value));
  }

  private String segmentValue(Row row, int segment) {
    String value =
        row.isNullAt(1 + segment)
            ? SlicePlan.NULL
            : CategoryState.bounded(row.getString(1 + segment));
    return kept.get(segment).contains(value) ? value : SlicePlan.OTHER;
  }

  /** The values of each block; NaN where one is null. */
  static double[][] values(Row row, int[][] blocks, int firstValue) {
    double[][] values = new double[blocks.length][];
    for (int block = 0; block < blocks.length; block++) {
      values[block] = new double[blocks[block].length];
      for (int i = 0; i < blocks[block].length; i++) {
        int at = firstValue + blocks[block][i];
        values[block][i] = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
      }
    }
    return values;
  }

  private void add(Map<List<String>, ArmState> states, List<String> key, double[][] values) {
    ArmState state =
        states.computeIfAbsent(
            key,
            any -> new ArmState(Arrays.stream(blocks).mapToInt(block -> block.length).toArray()));
    state.addUnit();
    for (int block = 0; block < blocks.length; block++) {
      state.add(block, values[block], denominators[block]);
    }
  }
}
