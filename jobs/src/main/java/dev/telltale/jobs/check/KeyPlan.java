package dev.telltale.jobs.check;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * What a task does with the rows of {@link KeyScan}: which columns are a key, which rows offend.
 * Crosses to executors, hence a class and not a record.
 */
final class KeyPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Whether rows that offend are shown, beside the keys. */
  static final int NONE = -1;

  private final transient Map<String, Integer> places = new LinkedHashMap<>();
  private final ArrayList<Item> items = new ArrayList<>();
  private int[] ids = {};

  /** One thing to look for, of one expectation. */
  static final class Item implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Place of a truth value: whether the row counts. */
    final int flag;

    /** Places of the texts that are the key, or that show an offending row. */
    final int[] texts;

    /** Place of a number that belongs to the key; {@link #NONE} = none. */
    final int member;

    /** What is done with the row. */
    final Use use;

    Item(int flag, int[] texts, int member, Use use) {
      this.flag = flag;
      this.texts = texts.clone();
      this.member = member;
      this.use = use;
    }
  }

  /** What is done with a row that counts. */
  enum Use {
    /** The first of them are shown. */
    SHOWN,
    /** Rows of equal keys are counted, and some rows of repeated keys shown. */
    REPEATED,
    /** Rows of equal keys are counted, and what counts belongs to the keys themselves. */
    COUNTED,
    /** Like COUNTED, and every key is told. */
    LISTED
  }

  /** Columns that name a row. */
  void ids(List<String> columns) {
    ids = columns.stream().mapToInt(this::text).toArray();
  }

  /** Adds an item; its place is its number. */
  void add(String flag, List<String> texts, String member, Use use) {
    items.add(
        new Item(
            place("coalesce(" + flag + ", false)"),
            texts.stream().mapToInt(this::text).toArray(),
            member == null ? NONE : place("CAST(" + member + " AS INT)"),
            use));
  }

  private int text(String sql) {
    return place("CAST(" + sql + " AS STRING)");
  }

  private int place(String sql) {
    return places.computeIfAbsent(sql, absent -> places.size());
  }

  /** The columns that tasks read, in order. */
  Column[] columns() {
    List<Column> columns = new ArrayList<>();
    places.forEach((sql, place) -> columns.add(functions.expr(sql).as("c" + place)));
    return columns.toArray(Column[]::new);
  }

  List<Item> items() {
    return items;
  }

  int[] ids() {
    return ids.clone();
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Whether every row has to be seen. */
  boolean hasKeys() {
    return items.stream().anyMatch(item -> item.use != Use.SHOWN);
  }
}
