package dev.telltale.jobs.lake;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.JavaConverters;

/** The table {@code runs}: what ran when, on which versions, with which outcome. Append only. */
public final class RunLedger {
  private final Lake lake;

  RunLedger(Lake lake) {
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
    lake.writer(entries.get(0).runId()).append(Tables.RUNS, rows);
  }

  /** The successful run of a job with this run id; the last one if it was run again. */
  public Optional<RunEntry> find(String runId, String job) {
    return last(entry -> entry.runId().equals(runId) && entry.job().equals(job));
  }

  /** Windows that a job recomputed in a run because their input had changed; none if unknown. */
  public NavigableSet<Instant> restated(String runId, String job) {
    return find(runId, job)
        .<NavigableSet<Instant>>map(entry -> new TreeSet<>(entry.restated()))
        .orElseGet(TreeSet::new);
  }

  /** All successful jobs of a run, the latest entry of each. */
  public List<RunEntry> find(String runId) {
    Map<String, RunEntry> latest = new LinkedHashMap<>();
    newestFirst().stream()
        .flatMap(RunLedger::succeeded)
        .filter(entry -> entry.runId().equals(runId))
        .forEach(entry -> latest.merge(entry.job(), entry, RunLedger::later));
    return List.copyOf(latest.values());
  }

  /** The last successful run of a job for a model that did not read old versions again. */
  public Optional<RunEntry> lastSucceeded(String modelId, String job) {
    return last(
        entry ->
            entry.modelId().equals(modelId) && entry.job().equals(job) && entry.asOf().isEmpty());
  }

  /** Models of which a job has read a table in a successful run. */
  public SortedSet<String> modelsThatRead(String location, String job) {
    return newestFirst().stream()
        .flatMap(RunLedger::succeeded)
        .filter(entry -> entry.job().equals(job) && entry.sources().containsKey(location))
        .map(RunEntry::modelId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a successful run of a job covers an interval of a model. */
  public boolean covers(String modelId, String job, Instant from, Instant to) {
    return newestFirst().stream()
        .flatMap(RunLedger::succeeded)
        .anyMatch(
            entry ->
                entry.modelId().equals(modelId)
                    && entry.job().equals(job)
                    && !entry.from().isAfter(from)
                    && !entry.to().isBefore(to));
  }

  /** Reads no further than it must: what a file says ended before the file was written. */
  private Optional<RunEntry> last(Predicate<RunEntry> condition) {
    Optional<RunEntry> last = Optional.empty();
    for (DeltaFiles.File file : newestFirst()) {
      if (last.isPresent() && last.get().endedAt().isAfter(file.writtenAt())) {
        return last;
      }
      last =
          Stream.concat(last.stream(), succeeded(file).filter(condition)).reduce(RunLedger::later);
    }
    return last;
  }

  private static RunEntry later(RunEntry one, RunEntry other) {
    return one.endedAt().isAfter(other.endedAt()) ? one : other;
  }

  private static Stream<RunEntry> succeeded(DeltaFiles.File file) {
    return file.rows().get().stream()
        .map(RunEntry::of)
        .filter(entry -> entry.outcome().equals(RunEntry.SUCCEEDED));
  }

  /** As the ledger is now: what ran is never read at an old version. */
  private List<DeltaFiles.File> newestFirst() {
    return lake.latest().files(Tables.RUNS).newestFirst(Tables.RUNS.schema());
  }
}
