package dev.telltale.finding;

import java.time.Instant;
import java.util.List;

/**
 * One window of one model as the jobs left it.
 *
 * @param start start
 * @param end end, exclusive
 * @param profiled whether there is a profile: without one, the absence of a finding says nothing
 * @param findings findings of the window, at most one per subject and status, in any order
 */
public record ObservedWindow(Instant start, Instant end, boolean profiled, List<Finding> findings) {
  public ObservedWindow {
    findings = List.copyOf(findings);
  }
}
