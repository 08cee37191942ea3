package dev.telltale.jobs.lake;

import dev.telltale.config.Privacy;
import dev.telltale.error.Errors;
import dev.telltale.jobs.Together;
import io.delta.exceptions.DeltaConcurrentModificationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The one way to write a result table. Every write is one Delta commit that carries the run id:
 * readers see all of it or nothing, and running it again replaces the same rows.
 *
 * <p>A replacement is what Spark's {@code replaceWhere} does, written as a Delta transaction: it
 * reads the scope's partitions, so that it conflicts with whoever writes them at the same time and
 * with nobody else, removes their files and adds new ones. Only the files to remove are found
 * without Spark, see {@link DeltaFiles}; that makes a small write five times as fast.
 */
public final class LakeWriter {
  private static final int ATTEMPTS = 5;
  private static final int ROWS_PER_TASK = 20_000;
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final SparkSession spark;
  private final Lake lake;
  private final String runId;
  private final boolean profiledSlices;

  LakeWriter(SparkSession spark, Lake lake, String runId) {
    this(spark, lake, runId, false);
  }

  private LakeWriter(SparkSession spark, Lake lake, String runId, boolean profiledSlices) {
    this.spark = spark;
    this.lake = lake;
    this.runId = runId;
    this.profiledSlices = profiledSlices;
  }

  /**
   * A writer that leaves out what is about a slice that is about few units in the window, where the
   * model file says how many are few: the profile has no state of it.
   */
  public LakeWriter without(Privacy privacy) {
    return new LakeWriter(spark, lake, runId, privacy.units().isPresent());
  }

  /**
   * Replaces the rows of {@code scopes} by {@code rows}; an empty data set clears them.
   *
   * @param rows columns of the table by name, all within the scopes
   * @return rows written
   */
  public long replace(Tables table, List<WindowScope> scopes, Dataset<Row> rows) {
    List<WindowScope> wanted = scopes.stream().filter(scope -> !scope.windows().isEmpty()).toList();
    if (wanted.isEmpty()) {
      return 0;
    }
    boolean whole = wanted.stream().allMatch(WindowScope::fillsPartitions);
    String replaced =
        wanted.stream()
            .map(scope -> "(" + scope.predicate() + ")")
            .collect(Collectors.joining(" OR "));
    return commit(
        table,
        new Replacement(wanted, whole ? Optional.empty() : Optional.of(functions.expr(replaced))),
        profiledSlices && Arrays.asList(rows.columns()).contains("slice_key")
            ? ofProfiledSlices(rows, wanted)
            : rows);
  }

  private Dataset<Row> ofProfiledSlices(Dataset<Row> rows, List<WindowScope> scopes) {
    String[] key = {"window_start", "granularity", "model_version", "slice_key", "slice_value"};
    Dataset<Row> profiled =
        scopes.stream()
            .map(scope -> lake.read(Tables.PROFILE_STATES, scope.ofAllRows()))
            .reduce(Dataset::unionByName)
            .orElseThrow()
            .where("column_name = ':table'")
            .select(key[0], Arrays.copyOfRange(key, 1, key.length));
    Column whole = functions.col("slice_key").isNull();
    Column equal = functions.lit(true);
    for (String column : key) {
      equal = equal.and(rows.col(column).eqNullSafe(profiled.col(column)));
    }
    return rows.where(whole)
        .unionByName(rows.where(functions.not(whole)).join(profiled, equal, "left_semi"));
  }

  /** Replaces the rows of {@code scopes} by rows that are on the driver. */
  public long replace(Tables table, List<WindowScope> scopes, List<Row> rows) {
    // Most findings are none, and a commit that changes nothing costs as much as one that does.
    return rows.isEmpty() && !hasFiles(table, scopes)
        ? 0
        : replace(table, scopes, data(table, rows));
  }

