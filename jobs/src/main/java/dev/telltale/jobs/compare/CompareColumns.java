package dev.telltale.jobs.compare;

import dev.telltale.error.Errors;
import dev.telltale.error.NearestName;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Which columns of two data sets are compared, and why the others are not. */
final class CompareColumns {
  private final CompareSpec spec;
  private final StructType reference;
  private final StructType current;
  private final List<Pair> pairs = new ArrayList<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  /** A column on both sides; the types may differ, the kinds do not. */
  record Pair(ColumnPlan reference, ColumnPlan current) {
    String name() {
      return reference.name();
    }

    Pair withAnchors(Anchors anchors) {
      return new Pair(reference.withAnchors(anchors), current.withAnchors(anchors));
    }
  }

  /**
   * Chooses.
   *
   * @throws dev.telltale.error.TelltaleException if a column that was asked for cannot be compared,
   *     or nothing is left
   */
  CompareColumns(CompareSpec spec, StructType reference, StructType current) {
    this.spec = spec;
    this.reference = reference;
    this.current = current;
    Set<String> names = new LinkedHashSet<>(Arrays.asList(reference.fieldNames()));
    names.addAll(Arrays.asList(current.fieldNames()));
    for (List<String> asked : List.of(spec.columns(), spec.categorical())) {
      for (String name : asked) {
        if (!names.contains(name)) {
          throw Errors.unknownColumn(
              name,
              NearestName.hint(name, names),
              spec.reference(),
              spec.current(),
              String.join(", ", names));
        }
      }
    }
    (spec.columns().isEmpty() ? names : new LinkedHashSet<>(spec.columns())).forEach(this::choose);
    if (pairs.isEmpty()) {
      throw Errors.nothingToCompare(spec.reference(), spec.current(), skipped);
    }
  }

  private void choose(String name) {
    if (!has(reference, name)) {
      skip(name, "only " + spec.current() + " has it");
      return;
    }
    if (!has(current, name)) {
      skip(name, "only " + spec.reference() + " has it");
      return;
    }
    DataType before = reference.apply(name).dataType();
    DataType now = current.apply(name).dataType();
    boolean declared = spec.categorical().contains(name);
    ColumnKind kind = ColumnPlan.kindOf(before, declared);
    if (declared && kind == ColumnKind.NUMERIC) {
      throw Errors.usage(
          "Column " + name + " cannot be categorical.",
          "It is of type " + before.simpleString() + " in " + spec.reference() + ".",
          "Leave it out of --categorical; strings, booleans, whole numbers and decimals can be.");
    }
    if (kind != ColumnPlan.kindOf(now, declared)) {
      skip(name, "its types do not compare: " + before.simpleString() + ", " + now.simpleString());
    } else if (kind == ColumnKind.SKIPPED) {
      skip(name, "columns of type " + before.simpleString() + " are not compared");
    } else if (kind == ColumnKind.TIMESTAMP && spec.columns().isEmpty()) {
      skipped.put(name, "time moves on without drifting; name it with --columns to compare it");
    } else {
      pairs.add(
          new Pair(
              new ColumnPlan(name, kind, before, Anchors.NONE),
              new ColumnPlan(name, kind, now, Anchors.NONE)));
    }
  }

  private void skip(String name, String why) {
    if (spec.columns().contains(name)) {
      throw Errors.notComparable(name, why);
    }
    skipped.put(name, why);
  }

  private static boolean has(StructType schema, String name) {
    return Arrays.asList(schema.fieldNames()).contains(name);
  }

  /** The columns compared, in the order of the reference or as they were asked for. */
  List<Pair> pairs() {
    return pairs;
  }

  /** Why each of the other columns is not compared. */
  Map<String, String> skipped() {
    return skipped;
  }
}
