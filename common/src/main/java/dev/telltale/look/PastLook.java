package dev.telltale.look;

import java.time.LocalDate;
import java.util.Map;

/**
 * What later looks need to know of an earlier one.
 *
 * @param date end of its data, exclusive; one look a date
 * @param readings of each subject that it looked at, as its {@link LookMetric#reading} had them
 * @param decisions of the variants
 */
public record PastLook(
    LocalDate date, Map<Subject, Reading> readings, Map<String, Decision> decisions) {
  /** Copies the maps. */
  public PastLook {
    readings = Map.copyOf(readings);
    decisions = Map.copyOf(decisions);
  }

  /**
   * What it read of a subject.
   *
   * @param information fraction of the planned information, above 0; without a plan the units of
   *     both arms
   * @param z of the deciding test, finite
   */
  public record Reading(double information, double z) {
    /**
     * Refuses what is no reading.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Reading {
      if (!(information > 0) || Double.isInfinite(information) || !Double.isFinite(z)) {
        throw new IllegalArgumentException("A z of " + z + " with the information " + information);
      }
    }
  }
}
