package dev.telltale.drift;

import java.util.Locale;

/** The reason of a verdict in one sentence: rule, value, threshold, both n, adjusted p. */
final class Because {
  private final String what;
  private final String reaches;
  private final String below;
  private final String n;
  private final String tooFew;
  private final String chance;
  private final double alpha;

  private Because(
      String what,
      String reaches,
      String below,
      String n,
      String tooFew,
      String chance,
      double alpha) {
    this.what = what;
    this.reaches = reaches;
    this.below = below;
    this.n = n;
    this.tooFew = tooFew;
    this.chance = chance;
    this.alpha = alpha;
  }

  String sentence(boolean material, boolean significant, double adjusted, int familySize) {
    if (Double.isNaN(alpha)) {
      return what;
    }
    String p =
        String.format(
            Locale.ROOT,
            "adjusted p %s over %s",
            Words.p(adjusted),
            familySize == 1 ? "1 test" : Words.count(familySize) + " tests");
    String level = (significant ? "is below " : "is not below ") + Words.number(alpha);
    if (material && significant) {
      return what + " " + reaches + " and " + p + " " + level + " (" + n + ").";
    }
    if (material) {
      return what + " " + reaches + ", but " + p + " " + level + chance + " (" + n + ").";
    }
    return what + " " + below + "; " + p + " " + level + " (" + n + ").";
  }

  String tooFew() {
    return tooFew;
  }

  private static String sizes(long reference, long current) {
    return "n " + Words.count(reference) + " in the reference, " + Words.count(current) + " now";
  }

  private static String needed(String what, long reference, long current, int minimum) {
    return String.format(
        Locale.ROOT,
        "Too little data: %s %s in the reference and %s now, at least %s needed on each side.",
        Words.count(reference),
        what,
        Words.count(current),
        Words.count(Math.max(1, minimum)));
  }

  static Because drift(Comparison comparison, String metric, double value, DriftPolicy policy) {
    long n = comparison.referenceValues();
    long m = comparison.currentValues();
    String threshold = Words.number(policy.threshold());
    String test = comparison.driftTest().map(Comparison.DriftTest::name).orElse("no test");
    return new Because(
        metric + " " + Words.number(value),
        "reaches the threshold " + threshold,
        "is below the threshold " + threshold,
        "test " + test + ", " + sizes(n, m),
        needed("values", n, m, policy.minimumRows()),
        ": as large a distance comes by chance at this n",
        policy.alpha());
  }

  static Because missingness(double before, double now, long n, long m, DriftPolicy policy) {
    String threshold = Words.points(policy.missingness());
    return new Because(
        "Missing share "
            + Words.percent(now)
            + " instead of "
            + Words.percent(before)
            + ": the change, "
            + Words.points(now - before)
            + ",",
        "reaches the threshold " + threshold,
        "is below the threshold " + threshold,
        sizes(n, m),
        needed("rows", n, m, policy.minimumRows()),
        "",
        policy.alpha());
  }

  static Because novelty(Comparison comparison, DriftPolicy policy) {
    Comparison.Novelty novelty = comparison.novelty();
    long n = comparison.referenceValues();
    long m = comparison.currentValues();
    boolean category = novelty.kind() == CheckKind.NEW_CATEGORY;
    String threshold = Words.percent(category ? policy.newCategory() : policy.outOfRange());
    return new Because(
        (category
                ? "Share of categories new against the reference "
                : "Share of values outside the reference's range ")
            + Words.percent(novelty.share()),
        "reaches the threshold " + threshold,
        "is below the threshold " + threshold,
        sizes(n, m),
        needed("values", n, m, policy.minimumRows()),
        category ? ": a sample misses rare categories" : ": a sample misses the extremes",
        policy.alpha());
  }

  static Because constancy(Comparison comparison, CheckKind kind, DriftPolicy policy) {
    Comparison.Constancy constancy = comparison.constancy();
    long n = comparison.referenceValues();
    long m = comparison.currentValues();
    boolean stuck = kind == CheckKind.STUCK;
    boolean holds =
        stuck
            ? constancy.current() && !constancy.reference()
            : constancy.reference() && !constancy.current();
    String needed = needed("values", n, m, policy.minimumRows());
    if (!holds) {
      return plain(varies(constancy, stuck) + " (" + sizes(n, m) + ").", needed);
    }
    String what =
        (stuck
                ? "Only one value now, and the share of the reference that differs from it, "
                : "Only one value in the reference, and the share now that differs from it, ")
            + Words.percent(constancy.share())
            + ",";
    String threshold = Words.percent(DriftPolicy.CONSTANCY);
    return new Because(
        what,
        "reaches the threshold " + threshold,
        "is below the threshold " + threshold,
        sizes(n, m),
        needed,
        ": so few rows may be alike by chance",
        policy.alpha());
  }

  private static String varies(Comparison.Constancy constancy, boolean stuck) {
    if (constancy.current() && constancy.reference()) {
      return "Only one value in the reference and only one now";
    }
    return stuck ? "More than one value now" : "More than one value in the reference";
  }

  /** A sentence that holds whatever the p-value. */
  private static Because plain(String sentence, String tooFew) {
    return new Because(sentence, "", "", "", tooFew, "", Double.NaN);
  }

  static Because rows(Measurement.Rows rows, DriftPolicy policy) {
    double limit = policy.rowCountRatio();
    String range = Words.number(1 / limit) + " to " + Words.number(limit);
    return new Because(
        Words.number(rows.current().rows() / rows.current().hours())
            + " rows an hour against "
            + Words.number(rows.reference().rows() / rows.reference().hours())
            + " in the reference, a ratio of "
            + Words.number(rows.ratio())
            + ",",
        "is outside " + range,
        "is inside " + range,
        sizes(rows.reference().worth(), rows.current().worth()),
        "Too little data: "
            + Words.count(rows.reference().worth())
            + " rows in the reference, at least "
            + Words.count(policy.minimumRows())
            + " needed.",
        ": so few rows scatter by chance",
        policy.alpha());
  }
}
