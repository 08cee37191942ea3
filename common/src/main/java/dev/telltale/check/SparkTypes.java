package dev.telltale.check;

import java.util.Locale;
import java.util.Map;

/**
 * Names of types: Great Expectations takes those of Spark's classes, such as {@code LongType};
 * people also write what Spark prints, such as {@code bigint} and {@code decimal(10,2)}.
 */
final class SparkTypes {
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("tinyint", "ByteType"),
          Map.entry("smallint", "ShortType"),
          Map.entry("int", "IntegerType"),
          Map.entry("bigint", "LongType"),
          Map.entry("float", "FloatType"),
          Map.entry("double", "DoubleType"),
          Map.entry("decimal", "DecimalType"),
          Map.entry("string", "StringType"),
          Map.entry("binary", "BinaryType"),
          Map.entry("boolean", "BooleanType"),
          Map.entry("date", "DateType"),
          Map.entry("timestamp", "TimestampType"),
          Map.entry("timestamp_ntz", "TimestampNTZType"),
          Map.entry("array", "ArrayType"),
          Map.entry("map", "MapType"),
          Map.entry("struct", "StructType"));

  private SparkTypes() {}

  /** The class of a type. */
  static String className(String type) {
    String head = type.replaceAll("[(<].*", "");
    return CLASSES.getOrDefault(head, head);
  }

  static boolean same(String type, String name) {
    return name.replace(" ", "").toLowerCase(Locale.ROOT).equals(type)
        || name.equals(className(type));
  }
}
