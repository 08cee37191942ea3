package dev.telltale.sequential;

import dev.telltale.stats.StandardNormal;

/**
 * How much of an error rate may be used up to an information fraction: Lan and DeMets 1983,
 * doi:10.1093/biomet/70.3.659. From the fraction 1 on it is all.
 */
public sealed interface Spending {
  /**
   * The error spent.
   *
   * @param error above 0 and below 1
   * @param information fraction of the planned information, from 0; above 1 counts as 1
   * @return 0 to {@code error}, not decreasing in the information
   */
  double spent(double error, double information);

  /**
   * The function that a text names.
   *
   * @param text {@code obf}, {@code pocock} or {@code power:R} with R above 0
   * @throws IllegalArgumentException otherwise
   */
  static Spending of(String text) {
    if (text.equals("obf")) {
      return new ObrienFleming();
    }
    if (text.equals("pocock")) {
      return new Pocock();
    }
    String prefix = "power:";
    if (text.startsWith(prefix)) {
      try {
        return new Power(Double.parseDouble(text.substring(prefix.length())));
      } catch (IllegalArgumentException e) {
        throw unknown(text, e);
      }
    }
    throw unknown(text, null);
  }

  private static IllegalArgumentException unknown(String text, Throwable cause) {
    return new IllegalArgumentException(
        "No spending function '"
            + text
            + "'; allowed are obf, pocock and power:R with R above 0, such as power:2",
        cause);
  }

  /** Like O'Brien and Fleming's bounds, next to nothing early: \( 2 - 2\Phi(z_{a/2}/\sqrt t) \). */
  record ObrienFleming() implements Spending {
    @Override
    public double spent(double error, double information) {
      if (information >= 1) {
        return error;
      }
      return information > 0
          ? 2
              * StandardNormal.upperTail(
                  StandardNormal.upperQuantile(error / 2) / Math.sqrt(information))
          : 0;
    }

    @Override
    public String toString() {
      return "obf";
    }
  }

  /** Like Pocock's bounds, about equal at all looks: \( a \ln(1 + (e-1)t) \). */
  record Pocock() implements Spending {
    @Override
    public double spent(double error, double information) {
      return information >= 1 ? error : error * Math.log1p((Math.E - 1) * information);
    }

    @Override
    public String toString() {
      return "pocock";
    }
  }

  /**
   * A power of the information, \( a t^\rho \): Kim and DeMets 1987, doi:10.1093/biomet/74.1.149.
   *
   * @param exponent above 0; the larger, the less is spent early
   */
  record Power(double exponent) implements Spending {
    /**
     * Refuses what is no exponent.
     *
     * @throws IllegalArgumentException if the exponent is not above 0 or infinite
     */
    public Power {
      if (!(exponent > 0) || Double.isInfinite(exponent)) {
        throw new IllegalArgumentException("A power of " + exponent);
      }
    }

    @Override
    public double spent(double error, double information) {
      return error * Math.pow(Math.min(1, information), exponent);
    }

    @Override
    public String toString() {
      return "power:" + exponent;
    }
  }
}
