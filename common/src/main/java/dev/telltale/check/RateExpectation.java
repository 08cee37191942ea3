package dev.telltale.check;

import dev.telltale.config.Check;
import dev.telltale.stats.RareEventTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * That an event is rare: it fails when there are more than chance explains, by an exact one-sided
 * test, so that one event among a million rows is no alarm where one in a million is allowed.
 */
final class RateExpectation implements ExpectationType {
  private static final String RATE = "max_rate";
  private static final String EVENTS = "max_events";

  @Override
  public String name() {
    return "expect_events_to_be_rare";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.required("condition", Parameter.Kind.CONDITION),
        Parameter.optional(RATE, Parameter.Kind.SHARE),
        Parameter.optional(EVENTS, Parameter.Kind.POSITIVE),
        Significance.PARAMETER);
  }

  @Override
  public Optional<String> contradiction(Check.Expectation expectation) {
    boolean rate = expectation.parameters().containsKey(RATE);
    return rate == expectation.parameters().containsKey(EVENTS)
        ? Optional.of(
            rate
                ? "has both `max_rate` and `max_events`, of which one is enough"
                : "has neither `max_rate` (of rows) nor `max_events` (of a window)")
        : Optional.empty();
  }

  @Override
  public Measure measure(Check.Expectation expectation, Columns columns) {
    String condition = expectation.text("condition").orElseThrow();
    return new Measure.Rows(columns.mentioned(condition), Measure.NOTHING, condition);
  }

  @Override
  public CheckResult judge(
      Check.Expectation expectation,
      Columns columns,
      Observation observation,
      CheckContext context) {
    Observation.Counted counted = (Observation.Counted) observation;
    long rows = counted.elements();
    long events = counted.unexpected();
    double significance = Significance.of(expectation);
    boolean ofRows = expectation.parameters().containsKey(RATE);
    double limit = ((Number) expectation.parameters().get(ofRows ? RATE : EVENTS)).doubleValue();
    double p =
        ofRows ? RareEventTest.binomial(events, rows, limit) : RareEventTest.poisson(events, limit);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("p_value", p);
    details.put("significance", significance);
    details.put("test", ofRows ? "binomial" : "poisson");
    return CheckResult.ofRows(
        counted,
        p >= significance,
        details,
        String.format(
            Locale.ROOT,
            "%,d of %,d rows are such events, where %s are expected at most; that many come by"
                + " chance with p = %.2g, and below %s it is an alarm.",
            events,
            rows,
            ofRows
                ? String.format(Locale.ROOT, "%.4g (a rate of %s)", limit * rows, limit)
                : Words.number(limit),
            p,
            Words.number(significance)));
  }
}
