package dev.telltale.check;

import dev.telltale.config.Check;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** What is known beside the rows that are checked. */
public interface CheckContext {
  /** End of the window, or of the interval where all rows of a table are looked at. */
  Instant end();

  /**
   * Rows of earlier windows, newest first; those that are not known are absent.
   *
   * @param period how far apart they are, a number of days
   * @param periods how many at most
   */
  List<Earlier> earlier(Check.Expectation expectation, Period period, int periods);

  /**
   * The columns of a table.
   *
   * @param table empty = the table that is checked
   * @param version Delta version; empty = the newest
   * @throws CheckException if there is no such table or version
   */
  Columns reference(Optional<String> table, Optional<Long> version) throws CheckException;

  /**
   * An earlier window.
   *
   * @param start its start
   * @param rows its rows
   * @param held whether the expectation held; empty where it was not judged
   */
  record Earlier(Instant start, long rows, Optional<Boolean> held) {}
}
