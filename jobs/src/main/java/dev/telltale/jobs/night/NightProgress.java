package dev.telltale.jobs.night;

/** Hears how far a night is; for people, decides nothing. */
public interface NightProgress {
  /** Says nothing. */
  NightProgress SILENT = new NightProgress() {};

  /** A job starts: number {@code index} of {@code jobs}, counted from 0. */
  default void started(String job, int index, int jobs) {}

  /** A job is done. */
  default void finished(NightRunner.Outcome outcome) {}
}
