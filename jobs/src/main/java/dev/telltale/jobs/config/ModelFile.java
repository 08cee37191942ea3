package dev.telltale.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.config.ModelConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
    byte[] text = effective(config).getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
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
