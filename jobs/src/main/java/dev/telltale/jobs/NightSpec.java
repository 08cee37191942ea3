package dev.telltale.jobs;

import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.config.ExperimentFile;
import java.time.Instant;
import java.util.List;
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
 * @param experiments the model's experiments, validated
 */
public record NightSpec(
    String lake,
    ModelConfig model,
    String configHash,
    Instant from,
    Instant to,
    String runId,
    Optional<String> asOf,
    boolean dryRun,
    List<ExperimentFile> experiments) {
  /** Copies the list. */
  public NightSpec {
    experiments = List.copyOf(experiments);
  }

  /** Of a model without experiments. */
  public NightSpec(
      String lake,
      ModelConfig model,
      String configHash,
      Instant from,
      Instant to,
      String runId,
      Optional<String> asOf,
      boolean dryRun) {
    this(lake, model, configHash, from, to, runId, asOf, dryRun, List.of());
  }

  /** The same with experiments. */
  public NightSpec with(List<ExperimentFile> declared) {
    return new NightSpec(lake, model, configHash, from, to, runId, asOf, dryRun, declared);
  }
}
