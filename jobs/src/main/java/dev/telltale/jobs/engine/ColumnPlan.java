package dev.telltale.jobs.engine;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.StateFormat;
import java.io.Serializable;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How one column is profiled. Crosses to executors, hence a class and not a record.
 *
 * @see #kindOf
 */
public final class ColumnPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final ColumnKind kind;
  private final DataType type;
  private final byte[] anchors;

  /** A plan of the column {@code name} of this type in the source. */
  public ColumnPlan(String name, ColumnKind kind, DataType type, Anchors anchors) {
    this.name = name;
    this.kind = kind;
    this.type = type;
    this.anchors = StateFormat.write(anchors);
  }

  /**
   * Kind of a column of this type: numbers are quantities unless declared categorical, and those
   * with a floating point even then; strings and booleans are categories; what has parts or is
   * binary is skipped.
   */
  public static ColumnKind kindOf(DataType type, boolean declaredCategorical) {
    if (type instanceof StringType || type instanceof BooleanType) {
      return ColumnKind.CATEGORICAL;
    }
    if (type instanceof NumericType) {
      boolean inexact = type instanceof DoubleType || type instanceof FloatType;
      return declaredCategorical && !inexact ? ColumnKind.CATEGORICAL : ColumnKind.NUMERIC;
    }
    if (type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType) {
      return ColumnKind.TIMESTAMP;
    }
    return ColumnKind.SKIPPED;
  }

  /** The same column on other anchors. */
  public ColumnPlan withAnchors(Anchors others) {
    return new ColumnPlan(name, kind, type, others);
  }

  /** Name in the source. */
  public String name() {
    return name;
  }

  /** How the column is summarised. */
  public ColumnKind kind() {
    return kind;
  }

  /** Type in the source. */
  public DataType type() {
    return type;
  }

  /** What its counts are anchored on. */
  public Anchors anchors() {
    return StateFormat.readAnchors(anchors);
  }
}
