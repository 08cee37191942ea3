package dev.telltale.jobs.report;

import dev.telltale.jobs.Sha256;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Ids of the sections that a link on the page leads to. */
final class Links {
  /** Id of the section about the answers. */
  static final String ANSWERS = "answers";

  /** Id of the section about the service. */
  static final String SERVICE = "service";

  private static final String COLUMN = "column-";
  private static final String EXPERIMENT = "experiment-";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:-]{1,80}");
  private static final int LONGEST = 40;
  private static final int HASH_BYTES = 8;

  private Links() {}

  /**
   * Id of the section of a column: {@code column-NAME} for an ordinary name, otherwise its ordinary
   * characters and a hash, so that every name has an id of its own that needs no escaping. No other
   * id of the page starts like this.
   */
  static String column(String name) {
    if (name.equals(Subject.TABLE)) {
      return "rows";
    }
    return id(COLUMN, name);
  }

  /** Id of the part about an experiment, made in the same way. */
  static String experiment(String name) {
    return id(EXPERIMENT, name);
  }

  private static String id(String prefix, String name) {
    if (PLAIN.matcher(name).matches()) {
      return prefix + name;
    }
    String ordinary = name.replaceAll("[^A-Za-z0-9_.-]+", "-");
    return prefix
        + ordinary.substring(0, Math.min(LONGEST, ordinary.length()))
        + "--"
        + HexFormat.of().formatHex(Sha256.of(name), 0, HASH_BYTES);
  }
}
