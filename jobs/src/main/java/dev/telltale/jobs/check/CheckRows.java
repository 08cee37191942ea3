package dev.telltale.jobs.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.check.CheckResult;
import dev.telltale.check.Expectations;
import dev.telltale.config.Check;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;

/** Results as rows of {@code check_results}. */
final class CheckRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NightSpec spec;
  private final Granularity granularity;
  private final Instant computedAt;

  CheckRows(NightSpec spec, Granularity granularity, Instant computedAt) {
    this.spec = spec;
    this.granularity = granularity;
    this.computedAt = computedAt;
  }

  /**
   * One result.
   *
   * @param table the table, as the model file names it
   * @param version its Delta version, where it could be opened
   */
  Row of(Instant window, String table, Optional<Long> version, TableCheck.Outcome outcome) {
    Check.Expectation expectation = outcome.expectation();
    CheckResult result = outcome.result();
    return new TableRow(Tables.CHECK_RESULTS.schema())
        .window(window, granularity.next(window))
        .set("granularity", granularity.label())
        .set("model_id", spec.model().model())
        .set("run_id", spec.runId())
        .set("computed_at", computedAt)
        .set("table_name", table)
        .set("table_version", version)
        .set("column_name", Expectations.column(expectation))
        .set("expectation", expectation.expectation())
        .set("kwargs", json(kwargs(expectation)))
        .set("severity", expectation.severity())
        .set("success", result.tooLittle() ? null : (Object) result.success())
        .set("observed_value", result.observedValue().map(CheckRows::json))
        .set("element_count", number(result.elementCount()))
        .set("missing_count", number(result.missingCount()))
        .set("missing_percent", number(result.missingPercent()))
        .set("unexpected_count", number(result.unexpectedCount()))
        .set("unexpected_percent", number(result.unexpectedPercent()))
        .set("unexpected_percent_total", number(result.unexpectedPercentTotal()))
        .set("partial_unexpected_list", json(result.partialUnexpectedList()))
        .set("partial_unexpected_ids", result.partialUnexpectedIds().toArray(String[]::new))
        .set("details", result.details().isEmpty() ? null : json(result.details()))
        .set("exception", result.exception())
        .set("source", outcome.source())
        .set("because", result.because())
        .build();
  }

  private static Map<String, Object> kwargs(Check.Expectation expectation) {
    Map<String, Object> kwargs = new LinkedHashMap<>(expectation.parameters());
    if (expectation.mostly() < 1) {
      kwargs.put("mostly", expectation.mostly());
    }
    expectation.rowCondition().ifPresent(condition -> kwargs.put("row_condition", condition));
    return kwargs;
  }

  private static Object number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Object number(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Plain values can be written: " + value, e);
    }
  }
}
