package dev.telltale.system;

import java.util.regex.Pattern;

/**
 * The text of a crash without what differs from one time to the next: what is quoted, addresses,
 * ids and numbers; of a stack also the message behind the name of the exception.
 */
public final class CrashText {
  /** So much of a text is looked at. */
  private static final int MOST = 20_000;

  /** So much is kept of what is left: values of another length must not move the end. */
  private static final int LONGEST = 4000;

  private static final int LONGEST_TITLE = 200;

  // No pattern starts within what it would have matched, and no path is a level of the call stack
  // for each directory: the time is that of the length, whatever the text.
  private static final Pattern MESSAGE =
      Pattern.compile("(?m)(?<![\\w.$])([\\w.$]*(?:Exception|Error|Panic|Fault))\\s*:.*$");

  /** Apostrophes within and behind words quote nothing; Python's bytes are b'...'. */
  private static final Pattern QUOTED =
      Pattern.compile("\"[^\"\\n]*\"|(?<!\\w)[bru]?'[^'\\n]*'(?!\\w)|`[^`\\n]*`");

  private static final Pattern MAIL = Pattern.compile("(?<![\\w.+-])[\\w.+-]+@[\\w-]+\\.[\\w.-]+");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\b0x[0-9a-fA-F]+\\b|\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"
              + "|\\b(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}\\b");
  private static final Pattern DIRECTORY =
      Pattern.compile(
          "(?<![\\w./])/(?:[\\w.@+-]++/)++"
              + "|(?<!\\w)[A-Za-z]:\\\\(?:[^\\\\/:*?\"<>|\\t\\n]++\\\\)*+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private CrashText() {}

  /** Of a message; of null null. */
  public static String ofMessage(String message) {
    if (message == null) {
      return null;
    }
    return plain(message);
  }

  /** Of a stack; of null null. */
  public static String ofStack(String stack) {
    if (stack == null) {
      return null;
    }
    return plain(MESSAGE.matcher(cut(stack, MOST)).replaceAll("$1"));
  }

  /** The first line of a message or stack, in one line; of null null. */
  public static String title(String text) {
    if (text == null) {
      return null;
    }
    String line = text.lines().filter(one -> !one.isBlank()).findFirst().orElse("");
    String plain = plain(line);
    return plain.length() > LONGEST_TITLE ? plain.substring(0, LONGEST_TITLE - 1) + "…" : plain;
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) : text;
  }

  private static String plain(String text) {
    String plain = QUOTED.matcher(cut(text, MOST)).replaceAll("…");
    plain = MAIL.matcher(plain).replaceAll("#");
    plain = ADDRESS.matcher(plain).replaceAll("#");
    plain = DIRECTORY.matcher(plain).replaceAll("");
    plain = NUMBER.matcher(plain).replaceAll("#");
    return cut(SPACE.matcher(plain).replaceAll(" ").strip(), LONGEST);
  }
}
