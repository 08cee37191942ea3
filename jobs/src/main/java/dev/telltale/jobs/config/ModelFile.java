package dev.telltale.jobs.config;

import dev.telltale.config.ModelConfig;

/**
 * A model file that was read and checked.
 *
 * @param file where it is
 * @param config the model, with the defaults filled in
 */
public record ModelFile(String file, ModelConfig config) {
  /** {@link #hash(ModelConfig)} of the model. */
  public String hash() {
    return hash(config);
  }

  /**
   * SHA-256 of the effective configuration, hex. Comments, order of keys and spelled-out defaults
   * do not change it.
   */
  public static String hash(ModelConfig config) {
    return EffectiveText.hash(ModelMapping.write(config));
  }

  /** The effective configuration as JSON, in the words of the model file. */
  public static String effective(ModelConfig config) {
    return EffectiveText.of(ModelMapping.write(config));
  }
}
