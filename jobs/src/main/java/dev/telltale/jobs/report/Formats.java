package dev.telltale.jobs.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes numbers, shares and times for people. Null is an en dash. */
final class Formats {
  static final String NOTHING = "–";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SHORT_DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final long SECONDS_A_DAY = 86_400;
  private static final int LONGEST_NAME = 90;
  private static final int LONGEST_SENTENCE = 600;

  /** Control and format characters, but not the joiners that emoji and scripts are written with. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\u200c\\u200d]]");

  /** Words of metric names that are written otherwise: acronyms, and what is named after people. */
  private static final Map<String, String> METRIC_WORDS =
      Map.of(
          "js",
          "JS",
          "kl",
          "KL",
          "ks",
          "KS",
          "psi",
          "PSI",
          "cramers",
          "Cramér’s",
          "v",
          "V",
          "g",
          "G",
          "l",
          "L",
          "hellinger",
          "Hellinger",
          "wasserstein",
          "Wasserstein");

  /** Metrics of quality that are written otherwise. */
  private static final Map<String, String> QUALITY_METRICS =
      Map.of(
          "roc_auc", "ROC AUC",
          "f1", "F1",
          "f1_macro", "F1, macro",
          "f1_weighted", "F1, weighted",
          "mcc", "MCC",
          "mae", "MAE",
          "rmse", "RMSE",
          "brier", "Brier score",
          "mrr", "MRR",
          "r2", "R²");

  private static final Map<String, String> SERVICE_METRICS =
      Map.ofEntries(
          Map.entry("requests", "Requests"),
          Map.entry("requests_per_second", "Requests per second"),
          Map.entry("requests_per_second_peak", "Requests per second, busiest minute"),
          Map.entry("silence_minutes", "Longest silence, minutes"),
          Map.entry("latency_p50_ms", "Latency, median, ms"),
          Map.entry("latency_p95_ms", "Latency, 95th percentile, ms"),
          Map.entry("latency_p99_ms", "Latency, 99th percentile, ms"),
          Map.entry("error_rate", "Error rate"),
          Map.entry("availability", "Availability"),
          Map.entry("crashes_per_thousand", "Crashes per 1,000 requests"),
          Map.entry("cost_total", "Cost"),
          Map.entry("cost_per_thousand", "Cost per 1,000 requests"),
          Map.entry("staleness_days", "Age of the model, days"));

  private Formats() {}

  /**
   * Four significant digits, thousands separated, powers of ten only where digits would mislead.
   */
  static String number(Number number) {
    if (number == null) {
      return NOTHING;
    }
    double value = number.doubleValue();
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "not a number" : value > 0 ? "∞" : "-∞";
    }
    if (size >= 1e12 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.3g", value).replace("e+", "e").replace("e0", "e");
    }
    if (value == Math.rint(value) || size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /** A whole number, thousands separated. */
  static String count(Number number) {
    return number == null ? NOTHING : String.format(Locale.ROOT, "%,d", number.longValue());
  }

  /** A share of 0 to 1 as a percentage with about two significant digits. */
  static String percent(Number share) {
    if (share == null) {
      return NOTHING;
    }
    double percent = share.doubleValue() * 100;
    if (percent == 0) {
      return "0 %";
    }
    if (Math.abs(percent) < 0.01) {
      return percent > 0 ? "< 0.01 %" : "> -0.01 %";
    }
    if (percent > 99.99 && percent < 100) {
      return "> 99.99 %";
    }
    String format = Math.abs(percent) < 1 ? "%.2f" : "%.1f";
    String text = String.format(Locale.ROOT, format, percent);
    return text.replaceAll("\\.0+$", "") + " %";
  }

  /** A p-value; below 0.0001 only that. */
  static String pValue(Number p) {
    if (p == null) {
      return NOTHING;
    }
    double value = p.doubleValue();
    return value < 1e-4
        ? "< 0.0001"
        : String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.3f", value);
  }

  /** A moment in UTC: the day alone at midnight, otherwise with hour and minute. */
  static String when(Instant instant) {
    if (instant == null) {
      return NOTHING;
    }
    return Math.floorMod(instant.getEpochSecond(), SECONDS_A_DAY) == 0
        ? DAY.format(instant)
        : MINUTE.format(instant);
  }

  /** Like {@link #when} without the year at midnight. */
  static String shortly(Instant instant) {
    return instant != null && Math.floorMod(instant.getEpochSecond(), SECONDS_A_DAY) == 0
        ? SHORT_DAY.format(instant)
        : when(instant);
  }

  /** Seconds as a duration. */
  static String duration(Number seconds) {
    if (seconds == null) {
      return NOTHING;
    }
    double value = seconds.doubleValue();
    if (value < 10) {
      return String.format(Locale.ROOT, "%.1f s", value);
    }
    long whole = Math.round(value);
    if (whole < 120) {
      return whole + " s";
    }
    return whole < 7200
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole / 60 % 60 + " min";
  }

  /** Bytes in decimal units. */
  static String bytes(Number bytes) {
    if (bytes == null) {
      return NOTHING;
    }
    double value = bytes.doubleValue();
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /** At most ninety characters, so that a hostile name cannot fill the page. */
  static String shorten(String text) {
    return visible(text, LONGEST_NAME);
  }

  /** A reason may hold names, too: at most six hundred characters. */
  static String sentence(String text) {
    return visible(text, LONGEST_SENTENCE);
  }

  /** Cut to a length, with escapes for what would not show or would turn the text around it. */
  private static String visible(String text, int longest) {
    if (text == null) {
      return null;
    }
    boolean cut = text.codePointCount(0, text.length()) > longest;
    String kept = cut ? text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…" : text;
    Matcher hidden = INVISIBLE.matcher(kept);
    return hidden.find()
        ? hidden.replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.format(Locale.ROOT, "\\u%04x", found.group().codePointAt(0))))
        : kept;
  }

  /** The name of a metric for a person: {@code js_distance} as {@code JS distance}. */
  static String metric(String name) {
    if (name == null) {
      return NOTHING;
    }
    return Arrays.stream(name.split("_"))
        .map(word -> METRIC_WORDS.getOrDefault(word, word))
        .collect(Collectors.joining(" "));
  }

  /**
   * The name of a metric of quality, which may end in a class: {@code f1:late} as {@code F1 late}.
   */
  static String qualityMetric(String name) {
    int colon = name.indexOf(':');
    String metric = colon < 0 ? name : name.substring(0, colon);
    return QUALITY_METRICS.getOrDefault(metric, metric.replace('_', ' '))
        + (colon < 0 ? "" : " " + shorten(name.substring(colon + 1)));
  }

  /** A metric of the service in words, with its unit. */
  static String serviceMetric(String name) {
    return SERVICE_METRICS.getOrDefault(name, name.replace('_', ' '));
  }

  /** A metric of quality: three digits, with its zeros, so that those of one column line up. */
  static String measure(Number number) {
    return number == null || Math.abs(number.doubleValue()) > 1
        ? number(number)
        : String.format(Locale.ROOT, "%.3f", number.doubleValue());
  }

  /** {@code 1 alert}, {@code 2 alerts}. */
  static String plural(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** {@code NEW_CATEGORY} as {@code new category}. */
  static String words(Object constant) {
    return constant == null
        ? NOTHING
        : constant.toString().replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
