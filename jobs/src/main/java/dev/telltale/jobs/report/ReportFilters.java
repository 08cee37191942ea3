package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Distribution;
import dev.telltale.jobs.report.Report.Slice;
import dev.telltale.jobs.report.Report.SliceFinding;
import dev.telltale.jobs.report.Shapes.Mark;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The filters of the templates. All give plain text, which the engine escapes. */
final class ReportFilters extends AbstractExtension {
  @Override
  public Map<String, Filter> getFilters() {
    Map<String, Filter> filters = new HashMap<>();
    add(filters, "num", Number.class, Formats::number);
    add(filters, "count", Number.class, Formats::count);
    add(filters, "percent", Number.class, Formats::percent);
    add(filters, "p", Number.class, Formats::pValue);
    add(filters, "when", Instant.class, Formats::when);
    add(filters, "shortly", Instant.class, Formats::shortly);
    add(filters, "duration", Number.class, Formats::duration);
    add(filters, "bytes", Number.class, Formats::bytes);
    add(filters, "metric", String.class, Formats::metric);
    add(filters, "quality_metric", String.class, Formats::qualityMetric);
    add(filters, "service_metric", String.class, Formats::serviceMetric);
    add(filters, "decision", String.class, TrialWords::decision);
    add(filters, "decision_tone", String.class, TrialWords::decisionTone);
    add(filters, "outcome", String.class, TrialWords::outcome);
    add(filters, "marks", Trial.Segments.class, TrialWords::marks);
    add(filters, "measure", Number.class, Formats::measure);
    add(
        filters,
        "round_count",
        Double.class,
        value -> Formats.count(value == null ? null : Math.round(value)));
    add(filters, "sentence", String.class, Formats::sentence);
    add(filters, "slice_columns", Slice.class, ReportFilters::columns);
    add(filters, "shorten", String.class, Formats::shorten);
    add(filters, "words", Object.class, Formats::words);
    add(filters, "values", Distribution.class, Shapes::values);
    add(filters, "bars", Distribution.class, Shapes::bars);
    add(filters, "reference", Distribution.class, Shapes::reference);
    add(filters, "current", Distribution.class, Shapes::current);
    add(filters, "axis", Distribution.class, Shapes::axis);
    add(filters, "tallest", Distribution.class, Shapes::tallest);
    add(filters, "profile_rows", Column.class, ProfileTable::rows);
    add(filters, "table_name", String.class, ReportFilters::tableName);
    add(filters, "run_groups", Report.class, Groups::runs);
    add(filters, "metric_groups", Column.class, Groups::metrics);
    filters.put("plural", new PluralFilter());
    for (Mark mark : Mark.values()) {
      add(
          filters,
          "spark_" + mark.name().toLowerCase(Locale.ROOT),
          Column.class,
          column -> Shapes.spark(column, mark));
    }
    return filters;
  }

  /** The last part of a path or catalog name. */
  private static String tableName(String location) {
    String name = location.replaceAll("/+$", "");
    return Formats.shorten(name.substring(name.lastIndexOf('/') + 1));
  }

  /** The columns of a slice's findings, worst first, each once. */
  private static List<String> columns(Slice slice) {
    return slice.findings().stream().map(SliceFinding::column).distinct().toList();
  }

  private static <T> void add(
      Map<String, Filter> filters, String name, Class<T> type, Function<T, Object> function) {
    filters.put(name, new FunctionFilter<>(type, function));
  }

  private record FunctionFilter<T>(Class<T> type, Function<T, Object> function) implements Filter {
    @Override
    public Object apply(
        Object input,
        Map<String, Object> args,
        PebbleTemplate self,
        EvaluationContext context,
        int lineNumber) {
      return function.apply(type.cast(input));
    }

    @Override
    public List<String> getArgumentNames() {
      return List.of();
    }
  }

  /** {@code 3 | plural("window")} is "3 windows". */
  private static final class PluralFilter implements Filter {
    @Override
    public Object apply(
        Object input,
        Map<String, Object> args,
        PebbleTemplate self,
        EvaluationContext context,
        int lineNumber) {
      return Formats.plural(((Number) input).longValue(), (String) args.get("noun"));
    }

    @Override
    public List<String> getArgumentNames() {
      return List.of("noun");
    }
  }
}
