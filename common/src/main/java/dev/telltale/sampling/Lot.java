package dev.telltale.sampling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The number in 0 to 1 that decides whether an id is in the sample: it is where its lot is less
 * than the rate. It depends on the id alone (permanent random numbers: Ohlsson 1995, Coordination
 * of samples using permanent random numbers), so that a prediction and its label, two runs and a
 * client in any language decide alike, and a lower rate keeps a part of what a higher one keeps.
 *
 * <p>The first 13 hex digits, 52 bits, of the SHA-1 of {@value #PREFIX} and the id, in UTF-8.
 */
public final class Lot {
  /** What is hashed before the id, so that no other use of SHA-1 decides with it. */
  public static final String PREFIX = "telltale-sample:";

  /** Hex digits that are used. */
  public static final int DIGITS = 13;

  private Lot() {}

  /** The lot of an id: at least 0 and less than 1. */
  public static double of(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest((PREFIX + id).getBytes(StandardCharsets.UTF_8));
      String digits = HexFormat.of().formatHex(hash).substring(0, DIGITS);
      return Math.scalb((double) Long.parseLong(digits, 16), -4 * DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-1", e);
    }
  }
}
