package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Report.Bin;
import dev.telltale.jobs.report.Report.Column;
import dev.telltale.jobs.report.Report.Distribution;
import dev.telltale.jobs.report.Report.Role;
import dev.telltale.jobs.report.Report.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** SVG path data; numbers only, so that no name or label ever comes near it. */
final class Shapes {
  /** Height of a histogram's view box; a width unit is one bin. */
  static final int HEIGHT = 100;

  /** Height of a sparkline's view box; a width unit is one window. */
  static final int SPARK_HEIGHT = 24;

  /** A sparkline shows up to twice the threshold; beyond, a bar is as high as it gets. */
  private static final double SPARK_THRESHOLDS = 2;

  private static final double SMALLEST_SCALE = 0.25;

  /** An outer bin this much wider than its neighbour holds a tail. */
  private static final double TAIL = 1.01;

  /** So few bins have a label each. */
  private static final int FEW_BINS = 5;

  /** What a window's bar in a sparkline says. */
  enum Mark {
    /** Drifted from the baseline. */
    DRIFT,
    /** Another check fired: missing values, or a change since the window before, for example. */
    OTHER,
    /** Nothing fired. */
    OK,
    /** Not judged, or too little data. */
    NONE
  }

  private Shapes() {}

  /** Bins of a histogram. */
  static List<Bin> values(Distribution distribution) {
    return distribution.bins().stream().filter(bin -> bin.role() == Role.VALUE).toList();
  }

  /**
   * Bins drawn as bars with a label: all of a categorical column, the odd ones of a numeric. What
   * is empty on both sides is left out, except the missing: that there are none says something.
   */
  private static List<Bin> labelled(Distribution distribution) {
    boolean numeric = distribution.kind().equals("NUMERIC");
    return distribution.bins().stream()
        .filter(bin -> !numeric || bin.role() != Role.VALUE)
        .filter(bin -> bin.role() == Role.MISSING || bin.reference() > 0 || bin.current() > 0)
        .toList();
  }

  /** Labels below a histogram: left, middle and right; an outer bin that holds a tail says so. */
  static List<String> axis(Distribution distribution) {
    List<Bin> bins = values(distribution);
    Bin first = bins.get(0);
    Bin last = bins.get(bins.size() - 1);
    List<String> labels = new ArrayList<>();
    if (bins.size() < FEW_BINS) {
      bins.forEach(bin -> labels.add(Formats.number(bin.low())));
      return labels;
    }
    labels.add(
        width(first) > width(bins.get(1)) * TAIL
            ? "≤ " + Formats.number(first.high())
            : Formats.number(first.low()));
    labels.add(Formats.number(bins.get(bins.size() / 2).low()));
    labels.add(
        width(last) > width(bins.get(bins.size() - 2)) * TAIL
            ? "≥ " + Formats.number(last.low())
            : Formats.number(last.high()));
    return labels;
  }

  private static double width(Bin bin) {
    return bin.high() - bin.low();
  }

  /** The reference as a filled staircase. */
  static String reference(Distribution distribution) {
    return area(distribution, Bin::reference);
  }

  /** The current window as a filled staircase. */
  static String current(Distribution distribution) {
    return area(distribution, Bin::current);
  }

  private static String area(Distribution distribution, ToDoubleFunction<Bin> side) {
    List<Bin> bins = values(distribution);
    double top = top(bins);
    StringBuilder path = new StringBuilder("M0 " + HEIGHT);
    for (int i = 0; i < bins.size(); i++) {
      double y = HEIGHT - HEIGHT * side.applyAsDouble(bins.get(i)) / top;
      path.append('V').append(number(y)).append('H').append(i + 1);
    }
    return path.append('V').append(HEIGHT).append('Z').toString();
  }

  private static double top(List<Bin> bins) {
    double top = 0;
    for (Bin bin : bins) {
      top = Math.max(top, Math.max(bin.reference(), bin.current()));
    }
    return top == 0 ? 1 : top;
  }

  /** The labelled bars with their widths, in percent of the widest. */
  static List<Bar> bars(Distribution distribution) {
    List<Bin> bins = labelled(distribution);
    // Beside a histogram a bar of one percent must not look like all there is.
    double scale = Math.max(top(bins), distribution.kind().equals("NUMERIC") ? SMALLEST_SCALE : 0);
    return bins.stream()
        .map(bin -> new Bar(bin, width(bin.reference() / scale), width(bin.current() / scale)))
        .toList();
  }

  private static String width(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** A bin and the widths of its two bars in percent. */
  record Bar(Bin bin, String reference, String current) {}

  /** Share of the tallest bar of the histogram. */
  static double tallest(Distribution distribution) {
    return top(values(distribution));
  }

  /** The windows with this mark as bars, as high as the effect is against twice the threshold. */
  static String spark(Column column, Mark mark) {
    StringBuilder path = new StringBuilder();
    List<Status> statuses = column.trend().status();
    for (int i = 0; i < statuses.size(); i++) {
      if (statuses.get(i) != null
          && mark(statuses.get(i), column.trend().effectStatus().get(i)) == mark) {
        double share = Attention.excess(column.trend().effect().get(i), column.threshold());
        double height =
            Math.max(2, SPARK_HEIGHT * Math.min(share, SPARK_THRESHOLDS) / SPARK_THRESHOLDS);
        path.append(
            "M" + i + " " + SPARK_HEIGHT + "v-" + number(height) + "h.8V" + SPARK_HEIGHT + "z");
      }
    }
    return path.toString();
  }

  private static Mark mark(Status status, Status effect) {
    return switch (status) {
      case FIRING -> effect == Status.FIRING ? Mark.DRIFT : Mark.OTHER;
      case OK -> Mark.OK;
      case INSUFFICIENT_DATA, NOT_JUDGED, SKIPPED -> Mark.NONE;
    };
  }

  /** Height of the threshold in a sparkline. */
  static double sparkThreshold() {
    return SPARK_HEIGHT - SPARK_HEIGHT / SPARK_THRESHOLDS;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceAll("\\.0$", "");
  }
}
