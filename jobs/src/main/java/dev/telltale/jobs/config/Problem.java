package dev.telltale.jobs.config;

/**
 * Something wrong in a configuration file.
 *
 * @param line line of the file, from 1
 * @param text what is wrong and what is allowed, without a full stop
 */
record Problem(int line, String text) implements Comparable<Problem> {
  @Override
  public int compareTo(Problem other) {
    return line != other.line ? Integer.compare(line, other.line) : text.compareTo(other.text);
  }
}
