package dev.telltale.jobs;

/** Hears how far long work is; for people, decides nothing. */
@FunctionalInterface
public interface Progress {
  /** Says nothing. */
  Progress SILENT = (step, done, steps) -> {};

  /**
   * A step starts.
   *
   * @param step what it does, in a few words
   * @param done steps done so far
   * @param steps steps in all
   */
  void started(String step, int done, int steps);
}
