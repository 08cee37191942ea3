package dev.telltale.jobs.system;

import java.time.Instant;

/**
 * Crash reports of one window, version and signature.
 *
 * @param version null = not known
 * @param signature hash of the text
 * @param title first line of the text
 * @param crashes reports
 * @param first time of the first of them
 * @param last time of the last of them
 */
record CrashGroup(
    Instant window,
    String version,
    String signature,
    String title,
    long crashes,
    Instant first,
    Instant last) {
  /** Signature of those that are too many to name. */
  static final String OTHER = "OTHER";

  boolean isNamed() {
    return !signature.equals(OTHER);
  }
}
