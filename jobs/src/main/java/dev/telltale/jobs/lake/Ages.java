package dev.telltale.jobs.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.apache.spark.sql.delta.actions.AddFile;

/** When the rows of a file are of, by its statistics. */
record Ages(Instant first, Instant last, boolean timeless) {
  private static final ObjectMapper JSON = new ObjectMapper();

  boolean isAllBefore(Instant time) {
    // Delta cuts statistics to milliseconds: the true maximum is less than one above.
    return !timeless && last.plusNanos(999_000).isBefore(time);
  }

  static Optional<Ages> of(AddFile file, String time) {
    if (file.stats() == null || file.stats().isEmpty() || file.deletionVector() != null) {
      return Optional.empty();
    }
    try {
      JsonNode stats = JSON.readTree(file.stats());
      JsonNode low = stats.path("minValues").path(time);
      JsonNode high = stats.path("maxValues").path(time);
      return low.isTextual() && high.isTextual()
          ? Optional.of(
              new Ages(
                  OffsetDateTime.parse(low.asText()).toInstant(),
                  OffsetDateTime.parse(high.asText()).toInstant(),
                  stats.path("nullCount").path(time).asLong(1) > 0))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