  private boolean hasFiles(Tables table, List<WindowScope> scopes) {
    long version =
        lake.address(table)
            .existingLog(spark)
            .update(false, Option.empty(), Option.empty())
            .version();
    return !lake.address(table)
        .files(spark, version)
        .added(partition -> scopes.stream().anyMatch(scope -> scope.hasPartition(partition)))
        .isEmpty();
  }

  /**
   * Replaces rows of several tables at the same time: most of a small commit is waiting.
   *
   * @return rows written
   */
  public long together(List<Supplier<Long>> replacements) {
    return Together.all(replacements.size(), replacements).stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Replaces the rows of one baseline; other baselines of the model stay. */
  public void replaceBaseline(Tables table, String modelId, String baselineId, Dataset<Row> rows) {
    commit(
        table,
        new Replacement(
            List.of(WindowScope.baseline(modelId)),
            Optional.of(functions.col("baseline_id").equalTo(baselineId))),
        rows);
  }

  /** Appends rows, to a table that only grows. */
  public void append(Tables table, List<Row> rows) {
    commit(table, null, data(table, rows));
  }

  /** Small tasks and few files: a row of text is some hundred bytes. */
  private Dataset<Row> data(Tables table, List<Row> rows) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return spark.createDataFrame(
        context.parallelize(rows, 1 + rows.size() / ROWS_PER_TASK), table.schema());
  }

  /**
   * What a commit replaces.
   *
   * @param scopes the partitions, and what to say of them
   * @param replaced which of their rows; empty = all
   */
  private record Replacement(List<WindowScope> scopes, Optional<Column> replaced) {
    boolean hasPartition(Map<String, String> partition) {
      return scopes.stream().anyMatch(scope -> scope.hasPartition(partition));
    }

    String partitions() {
      return scopes.stream()
          .map(scope -> "(" + scope.partitions() + ")")
          .collect(Collectors.joining(" OR "));
    }
  }

  private long commit(Tables table, Replacement replacement, Dataset<Row> rows) {
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(table, replacement, rows);
      } catch (DeltaConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  private long attempt(Tables table, Replacement replacement, Dataset<Row> rows) {
    DeltaLog log = lake.address(table).existingLog(spark);
    OptimisticTransaction transaction = log.startTransaction(Option.empty(), Option.empty());
    Dataset<Row> all = rows;
    List<AddFile> old = List.of();
    Predicate<Map<String, String>> inScope = partition -> true;
    if (replacement != null) {
      inScope = replacement::hasPartition;
      old = lake.address(table).files(spark, transaction.readVersion()).added(inScope);
      transaction.trackReadPredicates(
          seq(List.of(functions.expr(replacement.partitions()).expr())), true, true);
      transaction.trackFilesRead(seq(old));
      if (replacement.replaced().isPresent() && !old.isEmpty()) {
        Column kept =
            functions.not(functions.coalesce(replacement.replaced().get(), functions.lit(false)));
        all =
            rows.unionByName(
                log.createDataFrame(transaction.snapshot(), seq(old), false, Option.empty())
                    .where(kept));
      }
    }
    List<Action> actions =
        new ArrayList<>(JavaConverters.seqAsJavaList(transaction.writeFiles(all)));
    long written = 0;
    for (Action action : actions) {
      if (action instanceof AddFile add) {
        written += add.numLogicalRecords().getOrElse(() -> 0L);
      }
      if (action instanceof AddFile add
          && !inScope.test(JavaConverters.mapAsJavaMap(add.partitionValues()))) {
        throw new IllegalStateException(
            table.tableName() + " was given rows outside of what is replaced: " + add.path());
      }
    }
    long now = System.currentTimeMillis();
    old.forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
    transaction.commit(
        seq(actions),
        new DeltaOperations.Write(
            replacement == null ? SaveMode.Append : SaveMode.Overwrite,
            Option.apply(seq(table.partitionColumns())),
            Option.apply(replacement == null ? null : replacement.partitions()),
            Option.apply("{\"run_id\":\"" + runId + "\"}")));
    return written;
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }

  /** Random, so that writers that met once do not meet again. */
  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.interrupted();
    }
  }
}
