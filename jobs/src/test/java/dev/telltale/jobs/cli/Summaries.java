package dev.telltale.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Summarises units as a user would: each moment in two passes over the values. */
final class Summaries {
  private Summaries() {}

  /** Means and variances of spend and bought, sums of clicks by views; age is the covariate. */
  static Path of(Path units, Path directory) throws IOException {
    List<String> lines = Files.readAllLines(units);
    List<String> header = List.of(lines.get(0).split(","));
    StringBuilder summary =
        new StringBuilder(
            "variant,metric,n,mean,variance,sum,sum_squares,denominator_sum,"
                + "denominator_sum_squares,sum_products,covariate_mean,covariate_variance,"
                + "covariate_covariance,denominator_covariate_covariance\n");
    for (String variant : List.of("grey", "blue")) {
      List<String[]> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",", -1);
        if (cells[header.indexOf("variant")].equals(variant)) {
          rows.add(cells);
        }
      }

      double[] age = values(rows, header, "age");
      String covariate = mean(age) + "," + covariance(age, age) + ",";
      for (String metric : List.of("spend", "bought")) {
        double[] values = values(rows, header, metric);
        summary.append(
            "%s,%s,%d,%s,%s,,,,,,%s%s,\n"
                .formatted(
                    variant,
                    metric,
                    rows.size(),
                    mean(values),
                    covariance(values, values),
                    covariate,
                    covariance(values, age)));
      }
      double[] clicks = values(rows, header, "clicks");
      double[] views = values(rows, header, "views");
      summary.append(
          "%s,clicks/views,%d,,,%s,%s,%s,%s,%s,%s%s,%s\n"
              .formatted(
                  variant,
                  rows.size(),
                  mean(clicks) * rows.size(),
                  products(clicks, clicks),
                  mean(views) * rows.size(),
                  products(views, views),
                  products(clicks, views),
                  covariate,
                  covariance(clicks, age),
                  covariance(views, age)));
    }
    return Files.writeString(directory.resolve("summary.csv"), summary);
  }

  private static double[] values(List<String[]> rows, List<String> header, String name) {
    return rows.stream()
        .mapToDouble(row -> Double.parseDouble(row[header.indexOf(name)]))
        .toArray();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double products(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += first[i] * second[i];
    }
    return sum;
  }

  private static double covariance(double[] first, double[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (first[i] - mean(first)) * (second[i] - mean(second));
    }
    return sum / (first.length - 1);
  }
}
