package dev.telltale.jobs.report;

import java.util.regex.Pattern;

/** Ids of the sections that a link on the page leads to. */
final class Links {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:-]{1,80}");
  private static final int LONGEST = 40;

  private Links() {}

  /**
   * Id of the section of a column: {@code column-NAME} for an ordinary name, otherwise its ordinary
   * characters and a hash, so that every name has an id of its own that needs no escaping.
   */
  static String column(String name) {
    if (name.equals(Subject.TABLE)) {
      return "rows";
    }
    if (PLAIN.matcher(name).matches()) {
      return "column-" + name;
    }
    String ordinary = name.replaceAll("[^A-Za-z0-9_.-]+", "-");
    return "column-"
        + ordinary.substring(0, Math.min(LONGEST, ordinary.length()))
        + "--"
        + Integer.toHexString(name.hashCode());
  }
}
