package dev.telltale.jobs;

import dev.telltale.jobs.lake.Lake;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** One job of the night. The runner opens the lake, calls it and keeps the ledger. */
public interface NightlyJob {
  /** Name on the command line and in the ledger. */
  String name();

  /**
   * Does the work for {@code spec}; running it again gives the same rows.
   *
   * @throws dev.telltale.error.TelltaleException for what the user can mend; nothing is written
   *     then
   */
  Result run(SparkSession spark, Lake lake, NightSpec spec);

  /**
   * What a job did.
   *
   * @param sources Delta version of every table read, by location
   * @param restated starts of windows before the interval that were recomputed, as their input
   *     changed
   * @param rowsRead rows read from the sources
   * @param bytesRead bytes read from the sources
   * @param rowsWritten rows written to the result tables
   * @param summary what a person wants to know, in this order; JSON-friendly values
   */
  record Result(
      Map<String, Long> sources,
      List<Instant> restated,
      long rowsRead,
      long bytesRead,
      long rowsWritten,
      Map<String, Object> summary) {
    /** Of a job that had nothing to do, or was only asked what it would do. */
    public static Result nothingDone(
        Map<String, Long> sources, Collection<Instant> restated, Map<String, Object> summary) {
      return new Result(sources, List.copyOf(restated), 0, 0, 0, summary);
    }
  }
}
