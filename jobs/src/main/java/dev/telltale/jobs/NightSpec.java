package dev.telltale.jobs;

import dev.telltale.config.ModelConfig;
import java.time.Instant;
import java.util.Optional;

/**
 * What one nightly job is asked to do for one model.
 *
 * @param lake directory of the lake, or {@code CATALOG.SCHEMA}
 * @param model the model, validated
 * @param configHash SHA-256 of the effective configuration of the model, hex
 * @param from start of the interval, inclusive
 * @param to end of the interval, exclusive; after {@code from}
 * @param runId id of the run; all jobs of one night share it
 * @param asOf a run whose source versions are read again instead of the latest
 * @param dryRun say what would be done, write nothing
 */
public record NightSpec(
    String lake,
    ModelConfig model,
    String configHash,
    Instant from,
    Instant to,
    String runId,
    Optional<String> asOf,
    boolean dryRun) {}
