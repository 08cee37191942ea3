package dev.telltale.jobs.report;

import dev.telltale.jobs.Sha256;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws the page. Everything it needs is inside it; its content security policy forbids any request
 * and any script but its own two, named by their hash.
 */
final class ReportRenderer {
  private static final String RESOURCES = "dev/telltale/jobs/report";
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";

  /** More lines in one chart cannot be told apart. */
  private static final int LEADING = 6;

  private final PebbleEngine engine;

  ReportRenderer() {
    ClassLoader classes = ReportRenderer.class.getClassLoader();
    ClasspathLoader loader = new ClasspathLoader(classes);
    loader.setPrefix(RESOURCES);
    loader.setSuffix(".peb");
    engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .extension(new ReportFilters())
            .strictVariables(true)
            .autoEscaping(true)
            .newLineTrimming(true)
            .defaultLocale(Locale.ROOT)
            .build();
  }

  /**
   * The page.
   *
   * @param jsonName name of the JSON file beside it
   */
  String html(Report report, String jsonName) {
    String licence = "/*! uPlot 1.6.30, MIT licence\n" + resource(UPLOT + "LICENSE") + "*/\n";
    String library = licence + resource(UPLOT + "dist/uPlot.iife.min.js");
    String script = resource(RESOURCES + "/report.js");
    Map<String, Object> context = new HashMap<>();
    context.put("r", report);
    context.put("jsonName", jsonName);
    context.put(
        "css", resource(UPLOT + "dist/uPlot.min.css") + resource(RESOURCES + "/report.css"));
    context.put("library", library);
    context.put("script", script);
    context.put("hashes", hash(library) + " " + hash(script));
    List<Report.Column> leading = leading(report);
    context.put("leading", leading);
    context.put("charts", ReportJson.embedded(charts(report, leading)));
    context.put("sparkThreshold", Shapes.sparkThreshold());
    StringWriter page = new StringWriter();
    try {
      engine.getTemplate("report").evaluate(page, context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  /** The first columns of the table that have an effect, each with a line of its own colour. */
  private static List<Report.Column> leading(Report report) {
    return report.columns().stream()
        .filter(column -> column.effect() != null && column.threshold() != null)
        .filter(column -> column.threshold() > 0)
        .limit(LEADING)
        .toList();
  }

  /** What the script draws: trends only, and by section id, so that no name is in it. */
  private static Map<String, Object> charts(Report report, List<Report.Column> leading) {
    Map<String, Object> charts = new LinkedHashMap<>();
    charts.put("windows", report.windows().stream().map(Instant::getEpochSecond).toList());
    charts.put("leading", leading.stream().map(Report.Column::id).toList());
    charts.put("rows", report.rowCounts());
    charts.put("findings", report.findingCounts());
    Map<String, Object> columns = new LinkedHashMap<>();
    for (Report.Column column : report.columns()) {
      Map<String, Object> series = new LinkedHashMap<>();
      series.put("effect", rounded(column.trend().effect()));
      series.put("threshold", column.threshold());
      series.put("missing", rounded(column.trend().missingShare()));
      series.put("mean", rounded(column.trend().mean()));
      columns.put(column.id(), series);
    }
    charts.put("columns", columns);
    charts.put("answers", AnswerCharts.of(report.answers(), report.windows()));
    charts.put("service", service(report));
    charts.put(
        "experiments",
        TrialCharts.of(report.experiments() == null ? List.of() : report.experiments()));
    return charts;
  }

  private static List<Map<String, Object>> service(Report report) {
    List<Map<String, Object>> charts = new ArrayList<>();
    if (report.service() != null) {
      for (Service.Trend trend : report.service().trends()) {
        Map<String, Object> series = new LinkedHashMap<>();
        series.put("value", rounded(trend.value()));
        series.put("low", rounded(trend.low()));
        series.put("high", rounded(trend.high()));
        series.put("objective", trend.objective());
        charts.add(series);
      }
    }
    return charts;
  }

  /** Five significant digits are more than a pixel; null without any value. */
  static List<Double> rounded(List<Double> values) {
    if (values.stream().allMatch(value -> value == null)) {
      return null;
    }
    return values.stream()
        .map(value -> value == null || !Double.isFinite(value) ? null : round(value))
        .toList();
  }

  private static Double round(double value) {
    return Double.valueOf(String.format(Locale.ROOT, "%.5g", value));
  }

  /** The text of a class path resource, with Unix line ends. */
  static String resource(String name) {
    try (InputStream in = ReportRenderer.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The class path lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String script) {
    return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(script)) + "'";
  }
}
