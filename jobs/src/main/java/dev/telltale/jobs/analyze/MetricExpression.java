package dev.telltale.jobs.analyze;

import java.util.List;
import java.util.Optional;

/**
 * A metric as it is typed.
 *
 * @param name as typed
 * @param numerator column whose mean it is, or whose sum is divided
 * @param denominator column whose sum it is divided by
 */
record MetricExpression(String name, String numerator, Optional<String> denominator) {
  /** A column, or two with a slash between; a column whose name has the slash is that column. */
  static MetricExpression of(String text, List<String> columns) {
    int slash = text.indexOf('/');
    if (columns.contains(text) || slash <= 0 || slash == text.length() - 1) {
      return new MetricExpression(text, text, Optional.empty());
    }
    return new MetricExpression(
        text, text.substring(0, slash).strip(), Optional.of(text.substring(slash + 1).strip()));
  }

  /** The columns it reads. */
  List<String> columns() {
    return denominator.map(below -> List.of(numerator, below)).orElse(List.of(numerator));
  }
}
