package dev.telltale.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.jobs.Sha256;
import java.util.HexFormat;

/** An effective configuration as text, and its hash. */
final class EffectiveText {
  private EffectiveText() {}

  /** The JSON on one line, in the order that it has. */
  static String of(ObjectNode json) {
    try {
      return new ObjectMapper().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values can be written", e);
    }
  }

  /** SHA-256 of the text, hex. */
  static String hash(ObjectNode json) {
    return HexFormat.of().formatHex(Sha256.of(of(json)));
  }
}
