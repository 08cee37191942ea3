package dev.telltale.jobs.suggest;

import dev.telltale.config.Check;
import java.util.Map;
import java.util.Optional;

/**
 * A suggested expectation.
 *
 * @param expectation the expectation
 * @param because why, in one sentence with numbers
 */
public record Suggested(Check.Expectation expectation, String because) {
  static Suggested of(String name, Map<String, Object> parameters, double mostly, String because) {
    return new Suggested(
        new Check.Expectation(name, parameters, mostly, Optional.empty(), "WARNING"), because);
  }
}
