package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Answers.Night;
import dev.telltale.jobs.report.Answers.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the script draws of the answers: one entry a metric, by place, so that no name is in it. */
final class AnswerCharts {
  private AnswerCharts() {}

  /** Each series has one entry for each of the windows. */
  static List<Map<String, Object>> of(Answers answers, List<Instant> windows) {
    List<Map<String, Object>> charts = new ArrayList<>();
    if (answers == null) {
      return charts;
    }
    Map<Instant, Night> nights = new HashMap<>();
    answers.nights().forEach(night -> nights.put(night.windowStart(), night));
    List<Night> drawn = new ArrayList<>();
    windows.forEach(window -> drawn.add(nights.get(window)));
    List<Double> training = answers.training();
    for (int metric = 0; metric < answers.metrics().size(); metric++) {
      int at = metric;
      Map<String, Object> series = new LinkedHashMap<>();
      series.put("value", series(drawn, at, Value::value));
      series.put("low", series(drawn, at, Value::ciLow));
      series.put("high", series(drawn, at, Value::ciHigh));
      series.put(
          "estimate",
          series(drawn, at, value -> value.estimate() == null ? null : value.estimate().value()));
      series.put("training", training(drawn, at, training.get(at)));
      series.put(
          "mature", drawn.stream().map(night -> night == null ? null : night.mature()).toList());
      charts.add(series);
    }
    return charts;
  }

  private static List<Double> series(
      List<Night> drawn, int metric, Function<Value, Double> number) {
    List<Double> values = new ArrayList<>();
    for (Night night : drawn) {
      values.add(night == null ? null : number.apply(night.values().get(metric)));
    }
    return ReportRenderer.rounded(values);
  }

  /**
   * A line without gaps: a night that was not compared has the training value of the night before,
   * and the first ones that of the first night that was compared.
   */
  private static List<Double> training(List<Night> drawn, int metric, Double any) {
    if (any == null) {
      return null;
    }
    List<Double> known = new ArrayList<>();
    for (Night night : drawn) {
      known.add(night == null ? null : night.values().get(metric).training());
    }
    Double last = known.stream().filter(value -> value != null).findFirst().orElse(any);
    List<Double> line = new ArrayList<>();
    for (Double value : known) {
      last = value == null ? last : value;
      line.add(last);
    }
    return ReportRenderer.rounded(line);
  }
}
