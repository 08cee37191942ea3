package dev.telltale.jobs.demo;

/** Hears how far the demo is; for people, decides nothing. */
public interface DemoProgress {
  /** Says nothing. */
  DemoProgress SILENT = (step, done, steps) -> {};

  /**
   * A step starts.
   *
   * @param step what it does, in a few words
   * @param done steps done so far
   * @param steps steps of the whole demo
   */
  void started(String step, int done, int steps);
}
