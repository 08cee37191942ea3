package dev.telltale.jobs.lake;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;

/** The table {@code runs}: what ran when, on which versions, with which outcome. Append only. */
public final class RunLedger {
  private final SparkSession spark;
  private final Lake lake;

  RunLedger(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  /** Adds entries, in one commit. */
  public void record(List<RunEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<Row> rows = new ArrayList<>();
    for (RunEntry entry : entries) {
      rows.add(
          RowFactory.create(
              entry.runId(),
              entry.job(),
              entry.modelId(),
              java.sql.Date.valueOf(
                  entry.startedAt().atZone(java.time.ZoneOffset.UTC).toLocalDate()),
              Timestamp.from(entry.from()),
              Timestamp.from(entry.to()),
              entry.outcome(),
              entry.message().orElse(null),
              entry.arguments(),
              entry.configHash(),
              entry.codeVersion(),
              JavaConverters.mapAsScalaMap(new LinkedHashMap<>(entry.sources())),
              JavaConverters.asScalaBuffer(entry.restated().stream().map(Timestamp::from).toList())
                  .toSeq(),
              entry.rowsRead(),
              entry.bytesRead(),
              entry.rowsWritten(),
              entry.seconds(),
              entry.asOf().orElse(null),
              Timestamp.from(entry.startedAt()),
              Timestamp.from(entry.endedAt())));
    }
    Dataset<Row> data = spark.createDataFrame(rows, Tables.RUNS.schema()).coalesce(1);
    lake.writer(entries.get(0).runId()).append(Tables.RUNS, data);
  }

  /** The successful run of a job with this run id; the last one if it was run again. */
  public Optional<RunEntry> find(String runId, String job) {
    return last(functions.col("run_id").equalTo(runId).and(functions.col("job").equalTo(job)));
  }

  /** All successful jobs of a run, the latest entry of each. */
  public List<RunEntry> find(String runId) {
    Map<String, RunEntry> latest = new LinkedHashMap<>();
    for (Row row : succeeded(functions.col("run_id").equalTo(runId)).collectAsList()) {
      RunEntry entry = RunEntry.of(row);
      latest.merge(entry.job(), entry, (a, b) -> a.endedAt().isAfter(b.endedAt()) ? a : b);
    }
    return List.copyOf(latest.values());
  }

  /** The last successful run of a job for a model that did not read old versions again. */
  public Optional<RunEntry> lastSucceeded(String modelId, String job) {
    return last(
        functions
            .col("model_id")
            .equalTo(modelId)
            .and(functions.col("job").equalTo(job))
            .and(functions.col("as_of").isNull()));
  }

  private Optional<RunEntry> last(org.apache.spark.sql.Column condition) {
    return succeeded(condition)
        .orderBy(functions.col("computed_at").desc())
        .limit(1)
        .collectAsList()
        .stream()
        .findFirst()
        .map(RunEntry::of);
  }

  private Dataset<Row> succeeded(org.apache.spark.sql.Column condition) {
    return lake.read(Tables.RUNS, lake.version(Tables.RUNS))
        .where(condition.and(functions.col("outcome").equalTo(RunEntry.SUCCEEDED)));
  }
}
