package dev.telltale.jobs.demo;

import dev.telltale.error.Errors;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;

/**
 * What the demo is asked to do.
 *
 * @param lake directory of the lake; need not exist
 * @param nights nights to replay from 1 March 2001 on, 1 to {@link #MAX_NIGHTS}
 * @param report HTML file to write
 */
public record DemoSpec(String lake, int nights, Path report) {
  /** The first month after training. */
  public static final int DEFAULT_NIGHTS = 31;

  /** The data ends with June. */
  public static final int MAX_NIGHTS =
      (int) ChronoUnit.DAYS.between(FlightStage.FIRST_NIGHT, FlightStage.LAST_NIGHT) + 1;

  /**
   * @throws dev.telltale.error.TelltaleException if there are no such nights in the data
   */
  public DemoSpec {
    if (nights < 1 || nights > MAX_NIGHTS) {
      throw Errors.demoNights(nights, MAX_NIGHTS);
    }
  }
}
