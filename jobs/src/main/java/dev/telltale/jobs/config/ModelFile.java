package dev.telltale.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.ModelConfig;
import dev.telltale.jobs.Sha256;
import java.util.HexFormat;

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
    return HexFormat.of().formatHex(Sha256.of(effective(config)));
  }

  /** The effective configuration as JSON, in the words of the model file. */
  public static String effective(ModelConfig config) {
    try {
      return new ObjectMapper().writeValueAsString(ModelMapping.write(config));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values can be written", e);
    }
  }
}
