package dev.telltale.jobs.engine;

import java.util.Set;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.RowToColumnarExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.Iterator;

/**
 * A data set as batches of columns, with as little between the Parquet pages and the states as the
 * plan allows. The one class that looks into Spark's physical plans.
 *
 * <p>A plan that is a plain file scan, under nothing but a choice of columns and a filter that the
 * pass repeats itself (event and upload time), is read columnar. Every other plan (deletion
 * vectors, CSV, expressions) runs as Spark planned it and its rows are put into batches.
 */
final class BatchSource {
  private final RDD<ColumnarBatch> batches;
  private final StructType schema;

  private BatchSource(RDD<ColumnarBatch> batches, StructType schema) {
    this.batches = batches;
    this.schema = schema;
  }

  /**
   * Plans the reading of {@code data}.
   *
   * @param filteredColumns the only columns that a filter may touch for the columnar way
   */
  static BatchSource of(Dataset<Row> data, Set<String> filteredColumns) {
    SparkPlan plan = data.queryExecution().executedPlan();
    FileSourceScanExec scan = plainScan(plan, filteredColumns);
    if (scan != null && scan.supportsColumnar()) {
      return new BatchSource(StablePartitions.of(scan, scan.executeColumnar()), scan.schema());
    }
    RDD<ColumnarBatch> batches = new RowToColumnarExec(plan).executeColumnar();
    FileSourceScanExec onlyScan = scanAtEnd(plan);
    return new BatchSource(
        onlyScan == null ? batches : StablePartitions.of(onlyScan, batches), plan.schema());
  }

  /** The scan that a plan without branches begins with, or null. */
  private static FileSourceScanExec scanAtEnd(SparkPlan plan) {
    if (plan instanceof FileSourceScanExec scan) {
      return scan;
    }
    return plan.children().size() == 1 ? scanAtEnd(plan.children().head()) : null;
  }

  RDD<ColumnarBatch> batches() {
    return batches;
  }

  /** Columns of the batches, in their order. */
  StructType schema() {
    return schema;
  }

  private static FileSourceScanExec plainScan(SparkPlan plan, Set<String> filteredColumns) {
    if (plan instanceof FileSourceScanExec scan) {
      return scan;
    }
    boolean transparent =
        plan instanceof WholeStageCodegenExec
            || plan instanceof InputAdapter
            || plan instanceof ColumnarToRowExec
            || (plan instanceof ProjectExec project && onlyChooses(project))
            || (plan instanceof FilterExec filter && touchesOnly(filter, filteredColumns));
    return transparent ? plainScan(plan.children().head(), filteredColumns) : null;
  }

  private static boolean onlyChooses(ProjectExec project) {
    Iterator<NamedExpression> expressions = project.projectList().iterator();
    while (expressions.hasNext()) {
      if (!(expressions.next() instanceof Attribute)) {
        return false;
      }
    }
    return true;
  }

  private static boolean touchesOnly(FilterExec filter, Set<String> columns) {
    Iterator<Attribute> references = filter.references().iterator();
    while (references.hasNext()) {
      if (!columns.contains(references.next().name())) {
        return false;
      }
    }
    return true;
  }
}
