package dev.telltale.finding;

import java.time.Instant;
import java.util.Optional;

/**
 * What one judged window said of a subject.
 *
 * @param windowStart start of the window
 * @param severity severity of the finding; empty where the window is quiet
 */
public record Judgement(Instant windowStart, Optional<Severity> severity) {
  /** Whether the window has the finding. */
  public boolean isFiring() {
    return severity.isPresent();
  }
}
