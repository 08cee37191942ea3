package dev.telltale.jobs.maintain;

import dev.telltale.jobs.config.ModelFile;
import java.util.List;
import java.util.Optional;

/**
 * What is to be erased.
 *
 * @param lake directory of the lake, or {@code CATALOG.SCHEMA}
 * @param models whose tables are looked through
 * @param subject whose rows
 * @param column column that says whose a row is; empty = what the model samples by, else the id of
 *     the prediction
 * @param runId id of the run
 * @param dryRun only say what would go
 */
public record EraseSpec(
    String lake,
    List<ModelFile> models,
    String subject,
    Optional<String> column,
    String runId,
    boolean dryRun) {}
