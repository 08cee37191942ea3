package dev.telltale.privacy;

import dev.telltale.config.Privacy;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed pseudonyms: the first 32 hex digits, 128 bits, of HMAC-SHA-256 (RFC 2104) of a text in
 * UTF-8. Equal texts have equal pseudonyms as long as the key is the same, and without the key
 * nobody can tell which text a pseudonym is of, not by trying all of them either.
 *
 * <p>Which key is told by the day of the prediction and not by the day of the run, so that a window
 * that is computed again has the pseudonyms that it had. Crosses to executors, hence a class.
 */
public final class Pseudonym implements Serializable {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 16;
  private static final long serialVersionUID = 1L;

  private final long[] fromDays;
  private final byte[][] keys;
  private transient Mac[] macs;

  /**
   * With these keys.
   *
   * @param keys at least one, the earliest first, each with its secret
   */
  public Pseudonym(List<Privacy.Key> keys) {
    this.fromDays = keys.stream().mapToLong(key -> key.from().toEpochDay()).toArray();
    this.keys =
        keys.stream()
            .map(key -> key.secret().orElseThrow().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /**
   * The pseudonym of a text.
   *
   * @param epochDay day of the prediction, in days since 1970
   */
  public String of(String text, long epochDay) {
    int key = keys.length - 1;
    while (key > 0 && fromDays[key] > epochDay) {
      key--;
    }
    return withKey(text, key);
  }

  /** The hash without a key: the first 32 hex digits of SHA-256 of a text in UTF-8. */
  public static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Every pseudonym that a text can have: one of each key. */
  public List<String> all(String text) {
    String[] all = new String[keys.length];
    Arrays.setAll(all, key -> withKey(text, key));
    return List.of(all);
  }

  private String withKey(String text, int key) {
    byte[] code = mac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(code, 0, BYTES);
  }

  /** Not safe for concurrent use: a task has an instance of its own. */
  private Mac mac(int key) {
    if (macs == null) {
      macs = new Mac[keys.length];
    }
    if (macs[key] == null) {
      try {
        macs[key] = Mac.getInstance(ALGORITHM);
        macs[key].init(new SecretKeySpec(keys[key], ALGORITHM));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Every Java has " + ALGORITHM, e);
      }
    }
    return macs[key];
  }
}
