package dev.telltale.jobs.config;

import dev.telltale.config.Experiment;

/**
 * An experiment file that was read and checked.
 *
 * @param file where it is
 * @param config the experiment, with the defaults filled in
 */
public record ExperimentFile(String file, Experiment config) {
  /** {@link #hash(Experiment)} of the experiment. */
  public String hash() {
    return hash(config);
  }

  /**
   * SHA-256 of the effective configuration, hex. Comments, order of keys and spelled-out defaults
   * do not change it; the order of the variants and of the metrics does.
   */
  public static String hash(Experiment config) {
    return EffectiveText.hash(ExperimentMapping.write(config));
  }

  /** The effective configuration as JSON, in the words of the experiment file. */
  public static String effective(Experiment config) {
    return EffectiveText.of(ExperimentMapping.write(config));
  }
}
