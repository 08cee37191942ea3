package dev.telltale.jobs.lake;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * One row of the run ledger; the columns of {@link Tables#RUNS}.
 *
 * @param runId run
 * @param job job
 * @param modelId model
 * @param from start of the interval
 * @param to end of the interval
 * @param outcome {@link #SUCCEEDED} or {@link #FAILED}
 * @param message why it failed
 * @param arguments what it was asked
 * @param configHash hash of the configuration
 * @param codeVersion version of Telltale
 * @param sources Delta version of every table read
 * @param restated starts of windows recomputed because their input changed
 * @param rowsRead rows read
 * @param bytesRead bytes read
 * @param rowsWritten rows written
 * @param seconds wall time
 * @param asOf run whose versions were read again
 * @param startedAt start
 * @param endedAt end
 */
public record RunEntry(
    String runId,
    String job,
    String modelId,
    Instant from,
    Instant to,
    String outcome,
    Optional<String> message,
    String arguments,
    String configHash,
    String codeVersion,
    Map<String, Long> sources,
    List<Instant> restated,
    long rowsRead,
    long bytesRead,
    long rowsWritten,
    double seconds,
    Optional<String> asOf,
    Instant startedAt,
    Instant endedAt) {
  /** The job did what it was asked. */
  public static final String SUCCEEDED = "SUCCEEDED";

  /** It did not, and wrote nothing. */
  public static final String FAILED = "FAILED";

  static RunEntry of(Row row) {
    List<Timestamp> restated = row.getList(row.fieldIndex("restated"));
    return new RunEntry(
        row.getAs("run_id"),
        row.getAs("job"),
        row.getAs("model_id"),
        instant(row, "interval_start"),
        instant(row, "interval_end"),
        row.getAs("outcome"),
        Optional.ofNullable(row.getAs("message")),
        row.getAs("arguments"),
        row.getAs("config_hash"),
        row.getAs("code_version"),
        Map.copyOf(row.getJavaMap(row.fieldIndex("sources"))),
        restated.stream().map(Timestamp::toInstant).toList(),
        row.<Long>getAs("rows_read"),
        row.<Long>getAs("bytes_read"),
        row.<Long>getAs("rows_written"),
        row.<Double>getAs("seconds"),
        Optional.ofNullable(row.getAs("as_of")),
        instant(row, "started_at"),
        instant(row, "computed_at"));
  }

  private static Instant instant(Row row, String column) {
    return row.<Timestamp>getAs(column).toInstant();
  }
}
