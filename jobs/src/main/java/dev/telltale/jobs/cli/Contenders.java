package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.jobs.bench.Measured;
import java.util.List;
import java.util.Locale;

/** What a bench measured, each beside the first. */
record Contenders(List<Measured> measured) {
  private static final double MEGABYTE = 1e6;

  /** Copies the list. */
  Contenders {
    measured = List.copyOf(measured);
  }

  /**
   * Adds them to an answer.
   *
   * @param ratio key of the seconds by those of the first
   */
  void addTo(ObjectNode json, String ratio) {
    ArrayNode contenders = json.putArray("contenders");
    for (Measured one : measured) {
      contenders
          .addObject()
          .put("name", one.name())
          .put("seconds", one.median())
          .put("seconds_fastest", one.fastest())
          .put("seconds_slowest", one.slowest())
          .put(ratio, ratio(one))
          .put("peak_heap_bytes", one.peakHeapBytes())
          .put("answer", one.answer());
    }
  }

  /** Name, seconds, ratio and megabytes of heap, for people. */
  List<String> cells(Measured one) {
    return List.of(
        one.name(),
        String.format(Locale.ROOT, "%.2f", one.median()),
        String.format(Locale.ROOT, "%.2f", ratio(one)),
        String.format(Locale.ROOT, "%,.0f", one.peakHeapBytes() / MEGABYTE));
  }

  /** Of the medians: the rounds are interleaved, so both have met the same machine. */
  private double ratio(Measured one) {
    return one.median() / measured.get(0).median();
  }
}
