package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Trial.Course;
import dev.telltale.jobs.report.Trial.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the script draws of experiments: by place, so that no name is in it. */
final class TrialCharts {
  private TrialCharts() {}

  /** For each experiment a list with an entry for each course. */
  static List<List<Map<String, Object>>> of(List<Trial> trials) {
    return trials.stream()
        .map(trial -> trial.courses().stream().map(TrialCharts::chart).toList())
        .toList();
  }

  private static Map<String, Object> chart(Course course) {
    Map<String, Object> chart = new LinkedHashMap<>();
    chart.put("days", course.looks().stream().map(look -> look.day().getEpochSecond()).toList());
    chart.put("looks", course.looks().stream().map(Point::look).toList());
    chart.put("value", series(course, Point::value));
    chart.put("low", series(course, Point::low));
    chart.put("high", series(course, Point::high));
    chart.put("share", course.share());
    if (course.decidedOn() != null) {
      chart.put("decided", course.decidedOn().getEpochSecond());
    }
    return chart;
  }

  private static List<Double> series(Course course, Function<Point, Double> number) {
    List<Double> values = new ArrayList<>();
    course.looks().forEach(look -> values.add(number.apply(look)));
    return ReportRenderer.rounded(values);
  }
}
