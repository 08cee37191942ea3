package dev.telltale.jobs.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.FileScanRDD;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The batches of a file scan, in partitions that a file belongs to by what it is itself: which
 * other files are read, and on how many cores, changes neither the division of its rows nor their
 * order.
 *
 * <p>Moments and sketches depend on the order of rows, if only in their last bits. Spark fills its
 * tasks up by size, so that the rows of a day would be added in one way on that day, in another
 * once the table has grown, and in a third on a larger cluster: the same rows, other states.
 *
 * <p>A long file is cut every {@link #CUT_BYTES}, each piece a partition; short ones share {@link
 * #SHARED} partitions. Files are ordered by size and time before name, because names are random:
 * most copies of a table give the same states, too.
 */
final class StablePartitions extends RDD<ColumnarBatch> {
  /** Parquet's row groups are seldom shorter, and are not divided. */
  private static final long CUT_BYTES = 32L << 20;

  /** A shorter file is worth neither a task of its own nor states of its own in the shuffle. */
  private static final long SHORT_BYTES = 8L << 20;

  private static final int SHARED = 16;

  private static final Comparator<PartitionedFile> ORDER =
      Comparator.comparingLong(PartitionedFile::fileSize)
          .thenComparingLong(PartitionedFile::modificationTime)
          .thenComparing(file -> file.toPath().getName())
          .thenComparing(PartitionedFile::urlEncodedPath);

  private static final long serialVersionUID = 1L;

  private final RDD<ColumnarBatch> batches;
  private final transient List<FilePartition> partitions;

  private StablePartitions(RDD<ColumnarBatch> batches, List<FilePartition> partitions) {
    super(batches.context(), seq(List.of()), batches.elementClassTag());
    this.batches = batches;
    this.partitions = partitions;
  }

  /**
   * The same batches, divided anew.
   *
   * @param batches what a plan makes of the scan's files, partition by partition
   * @return {@code batches} itself if it is more than one scan's partitions, one by one
   */
  static RDD<ColumnarBatch> of(FileSourceScanExec scan, RDD<ColumnarBatch> batches) {
    return files(batches)
        .<RDD<ColumnarBatch>>map(
            files -> new StablePartitions(batches, divide(scan.relation(), files)))
        .orElse(batches);
  }

  /** The files under a chain of one-to-one steps, which hand a partition down to the scan. */
  private static Optional<List<PartitionedFile>> files(RDD<?> rdd) {
    // Asking for the dependencies also makes each step keep them: executors need them.
    List<Dependency<?>> parents = JavaConverters.seqAsJavaList(rdd.dependencies());
    if (rdd instanceof FileScanRDD scan) {
      List<PartitionedFile> files = new ArrayList<>();
      for (FilePartition partition : JavaConverters.seqAsJavaList(scan.filePartitions())) {
        files.addAll(List.of(partition.files()));
      }
      return Optional.of(files);
    }
    return parents.size() == 1 && parents.get(0) instanceof OneToOneDependency<?>
        ? files(parents.get(0).rdd())
        : Optional.empty();
  }

  private static List<FilePartition> divide(
      HadoopFsRelation relation, List<PartitionedFile> pieces) {
    Map<String, PartitionedFile> files = new TreeMap<>();
    pieces.forEach(piece -> files.putIfAbsent(piece.urlEncodedPath(), piece));
    SortedMap<Integer, List<PartitionedFile>> shared = new TreeMap<>();
    List<List<PartitionedFile>> single = new ArrayList<>();
    for (PartitionedFile file : files.values().stream().sorted(ORDER).toList()) {
      if (file.fileSize() < SHORT_BYTES) {
        shared
            .computeIfAbsent(share(file.fileSize()), key -> new ArrayList<>())
            .add(part(file, 0, file.fileSize()));
      } else {
        cut(relation, file).forEach(part -> single.add(List.of(part)));
      }
    }
    List<List<PartitionedFile>> divided = new ArrayList<>(shared.values());
    divided.addAll(single);
    List<FilePartition> partitions = new ArrayList<>();
    for (List<PartitionedFile> part : divided) {
      partitions.add(new FilePartition(partitions.size(), part.toArray(PartitionedFile[]::new)));
    }
    return partitions;
  }

  private static List<PartitionedFile> cut(HadoopFsRelation relation, PartitionedFile file) {
    boolean splitable =
        relation
            .fileFormat()
            .isSplitable(relation.sparkSession(), relation.options(), file.toPath());
    long size = file.fileSize();
    long length = splitable ? CUT_BYTES : size;
    List<PartitionedFile> parts = new ArrayList<>();
    for (long start = 0; start < size; start += length) {
      parts.add(part(file, start, Math.min(length, size - start)));
    }
    return parts;
  }

  /** Sizes of a kind of file are alike, so that their low bits alone would not spread them. */
  private static int share(long size) {
    return (int) Long.remainderUnsigned((size * 0x9E3779B97F4A7C15L) >>> 32, SHARED);
  }

  private static PartitionedFile part(PartitionedFile file, long start, long length) {
    return file.copy(
        file.partitionValues(),
        file.filePath(),
        start,
        length,
        file.locations(),
        file.modificationTime(),
        file.fileSize(),
        file.otherConstantMetadataColumnValues());
  }

  @Override
  public Iterator<ColumnarBatch> compute(Partition partition, TaskContext context) {
    return batches.compute(partition, context);
  }

  @Override
  public Partition[] getPartitions() {
    return partitions.toArray(Partition[]::new);
  }

  @Override
  public Seq<String> getPreferredLocations(Partition partition) {
    return seq(List.of(((FilePartition) partition).preferredLocations()));
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }
}
