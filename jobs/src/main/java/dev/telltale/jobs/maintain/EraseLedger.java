package dev.telltale.jobs.maintain;

import dev.telltale.jobs.config.ModelFile;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.night.CodeVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger's row of an erasure; it says nothing of whom. */
final class EraseLedger {
  private static final double NANOS_PER_SECOND = 1e9;

  private EraseLedger() {}

  static RunEntry entry(EraseSpec spec, ModelFile file, Instant started) {
    Instant ended = Instant.now();
    String model = file.config().model();
    return new RunEntry(
        spec.runId(),
        EraseJob.NAME,
        model,
        started,
        started,
        RunEntry.SUCCEEDED,
        Optional.empty(),
        EraseJob.NAME + " --model " + model,
        file.hash(),
        CodeVersion.current(),
        Map.of(),
        List.of(),
        0,
        0,
        0,
        Duration.between(started, ended).toNanos() / NANOS_PER_SECOND,
        Optional.empty(),
        started,
        ended);
  }
}
