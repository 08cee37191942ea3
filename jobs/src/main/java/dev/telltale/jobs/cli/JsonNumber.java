package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers in JSON, which has neither NaN nor infinities: null stands for them. */
final class JsonNumber {
  private JsonNumber() {}

  static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
